"""What a new Checkout Session must satisfy, beyond the shape of its parameters.

The stand-in plays one thing well: a one-off payment by card on the hosted page. A parameter that Stripe knows
and the stand-in does not play is refused, never silently ignored.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from infra.local.card_provider.refusals import Json, Refused, invalid, missing

MIN_LIFE, MAX_LIFE = 30 * 60, 24 * 3600
MIN_CENTS, MAX_CENTS = 50, 99_999_999  # docs.stripe.com/currencies, for the euro
PLAYED = {
    "cancel_url", "client_reference_id", "customer_email", "expand", "expires_at", "line_items", "locale", "metadata",
    "mode", "payment_method_types", "submit_type", "success_url", "ui_mode",
    "line_items.price_data.currency", "line_items.price_data.product_data.description",
    "line_items.price_data.product_data.name", "line_items.price_data.unit_amount", "line_items.quantity",
    "payment_intent_data.description", "payment_intent_data.metadata", "payment_intent_data.receipt_email",
    "payment_intent_data.statement_descriptor_suffix", "payment_method_options.card.request_three_d_secure",
    "payment_method_options.card.restrictions.brands_blocked",
}  # fmt: skip
ONLY = {"mode": "payment", "ui_mode": "hosted_page", "payment_method_types": ["card"]}


def check(params: Json, now: int) -> None:
    """Raise Refused at the first rule broken."""
    _check_is_played(params)
    _check_line_items(params.get("line_items", []))
    _check_life(params.get("expires_at"), now)
    _check_url(params, "success_url", is_required=True)
    _check_url(params, "cancel_url", is_required=False)
    _check_suffix(params.get("payment_intent_data", {}).get("statement_descriptor_suffix", "CVEC"))


def total(items: list[Json]) -> int:
    """What the page asks for, in cents."""
    return sum(item["price_data"]["unit_amount"] * item.get("quantity", 1) for item in items)


def currency(items: list[Json]) -> str:
    """The one currency of the page."""
    found: str = items[0]["price_data"]["currency"]
    return found


def _check_is_played(params: Json) -> None:
    if "mode" not in params:
        raise invalid("Missing required param: mode.", param="mode", code="parameter_missing")
    for name, only in ONLY.items():
        if params.get(name, only) != only:
            raise _not_played(name)
    for name in leaves(params):
        # A price by its identifier is a plain mistake here: nobody can have created one.
        if name not in PLAYED and name != "line_items.price":
            raise _not_played(name)


def leaves(value: Any, name: str = "") -> Iterator[str]:
    """The dotted name of every leaf, list positions left out.

    >>> sorted(leaves({"a": [{"b": 1}, {"c": 2}], "metadata": {"free": "x"}}))
    ['a.b', 'a.c', 'metadata']
    """
    if isinstance(value, dict) and not name.endswith("metadata"):
        for step, below in value.items():
            yield from leaves(below, f"{name}.{step}" if name else step)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for item in value:
            yield from leaves(item, name)
    else:
        yield name


def _not_played(name: str) -> Refused:
    return invalid(f"The stand-in does not play this value or parameter of Stripe: {name}.", param=name)


def _check_line_items(items: list[Json]) -> None:
    if not items:
        raise invalid("Missing required param: line_items.", param="line_items", code="parameter_missing")
    for index, item in enumerate(items):
        _check_line_item(item, f"line_items[{index}]")
    if len({item["price_data"]["currency"] for item in items}) > 1:
        raise invalid("All line items must have the same currency.", param="line_items")
    if total(items) < MIN_CENTS:
        raise invalid("The total amount must be at least €0.50 eur.", code="amount_too_small")
    if total(items) > MAX_CENTS:
        raise invalid("The total amount must be no more than €999,999.99.", code="amount_too_large")


def _check_line_item(item: Json, name: str) -> None:
    if "price" in item:
        raise missing("price", item["price"], param=f"{name}[price]", status=400)
    price = item.get("price_data", {})
    for needed in ("unit_amount", "currency", "product_data"):
        if needed not in price:
            where = f"{name}[price_data][{needed}]"
            raise invalid(f"Missing required param: {where}.", param=where, code="parameter_missing")
    if price["currency"] != "eur":
        raise invalid("The stand-in only plays euros.", param=f"{name}[price_data][currency]")
    if price["unit_amount"] < 0 or item.get("quantity", 1) < 1:
        raise invalid("Invalid non-negative integer", param=name, code="parameter_invalid_integer")


def _check_life(expires_at: int | None, now: int) -> None:
    if expires_at is None:
        return
    if expires_at < now + MIN_LIFE:
        raise invalid("The `expires_at` timestamp must be at least 30 minutes in the future.", param="expires_at")
    if expires_at > now + MAX_LIFE:
        raise invalid("The `expires_at` timestamp must be less than 24 hours in the future.", param="expires_at")


def _check_url(params: Json, name: str, *, is_required: bool) -> None:
    if name not in params:
        if is_required:
            raise invalid(f"Missing required param: {name}.", param=name, code="parameter_missing")
        return
    parts = urlsplit(params[name])
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise invalid("Not a valid URL", param=name, code="url_invalid")


def _check_suffix(suffix: str) -> None:
    where = "payment_intent_data[statement_descriptor_suffix]"
    if set(suffix) & set("<>\\'\"*") or not any(letter.isalpha() for letter in suffix):
        raise invalid("The statement descriptor suffix needs a letter, and none of <>\\'\"*.", param=where)

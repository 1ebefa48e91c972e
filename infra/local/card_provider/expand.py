"""`expand[]`: identifiers in an answer replaced by the objects they name, on a copy."""

import copy
from typing import Any

from infra.local.card_provider.ids import kind_of
from infra.local.card_provider.ledger import Ledger
from infra.local.card_provider.refusals import Json, invalid

MAX_DEPTH = 4  # docs.stripe.com/api/expanding_objects
BALANCE_LINES = dict.fromkeys(("balance_transaction", "failure_balance_transaction"), "balance_transaction")
EXPANDABLE: dict[str, dict[str, str]] = {
    "checkout.session": {"line_items": "list of item", "payment_intent": "payment_intent"},
    "payment_intent": {"latest_charge": "charge"},
    "charge": {"payment_intent": "payment_intent", "refunds": "list of refund"} | BALANCE_LINES,
    "refund": {"charge": "charge", "payment_intent": "payment_intent"} | BALANCE_LINES,
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
    # A line comes from a charge or a refund; a dispute stays a name, for Stripe's schema has no room for it here.
    "balance_transaction": {"source": "source"},
}
EXPANDABLE["source"] = EXPANDABLE["charge"] | EXPANDABLE["refund"]


def check(kind: str, paths: list[str]) -> None:
    """Raise Refused, before anything takes effect, for a path that an answer of that kind does not have.

    >>> check("list of refund", ["data.charge.payment_intent"])
    """
    for path in paths:
        steps = path.split(".")
        if len(steps) > MAX_DEPTH + (steps[0] == "data"):
            raise invalid(f"You cannot expand more than {MAX_DEPTH} levels of a property: {path}", param="expand")
        below = kind
        for step in steps:
            if step not in _fields(below):
                raise invalid(f"This property cannot be expanded ({path}).", param="expand")
            below = _fields(below)[step]


def expanded(ledger: Ledger, answer: Json, paths: list[str]) -> Json:
    """A copy of the answer, with every path that `check` let pass expanded."""
    result = copy.deepcopy(answer)
    for path in paths:
        _expand(ledger, result, path.split("."))
    return result


def _fields(kind: str) -> dict[str, str]:
    if kind.startswith("list of "):
        return {"data": kind.removeprefix("list of ")}
    return EXPANDABLE.get(kind, {})


def _expand(ledger: Ledger, thing: Json, steps: list[str]) -> None:
    name, *rest = steps
    thing[name] = _opened(ledger, thing, name)
    if rest:
        below = thing[name] if isinstance(thing[name], list) else [thing[name]]
        for inner in below:
            if isinstance(inner, dict):
                _expand(ledger, inner, rest)


def _opened(ledger: Ledger, thing: Json, name: str) -> Any:
    value = thing.get(name)
    if name == "line_items" and value is None:
        return _list(ledger.note(thing["id"])["line_items"], f"/v1/checkout/sessions/{thing['id']}/line_items")
    if name == "refunds" and value is None:
        mine = [refund for refund in ledger.all("refund") if refund["charge"] == thing["id"]]
        return _list(mine, f"/v1/charges/{thing['id']}/refunds")
    return _named(ledger, value) or value if isinstance(value, str) else value


def _named(ledger: Ledger, identifier: str) -> Json | None:
    kind = kind_of(identifier)
    found = ledger.find(kind, identifier) if kind and kind != "dispute" else None
    return copy.deepcopy(found)


def _list(things: list[Json], url: str) -> Json:
    return {"object": "list", "data": copy.deepcopy(things), "has_more": False, "url": url}

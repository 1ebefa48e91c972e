"""Checkout Sessions: one payment page, open from 30 minutes to 24 hours, paid at most once."""

from urllib.parse import urlsplit

from infra.local.card_provider import intents, session_rules
from infra.local.card_provider.events import happened
from infra.local.card_provider.ids import new_id
from infra.local.card_provider.ledger import Ledger
from infra.local.card_provider.refusals import Json, invalid

DEFAULT_LIFE = 24 * 3600
UNUSED = (
    "after_expiration", "allow_promotion_codes", "billing_address_collection", "client_secret",
    "collected_information", "consent", "consent_collection", "currency_conversion", "customer",
    "customer_account", "customer_details", "invoice", "invoice_creation", "origin_context",
    "payment_intent", "payment_link", "payment_method_configuration_details", "permissions",
    "recovered_from", "saved_payment_method_options", "setup_intent", "shipping_address_collection",
    "shipping_cost", "subscription",
)  # fmt: skip


def create(ledger: Ledger, params: Json, _id: str = "") -> Json:
    """`POST /v1/checkout/sessions`: open a payment page."""
    session_rules.check(params, ledger.clock.now())
    session = _shape(params, new_id("cs_test", 58), ledger.clock.now())
    session["url"] = page_url(ledger, session["id"])
    note = ledger.note(session["id"])
    note["intent"] = params.get("payment_intent_data", {})
    note["line_items"] = _line_items(params["line_items"], ledger.clock.now())
    ledger.state.due[session["id"]] = session["expires_at"]
    return ledger.put(session)


def expire(ledger: Ledger, _params: Json, identifier: str) -> Json:
    """`POST …/expire`: close the page; raises Refused if it is paid or already closed."""
    session = ledger.get("checkout.session", identifier)
    if session["status"] != "open":
        text = f"This Checkout Session has a status of `{session['status']}`."
        raise invalid(f'Only Checkout Sessions with a status in ["open"] can be expired. {text}')
    return close(ledger, session)


def cancel_intent(ledger: Ledger, params: Json, identifier: str) -> Json:
    """`POST /v1/payment_intents/{intent}/cancel`: the page of that intent closes with it.

    Raises Refused once the intent has succeeded or is canceled.
    """
    intent = ledger.get("payment_intent", identifier)
    if intent["status"] in {"succeeded", "canceled"}:
        text = f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}."
        raise invalid(text, code="payment_intent_unexpected_state")
    session = ledger.get("checkout.session", ledger.note(identifier)["session"])
    close(ledger, session, reason=params.get("cancellation_reason"))
    return intent


def close(ledger: Ledger, session: Json, *, reason: str | None = "expired") -> Json:
    """Expire an open Session, by command or by the clock, and the card attempt under way with it."""
    session |= {"status": "expired", "url": None}
    ledger.state.due.pop(session["id"], None)
    ledger.put(session)
    if session["payment_intent"]:
        intents.cancel(ledger, ledger.get("payment_intent", session["payment_intent"]), reason=reason)
    happened(ledger, "checkout.session.expired", session)
    return session


def complete(ledger: Ledger, session: Json, payer: Json) -> None:
    """The card was charged: the Session is done, and its page takes no more money."""
    details = {"address": None, "phone": None, "tax_exempt": "none", "tax_ids": [], **payer}
    session |= {"status": "complete", "payment_status": "paid", "url": None, "customer_details": details}
    ledger.state.due.pop(session["id"], None)
    ledger.put(session)
    happened(ledger, "checkout.session.completed", session)


def page_url(ledger: Ledger, identifier: str) -> str:
    """Where the payer types a card."""
    return f"{ledger.base_url}/c/pay/{identifier}"


def rehouse(ledger: Ledger) -> None:
    """After a restart on another port, the pages still open are at the new address."""
    for session in ledger.all("checkout.session"):
        if session["status"] == "open":
            ledger.put(session | {"url": page_url(ledger, session["id"])})


def success_url(session: Json) -> str:
    """Where the payer goes once the card is charged, with the Session named as Stripe does."""
    url: str = session["success_url"]
    return url.replace("{CHECKOUT_SESSION_ID}", session["id"])


def return_origin(session: Json) -> str:
    """Scheme and host of the success URL: a form of the page ends there, so its policy must allow it."""
    parts = urlsplit(session["success_url"])
    return f"{parts.scheme}://{parts.netloc}"


def _shape(params: Json, identifier: str, now: int) -> Json:
    total = session_rules.total(params["line_items"])
    return dict.fromkeys(UNUSED) | {
        "id": identifier,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "created": now,
        "currency": session_rules.currency(params["line_items"]),
        "custom_fields": [],
        "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
        "customer_creation": "if_required",
        "customer_email": params.get("customer_email"),
        "discounts": [],
        "expires_at": params.get("expires_at", now + DEFAULT_LIFE),
        "livemode": False,
        "locale": params.get("locale"),
        "metadata": params.get("metadata", {}),
        "mode": "payment",
        "payment_method_collection": "if_required",
        "payment_method_options": {"card": _card_options(params)},
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": "open",
        "submit_type": params.get("submit_type"),
        "success_url": params["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "wallet_options": None,
    }


def _card_options(params: Json) -> Json:
    card: Json = params.get("payment_method_options", {}).get("card", {})
    return {"request_three_d_secure": "automatic"} | card


def _line_items(items: list[Json], now: int) -> list[Json]:
    return [_line_item(item["price_data"], item.get("quantity", 1), now) for item in items]


def _line_item(price: Json, quantity: int, now: int) -> Json:
    total = price["unit_amount"] * quantity
    return {
        "id": new_id("li_1"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": price["currency"],
        "description": price["product_data"]["name"],
        "metadata": {},
        "price": _price(price, now),
        "quantity": quantity,
    }


def _price(price: Json, now: int) -> Json:
    return {
        "id": new_id("price_1"),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": now,
        "currency": price["currency"],
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": new_id("prod", 14),
        "recurring": None,
        "tax_behavior": "unspecified",
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "one_time",
        "unit_amount": price["unit_amount"],
        "unit_amount_decimal": str(price["unit_amount"]),
    }

"""PaymentIntents: made when a first card is tried on a page, then moved by each try until one succeeds."""

from infra.local.card_provider.events import happened
from infra.local.card_provider.ids import new_id
from infra.local.card_provider.ledger import Ledger
from infra.local.card_provider.refusals import Json

UNUSED = (
    "application", "application_fee_amount", "automatic_payment_methods", "canceled_at", "cancellation_reason",
    "customer", "customer_account", "description", "last_payment_error", "latest_charge", "next_action",
    "on_behalf_of", "payment_method", "payment_method_configuration_details", "processing", "receipt_email", "review",
    "setup_future_usage", "shipping", "statement_descriptor", "statement_descriptor_suffix", "transfer_data",
    "transfer_group",
)  # fmt: skip


def of_session(ledger: Ledger, session: Json) -> Json:
    """The Session's PaymentIntent, made now if this is the first card."""
    if session["payment_intent"]:
        return ledger.get("payment_intent", session["payment_intent"])
    intent = ledger.put(_shape(session, ledger.note(session["id"])["intent"], ledger.clock.now()))
    ledger.note(intent["id"])["session"] = session["id"]
    session["payment_intent"] = intent["id"]
    ledger.put(session)
    happened(ledger, "payment_intent.created", intent)
    return intent


def challenge(ledger: Ledger, intent: Json) -> None:
    """The bank wants to see the payer: the intent waits for the 3-D Secure page."""
    step = {"type": "three_d_secure_redirect", "source": new_id("src_1")}
    intent |= {"status": "requires_action", "last_payment_error": None}
    intent["next_action"] = {"type": "use_stripe_sdk", "use_stripe_sdk": step}
    ledger.put(intent)
    happened(ledger, "payment_intent.requires_action", intent)


def fail(ledger: Ledger, intent: Json, error: Json) -> None:
    """The try failed; another card may be tried on the same intent."""
    intent |= {"status": "requires_payment_method", "next_action": None, "payment_method": None}
    intent["last_payment_error"] = error
    ledger.put(intent)
    happened(ledger, "payment_intent.payment_failed", intent)


def succeed(ledger: Ledger, intent: Json, charge: Json) -> None:
    """The charge was captured: nothing more can be taken on this intent."""
    intent |= {"status": "succeeded", "next_action": None, "last_payment_error": None}
    intent |= {"amount_received": charge["amount_captured"], "latest_charge": charge["id"]}
    intent["payment_method"] = charge["payment_method"]
    ledger.put(intent)
    happened(ledger, "payment_intent.succeeded", intent)


def cancel(ledger: Ledger, intent: Json, *, reason: str | None) -> None:
    """Close an intent that took no money."""
    intent |= {"status": "canceled", "next_action": None, "canceled_at": ledger.clock.now()}
    intent["cancellation_reason"] = reason
    ledger.put(intent)
    happened(ledger, "payment_intent.canceled", intent)


def _shape(session: Json, wanted: Json, now: int) -> Json:
    identifier = new_id("pi_3")
    amount = session["amount_total"]
    shown = ("description", "receipt_email", "statement_descriptor_suffix")
    return dict.fromkeys(UNUSED) | {
        "id": identifier,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "capture_method": "automatic_async",
        "client_secret": new_id(f"{identifier}_secret"),
        "confirmation_method": "automatic",
        "created": now,
        "currency": session["currency"],
        "livemode": False,
        "metadata": wanted.get("metadata", {}),
        "payment_method_options": {"card": _card_options(session)},
        "payment_method_types": ["card"],
        "status": "requires_payment_method",
        **{name: wanted.get(name) for name in shown},
    }


def _card_options(session: Json) -> Json:
    asked = session["payment_method_options"]["card"]["request_three_d_secure"]
    return {"installments": None, "mandate_options": None, "network": None, "request_three_d_secure": asked}

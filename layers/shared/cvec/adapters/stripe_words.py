"""Between our words and Stripe's: what a page is asked for with, and what its truth says."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cvec.domain.academic_year import year_label
from cvec.domain.ledger import Movement, ProviderMovement
from cvec.domain.payments import CURRENCY, DisputeStatus, PageStatus, Payment, Snapshot
from cvec.ports import Pointer

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams

_PRODUCT = {
    "fr": "Contribution vie étudiante et de campus {year}",
    "en": "Student and campus life contribution {year}",
}
EVENT_TYPES = (
    "checkout.session.completed",
    "checkout.session.expired",
    "payment_intent.payment_failed",
    "charge.refunded",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
)
"""What we want to hear of; an administrator subscribes the notifications to the same (infra/deploy/README.md)."""

_DISPUTES = {"won": DisputeStatus.WON, "lost": DisputeStatus.LOST}
_MOVEMENTS = {
    "charge": Movement.CAPTURE,
    "payment": Movement.CAPTURE,
    "refund": Movement.REFUND,
    "refund_failure": Movement.REFUND,
    "adjustment": Movement.DISPUTE,
}
_BRANDS_REFUSED = ["american_express", "discover_global_network"]
"""Leaves Visa, Mastercard and CB, as the guide says."""


def page_parameters(payment: Payment, *, site_url: str) -> "SessionCreateParams":
    """Everything the page is asked for with: a function of the stored attempt, so that asking again is identical."""
    language = payment.language if payment.language in _PRODUCT else "fr"
    back = f"{site_url}/{language}/payments/{payment.id}"
    ours = {"payment": payment.id}
    return {
        "mode": "payment",
        "payment_method_types": ["card"],
        "locale": "en" if language == "en" else "fr",
        "submit_type": "pay",
        "client_reference_id": payment.id,
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": CURRENCY,
                    "unit_amount": payment.amount_cents,
                    "product_data": {"name": _PRODUCT[language].format(year=year_label(payment.year))},
                },
            }
        ],
        "payment_method_options": {
            "card": {"request_three_d_secure": "any", "restrictions": {"brands_blocked": _BRANDS_REFUSED}}  # type: ignore[typeddict-unknown-key]
        },
        "payment_intent_data": {"metadata": ours, "statement_descriptor_suffix": "CVEC"},
        "metadata": ours,
        "success_url": back,
        "cancel_url": back,
        "expires_at": int(payment.page_expires_at.timestamp()),
    }


def is_disputed(session: Mapping[str, Any]) -> bool:
    """Whether the holder of the card has disputed the payment of a page."""
    charge = (session.get("payment_intent") or {}).get("latest_charge") or {}
    return bool(charge.get("disputed"))


def snapshot_from(session: Mapping[str, Any], disputes: Sequence[Mapping[str, Any]] = ()) -> Snapshot:
    """The truth about a page, from a Checkout Session with its payment and latest charge expanded."""
    intent = session.get("payment_intent") or {}
    charge = intent.get("latest_charge") or {}
    card = (charge.get("payment_method_details") or {}).get("card") or {}
    status = _status(session)
    captured = intent.get("amount_received") if status is PageStatus.PAID else session.get("amount_total")
    return Snapshot(
        ref=session["id"],
        payment_id=(session.get("metadata") or {}).get("payment", ""),
        status=status,
        amount_cents=captured or 0,
        currency=intent.get("currency") or session.get("currency") or "",
        is_live=session["livemode"],
        transaction=intent.get("id"),
        card_brand=card.get("brand"),
        card_last4=card.get("last4"),
        three_d_secure=(card.get("three_d_secure") or {}).get("result"),
        last_decline=(intent.get("last_payment_error") or {}).get("decline_code"),
        dispute=_dispute(disputes),
    )


def pointer_from(event: Mapping[str, Any]) -> Pointer:
    """What an event points at: our attempt's id, which sessions, intents and refunds carry in their metadata."""
    thing = (event.get("data") or {}).get("object") or {}
    return Pointer(
        event_id=str(event.get("id")),
        kind=str(event.get("type")),
        payment_id=(thing.get("metadata") or {}).get("payment") or None,
        transaction=_id_of(thing.get("payment_intent")),
        happened_at=datetime.fromtimestamp(event.get("created") or 0, UTC),
    )


def dispute_behind(line: Mapping[str, Any]) -> str | None:
    """The dispute that a balance transaction comes from, where only its name was told."""
    source = line.get("source")
    is_name = isinstance(source, str) and str(line.get("reporting_category", "")).startswith("dispute")
    return str(source) if is_name else None


def movement_from(line: Mapping[str, Any]) -> ProviderMovement | None:
    """One balance transaction as a movement; fees and payouts are none of ours."""
    movement = _MOVEMENTS.get(line["type"])
    source = line.get("source")
    transaction = _id_of(source.get("payment_intent")) if isinstance(source, Mapping) else None
    if movement is None or transaction is None:
        return None
    if line["type"] == "adjustment" and not str(line.get("reporting_category", "")).startswith("dispute"):
        return None
    return ProviderMovement(transaction=transaction, movement=movement, amount_cents=line["amount"])


def _id_of(thing: Any) -> str | None:
    """The id of something that may be expanded."""
    return thing.get("id") if isinstance(thing, Mapping) else thing


def _dispute(disputes: Sequence[Mapping[str, Any]]) -> DisputeStatus | None:
    """Where the latest dispute stands; a bank's mere inquiry is none."""
    latest = next((one["status"] for one in disputes if not one["status"].startswith("warning")), None)
    if latest is None:
        return None
    return _DISPUTES.get(latest, DisputeStatus.OPEN)


def _status(session: Mapping[str, Any]) -> PageStatus:
    match session.get("status"), session.get("payment_status"):
        case "complete", "paid":
            return PageStatus.PAID
        case "expired", _:
            return PageStatus.EXPIRED
        case "complete", _:
            return PageStatus.PROCESSING
        case _:
            return PageStatus.OPEN

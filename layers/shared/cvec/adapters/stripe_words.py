"""Between our words and Stripe's: what a page is asked for with, and what its truth says."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cvec.domain.academic_year import year_label
from cvec.domain.payments import CURRENCY, PageStatus, Payment, Snapshot
from cvec.ports import Pointer

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams

_PRODUCT = {
    "fr": "Contribution vie étudiante et de campus {year}",
    "en": "Student and campus life contribution {year}",
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


def snapshot_from(session: Mapping[str, Any]) -> Snapshot:
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
    )


def pointer_from(event: Mapping[str, Any]) -> Pointer:
    """What an event points at: our attempt's id, which sessions, intents and refunds carry in their metadata."""
    thing = (event.get("data") or {}).get("object") or {}
    payment_id = (thing.get("metadata") or {}).get("payment") or None
    return Pointer(event_id=str(event.get("id")), kind=str(event.get("type")), payment_id=payment_id)


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

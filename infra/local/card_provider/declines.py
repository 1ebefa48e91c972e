"""The words of a failed card: Stripe's codes, and the error a PaymentIntent then shows."""

from infra.local.card_provider.refusals import Json

MESSAGES = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "lost_card": "Your card was declined.",
    "stolen_card": "Your card was declined.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
    "test_mode_live_card": "Your card was declined. Your request was in test mode, but used a non test card.",
}
AUTHENTICATION_FAILURE = "payment_intent_authentication_failure"
OWN_CODE = {"expired_card", "incorrect_cvc", "processing_error"}
"""Declines that are error codes of their own; the others are a `card_declined`."""


def code(decline: str) -> str:
    """The error code of a decline.

    >>> code("lost_card"), code("incorrect_cvc")
    ('card_declined', 'incorrect_cvc')
    """
    return decline if decline in OWN_CODE else "card_declined"


def error(decline: str, charge: str) -> Json:
    """`last_payment_error` after the bank refused the charge."""
    found = {"type": "card_error", "charge": charge, "code": code(decline), "message": MESSAGES[decline]}
    if decline not in {"incorrect_cvc", "processing_error"}:
        found["decline_code"] = decline
    return found | {"payment_method_type": "card"}


def authentication_error() -> Json:
    """`last_payment_error` after 3-D Secure failed: nothing was charged."""
    text = "We are unable to authenticate your payment method. Please choose a different payment method."
    return {"type": "card_error", "code": AUTHENTICATION_FAILURE, "message": text, "payment_method_type": "card"}

"""Charges: the trace of one card asked for money, taken or refused."""

from infra.local.card_provider import declines
from infra.local.card_provider.cards import TestCard
from infra.local.card_provider.ids import new_id
from infra.local.card_provider.refusals import Json

PREFIX = "CVEC"  # what a Stripe account sets as the start of its statement descriptors
UNUSED = (
    "application", "application_fee", "application_fee_amount", "balance_transaction", "customer",
    "failure_balance_transaction", "failure_code", "failure_message", "on_behalf_of", "receipt_number", "receipt_url",
    "review", "shipping", "source_transfer", "statement_descriptor", "transfer_data", "transfer_group",
)  # fmt: skip
CARD_UNUSED = ("authorization_code", "installments", "mandate", "network_token", "network_transaction_id", "wallet")
INDICATOR = {"visa": ("05", "06"), "mastercard": ("02", "01"), "amex": ("05", "06"), "discover": ("05", "06")}
"""Electronic commerce indicator per brand: authenticated, and merely attempted."""


def taken(intent: Json, card: TestCard, payer: Json, three_d_secure: Json | None, now: int) -> Json:
    """A charge captured in full."""
    outcome = {"network_status": "approved_by_network", "seller_message": "Payment complete.", "type": "authorized"}
    money = {"amount_captured": intent["amount"], "captured": True, "paid": True, "status": "succeeded"}
    return _shape(intent, card, payer, three_d_secure, now) | money | {"outcome": _outcome(outcome)}


def refused(intent: Json, card: TestCard, payer: Json, three_d_secure: Json | None, now: int) -> Json:
    """A charge the bank declined; `card.decline` says why."""
    decline = card.decline or "generic_decline"
    outcome = {"network_status": "declined_by_network", "reason": decline, "type": "issuer_declined"}
    outcome["seller_message"] = "The bank did not return any further details with this decline."
    money = {"amount_captured": 0, "captured": False, "paid": False, "status": "failed"}
    failure = {"failure_code": declines.code(decline), "failure_message": declines.MESSAGES[decline]}
    shape = _shape(intent, card, payer, three_d_secure, now)
    return shape | money | failure | {"outcome": _outcome(outcome)}


def three_d_secure(brand: str, *, flow: str | None, result: str) -> Json:
    """`payment_method_details.card.three_d_secure`: what the application reads the liability shift from."""
    authenticated, attempted = INDICATOR[brand]
    return {
        "authentication_flow": flow,
        "electronic_commerce_indicator": authenticated if result == "authenticated" else attempted,
        "exemption_indicator": None,
        "result": result,
        "result_reason": None,
        "transaction_id": new_id("threeds", 20),
        "version": "2.2.0",
    }


def _outcome(found: Json) -> Json:
    blank = dict.fromkeys(("advice_code", "network_advice_code", "network_decline_code", "reason"))
    return blank | {"risk_level": "normal", "risk_score": 20} | found


def _shape(intent: Json, card: TestCard, payer: Json, secured: Json | None, now: int) -> Json:
    suffix = intent["statement_descriptor_suffix"]
    return dict.fromkeys(UNUSED) | {
        "id": new_id("ch_3"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_refunded": 0,
        "billing_details": {
            "address": None, "email": payer["email"], "name": payer["name"], "phone": None, "tax_id": None,
        },
        "calculated_statement_descriptor": (f"{PREFIX}* {suffix}" if suffix else PREFIX)[:22],
        "created": now,
        "currency": intent["currency"],
        "description": intent["description"],
        "disputed": False,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "payment_intent": intent["id"],
        "payment_method": new_id("pm_1"),
        "payment_method_details": {"type": "card", "card": _card(card, payer, intent["amount"], secured)},
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "refunded": False,
        "statement_descriptor_suffix": suffix,
    }  # fmt: skip


def _card(card: TestCard, payer: Json, amount: int, secured: Json | None) -> Json:
    checks: Json = {"address_line1_check": None, "address_postal_code_check": None}
    checks["cvc_check"] = "fail" if card.decline == "incorrect_cvc" else "pass"
    return dict.fromkeys(CARD_UNUSED) | {
        "amount_authorized": None if card.decline else amount,
        "brand": card.brand,
        "checks": checks,
        "country": card.country,
        "exp_month": payer["exp_month"],
        "exp_year": payer["exp_year"],
        "funding": "credit",
        "last4": card.number[-4:],
        "network": card.network or card.brand,
        "regulated_status": "unregulated",
        "three_d_secure": secured,
    }

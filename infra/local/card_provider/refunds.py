"""Refunds: back to the card that paid, never more than it paid, never while a dispute is open."""

from infra.local.card_provider import balance
from infra.local.card_provider.events import happened
from infra.local.card_provider.ids import new_id
from infra.local.card_provider.ledger import Ledger
from infra.local.card_provider.refusals import Json, invalid

SETTLES_AFTER = 60
"""Seconds of the provider's clock before a slow or failing test refund ends by itself."""
PLAYED = {"amount", "charge", "currency", "expand", "metadata", "payment_intent", "reason"}


def create(ledger: Ledger, params: Json, _id: str = "") -> Json:
    """`POST /v1/refunds`: all of what is left, or `amount` cents of it. Raises Refused."""
    charge = _charge_of(ledger, params)
    amount = _amount(charge, params.get("amount"))
    fate = ledger.note(charge["id"]).get("refund", "succeeded")
    refund = _shape(charge, params, amount, ledger.clock.now(), is_pending=fate == "pending")
    refund["balance_transaction"] = balance.refund(ledger, refund)["id"]
    ledger.put(refund)
    if fate != "succeeded":
        ledger.note(refund["id"])["ends"] = "succeeded" if fate == "pending" else "failed"
        ledger.state.due[refund["id"]] = ledger.clock.now() + SETTLES_AFTER
    _count(ledger, charge, amount)
    happened(ledger, "refund.created", refund)
    happened(ledger, "charge.refunded", charge)
    return refund


def settle(ledger: Ledger, refund: Json, *, has_failed: bool | None = None) -> Json:
    """A refund ends: as its card says, or as asked. Raises Refused if it is not one that can still end."""
    if ledger.state.due.pop(refund["id"], None) is None:
        raise invalid(f"Refund {refund['id']} has already ended as {refund['status']}.")
    ends_badly = ledger.note(refund["id"])["ends"] == "failed" if has_failed is None else has_failed
    previous = {"status": refund["status"]}
    refund.pop("pending_reason", None)
    refund["status"] = "failed" if ends_badly else "succeeded"
    if ends_badly:
        _give_back(ledger, refund)
    ledger.put(refund)
    for event_type in _news(previous["status"], refund["status"]):
        happened(ledger, event_type, refund, previous if event_type != "refund.failed" else None)
    return refund


def _news(before: str, after: str) -> tuple[str, ...]:
    if after == "failed":
        return "refund.updated", "charge.refund.updated", "refund.failed"
    return ("refund.updated", "charge.refund.updated") if before != after else ()


def _give_back(ledger: Ledger, refund: Json) -> None:
    refund["failure_reason"] = "expired_or_canceled_card"
    refund["failure_balance_transaction"] = balance.refund_failure(ledger, refund)["id"]
    _count(ledger, ledger.get("charge", refund["charge"]), -refund["amount"])


def _count(ledger: Ledger, charge: Json, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    ledger.put(charge)


def _charge_of(ledger: Ledger, params: Json) -> Json:
    for name in params.keys() - PLAYED:
        raise invalid(f"The stand-in does not play this parameter of Stripe: {name}.", param=name)
    if ("charge" in params) == ("payment_intent" in params):
        raise invalid("One of the following params should be provided: payment_intent or charge.")
    if "charge" in params:
        charge = ledger.get("charge", params["charge"], param="charge")
    else:
        intent = ledger.get("payment_intent", params["payment_intent"], param="payment_intent")
        if intent["status"] != "succeeded":
            raise invalid(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
        charge = ledger.get("charge", intent["latest_charge"])
    _check_is_refundable(ledger, charge)
    return charge


def _check_is_refundable(ledger: Ledger, charge: Json) -> None:
    name = f"Charge {charge['id']}"
    if charge["status"] != "succeeded":
        raise invalid(f"{name} has failed and cannot be refunded.")
    disputes = [one for one in ledger.all("dispute") if one["charge"] == charge["id"]]
    if any(one["status"] != "won" for one in disputes):
        raise invalid(f"{name} has been charged back; cannot issue a refund.", code="charge_disputed")
    if charge["refunded"]:
        raise invalid(f"{name} has already been refunded.", code="charge_already_refunded")


def _amount(charge: Json, asked: int | None) -> int:
    left: int = charge["amount_captured"] - charge["amount_refunded"]
    if asked is None:
        return left
    if asked < 1:
        raise invalid("Invalid positive integer", param="amount", code="parameter_invalid_integer")
    if asked > left:
        text = f"Refund amount (€{asked / 100:.2f}) is greater than unrefunded amount on charge (€{left / 100:.2f})"
        raise invalid(text, param="amount")
    return asked


def _shape(charge: Json, params: Json, amount: int, now: int, *, is_pending: bool) -> Json:
    card = {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"}
    return {
        "id": new_id("re_3"),
        "object": "refund",
        "amount": amount,
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "destination_details": {"card": card, "type": "card"},
        "metadata": params.get("metadata", {}),
        "payment_intent": charge["payment_intent"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "pending" if is_pending else "succeeded",
        "transfer_reversal": None,
        **({"pending_reason": "processing"} if is_pending else {}),
    }

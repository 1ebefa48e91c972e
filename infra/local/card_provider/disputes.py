"""Disputes: the payer's bank takes the money back at once; evidence, or giving up, decides who keeps it.

As in Stripe's test mode, the text `winning_evidence` wins and `losing_evidence` loses, without waiting for a bank.
"""

from typing import Literal

from infra.local.card_provider import balance
from infra.local.card_provider.events import happened
from infra.local.card_provider.ids import new_id
from infra.local.card_provider.ledger import Ledger
from infra.local.card_provider.parameters import subset
from infra.local.card_provider.refusals import Json, invalid

EVIDENCE_WITHIN = 9 * 24 * 3600
REASON_CODES = {"visa": "10.4", "mastercard": "4837"}
VERDICTS: dict[str, Literal["won", "lost"]] = {"winning_evidence": "won", "losing_evidence": "lost"}
ENDED = {"won", "lost"}


def open_on(ledger: Ledger, charge: Json, *, reason: str) -> Json:
    """The payer contests a charge. Raises Refused if it holds no money, or is contested already."""
    held = charge["amount_captured"] - charge["amount_refunded"]
    if held <= 0 or charge["disputed"]:
        raise invalid(f"Charge {charge['id']} holds no money that could be disputed.")
    dispute = _shape(charge, held, reason, ledger.clock.now())
    dispute["balance_transactions"].append(balance.dispute(ledger, dispute))
    charge["disputed"] = True
    ledger.put(charge)
    ledger.put(dispute)
    happened(ledger, "charge.dispute.created", dispute)
    happened(ledger, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def update(ledger: Ledger, params: Json, identifier: str) -> Json:
    """`POST /v1/disputes/{dispute}`: keep the evidence, and submit it unless `submit=false`."""
    dispute = ledger.get("dispute", identifier)
    _check_is_open(dispute)
    dispute["metadata"] |= params.get("metadata", {})
    dispute["evidence"] |= params.get("evidence", {})
    dispute["evidence_details"]["has_evidence"] = any(
        dispute["evidence"][name] for name in dispute["evidence"].keys() - {"enhanced_evidence"}
    )
    if "evidence" in params and params.get("submit", True):
        return _submit(ledger, dispute)
    happened(ledger, "charge.dispute.updated", ledger.put(dispute))
    return dispute


def close(ledger: Ledger, _params: Json, identifier: str) -> Json:
    """`POST …/close`: accept the dispute; the money is lost."""
    dispute = ledger.get("dispute", identifier)
    _check_is_open(dispute)
    _end(ledger, dispute, "lost")
    return dispute


def _submit(ledger: Ledger, dispute: Json) -> Json:
    previous = {"status": dispute["status"]}
    dispute["status"] = "under_review"
    dispute["evidence_details"]["submission_count"] += 1
    happened(ledger, "charge.dispute.updated", ledger.put(dispute), previous)
    verdict = VERDICTS.get(dispute["evidence"]["uncategorized_text"] or "")
    if verdict:
        _end(ledger, dispute, verdict)
    return dispute


def _end(ledger: Ledger, dispute: Json, verdict: Literal["won", "lost"]) -> None:
    dispute["status"] = verdict
    if verdict == "won":
        dispute["balance_transactions"].append(balance.dispute_won(ledger, dispute))
        dispute["is_charge_refundable"] = True
        happened(ledger, "charge.dispute.funds_reinstated", dispute)
    happened(ledger, "charge.dispute.closed", ledger.put(dispute))


def _check_is_open(dispute: Json) -> None:
    if dispute["status"] in ENDED:
        raise invalid("This dispute is already closed")


def _shape(charge: Json, amount: int, reason: str, now: int) -> Json:
    card = charge["payment_method_details"]["card"]
    brand = card["brand"]
    detail = {"brand": brand, "case_type": "chargeback", "network_reason_code": REASON_CODES.get(brand)}
    return {
        "id": new_id("du_1"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": _blank_evidence(),
        "evidence_details": {
            "due_by": now + EVIDENCE_WITHIN,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {"card": detail | {"network": card["network"]}, "type": "card"},
        "reason": reason,
        "status": "needs_response",
    }


def _blank_evidence() -> Json:
    names = subset()["$defs"]["dispute_evidence"]["properties"]
    return dict.fromkeys(names) | {"enhanced_evidence": {}}

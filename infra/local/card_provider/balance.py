"""The merchant's balance: one line per movement of money, with the fee a French account would pay."""

from infra.local.card_provider.ids import new_id
from infra.local.card_provider.ledger import Ledger
from infra.local.card_provider.refusals import Json

DISPUTE_FEE_CENTS = 2000  # stripe.com/fr/pricing: 20,00 € for a dispute received
SETTLES_AFTER = 3 * 24 * 3600


def card_fee(amount_cents: int) -> int:
    """1.5 % + 0.25 € for a European consumer card, rounded half up (stripe.com/fr/pricing).

    >>> card_fee(10500)
    183
    """
    return (amount_cents * 15 + 500) // 1000 + 25


def charge(ledger: Ledger, taken: Json) -> Json:
    """Money in."""
    fee = card_fee(taken["amount"])
    return _line(ledger, taken, amount=taken["amount"], fee=fee, kind="charge", category="charge")


def refund(ledger: Ledger, refund: Json) -> Json:
    """Money back to the card; the fee of the charge is not returned."""
    return _line(ledger, refund, amount=-refund["amount"], fee=0, kind="refund", category="refund")


def refund_failure(ledger: Ledger, refund: Json) -> Json:
    """The bank sent a refund back: the money returns to the balance."""
    kind = "refund_failure"
    return _line(ledger, refund, amount=refund["amount"], fee=0, kind=kind, category=kind)


def dispute(ledger: Ledger, dispute: Json) -> Json:
    """The bank takes the money back, and the provider its fee."""
    amount = -dispute["amount"]
    return _line(ledger, dispute, amount=amount, fee=DISPUTE_FEE_CENTS, kind="adjustment", category="dispute")


def dispute_won(ledger: Ledger, dispute: Json) -> Json:
    """The bank gives the money back; the fee stays paid."""
    category = "dispute_reversal"
    return _line(ledger, dispute, amount=dispute["amount"], fee=0, kind="adjustment", category=category)


def _line(ledger: Ledger, source: Json, *, amount: int, fee: int, kind: str, category: str) -> Json:
    now = ledger.clock.now()
    detail = {"amount": fee, "application": None, "currency": source["currency"], "type": "stripe_fee"}
    return ledger.put(
        {
            "id": new_id("txn_3"),
            "object": "balance_transaction",
            "amount": amount,
            "available_on": now + SETTLES_AFTER,
            "balance_type": "payments",
            "created": now,
            "currency": source["currency"],
            "description": source.get("description"),
            "exchange_rate": None,
            "fee": fee,
            "fee_details": [detail | {"description": "Stripe processing fees"}] if fee else [],
            "net": amount - fee,
            "reporting_category": category,
            "source": source["id"],
            "status": "pending",
            "type": kind,
        }
    )

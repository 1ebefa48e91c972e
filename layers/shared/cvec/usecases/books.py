"""Keeping the ledger: each movement of money is written with the change it belongs to."""

from cvec.domain.ledger import LedgerLine, Movement, day_of
from cvec.domain.payments import Payment
from cvec.ports import Tools


def ledger_line(movement: Movement, payment: Payment, *, ref: str, cents: int, tools: Tools) -> LedgerLine:
    """A line to commit; `ref` is the provider's name of the movement, `cents` how it changes what we hold.

    The payment says for which Crous it came in, and so from which it goes out.
    """
    now = tools.clock.now()
    return LedgerLine(
        day=day_of(now),
        crous=payment.crous or "",
        movement=movement,
        ref=ref,
        payment_id=payment.id,
        transaction=payment.transaction or ref,
        amount_cents=cents,
        at=now,
    )

"""Money is never left alone: notifications ring a bell, and every few minutes whatever is still open is looked at."""

from collections.abc import Callable, Iterable, Mapping

from cvec.domain.accounts import Claim
from cvec.domain.errors import Refusal
from cvec.domain.model import Value
from cvec.domain.payments import Payment
from cvec.domain.refunds import Refund
from cvec.ports import Pointer, Tools
from cvec.usecases import keys
from cvec.usecases.overdue import overdue_count
from cvec.usecases.refund import submit_refund, submit_refunds
from cvec.usecases.settle import sync


class Round(Value):
    """What one round of the sweep did: rows looked at, the codes of what stopped some, and what is overdue after it."""

    looked_at: int
    stopped_by: tuple[str, ...]
    overdue: int = 0


def take_notification(headers: Mapping[str, str], body: bytes, *, tools: Tools) -> str:
    """Authenticate the provider's word, and ask for the payment it points at to be looked into.

    Nothing else is believed of it. Returns the event's kind, for the log. Raises ForgedNotification.
    """
    pointer = tools.cards.read_notification(headers, body)
    payment_id = pointed_payment(pointer, tools=tools)
    if payment_id:
        tools.doorbell.ring(payment_id)
    return pointer.kind


def pointed_payment(pointer: Pointer, *, tools: Tools) -> str | None:
    """The payment that news is about: by our id, or by the provider's name of a transaction we took."""
    if pointer.payment_id or not pointer.transaction:
        return pointer.payment_id
    claim = tools.store.find(Claim, keys.TRANSACTION, pointer.transaction)
    return claim.holder[0] if claim else None


def look_into(payment_id: str, *, tools: Tools) -> None:
    """Bring a payment and its refunds in line with the provider's truth.

    Raises UnknownPayment, CardProviderUnavailable.
    """
    sync(payment_id, tools=tools)
    submit_refunds(payment_id, tools=tools)


def reconcile(*, tools: Tools) -> Round:
    """Look at every payment and refund that is still open and old enough; one that fails does not stop the others."""
    now = tools.clock.now()
    payments = [(sync, (payment.id,)) for payment in tools.store.due(Payment, now)]
    refunds = [(submit_refund, refund.key) for refund in tools.store.due(Refund, now)]
    done = go_round((*payments, *refunds), tools=tools)
    return done.model_copy(update={"overdue": overdue_count(Payment, Refund, tools=tools)})


def go_round(acts: Iterable[tuple[Callable[..., object], tuple[str, ...]]], *, tools: Tools) -> Round:
    """Do each act with its key; count them, and collect the codes of the refusals.

    One that fails never stops the others: faults of ours are raised together, as ExceptionGroup, once all are done.
    """
    looked_at, stopped_by, faults = 0, [], []
    for act, key in acts:
        looked_at += 1
        try:
            act(*key, tools=tools)
        except Refusal as refusal:
            stopped_by.append(refusal.code)
        except Exception as fault:  # noqa: BLE001 - raised below, when everybody else has had their turn
            faults.append(fault)
    if faults:
        raise ExceptionGroup("a round met faults of ours", faults)
    return Round(looked_at=looked_at, stopped_by=tuple(stopped_by))

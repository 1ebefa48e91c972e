"""Giving money back: in full, once, to the card that paid; asked again until the provider has said yes."""

from datetime import timedelta

from cvec.domain.accounts import Person
from cvec.domain.facts import Fact
from cvec.domain.files import File
from cvec.domain.ledger import Movement
from cvec.domain.mails import Template
from cvec.domain.model import Row
from cvec.domain.payments import Payment, PaymentState
from cvec.domain.refunds import REFUND, Refund, RefundState
from cvec.ports import RefundReceipt, Tools
from cvec.usecases.again import again_if_stale
from cvec.usecases.books import ledger_line
from cvec.usecases.outbox import mail

MAX_TRIES = 5
ASK_AGAIN_AFTER = timedelta(minutes=30)
_OVER = (RefundState.MANUAL, RefundState.DROPPED)
_FACTS = {"succeeded": Fact.REFUND_SUCCEEDED, "failed": Fact.REFUND_FAILED}


def submit_refunds(payment_id: str, *, tools: Tools) -> None:
    """Carry out whatever refund of this payment is owed; one that succeeded may fail later, so it is asked too."""
    for refund in tools.store.all(Refund, payment_id):
        if refund.state not in _OVER:
            submit_refund(refund.payment_id, refund.reason, tools=tools)


@again_if_stale
def submit_refund(payment_id: str, reason: str, *, tools: Tools) -> None:
    """Ask the provider to give the money back, or what became of it. Safe to repeat: the order is one and the same.

    Raises CardProviderUnavailable, after which the sweep asks again.
    """
    refund = tools.store.find(Refund, payment_id, reason)
    if refund is None or refund.state in _OVER:
        return
    if refund.state is RefundState.FAILED:
        _try_anew(refund, tools=tools)
    else:
        _record(refund, tools.cards.refund(refund), tools=tools)


def _try_anew(refund: Refund, *, tools: Tools) -> None:
    """A refund that failed becomes a new order, or an agent's task after too many; none if the bank did it."""
    payment = tools.store.find(Payment, refund.payment_id)
    fact = Fact.REFUND_RETRIED if refund.tries < MAX_TRIES else Fact.REFUND_HANDED_OVER
    if payment and payment.state is PaymentState.LOST:
        fact = Fact.REFUND_DROPPED
    # a refund handed over stays among the work to do: that is where agents find it (cvec refunds)
    look_at = None if fact is Fact.REFUND_DROPPED else tools.clock.now()
    _commit(refund.after(fact, look_at=look_at), fact, [], tools=tools)


def _record(refund: Refund, receipt: RefundReceipt, *, tools: Tools) -> None:
    """What the provider says of the order. Pending or disputed, it stays as it is until more is said."""
    if receipt.status == "disputed":
        return
    ask_again_at = tools.clock.now() + ASK_AGAIN_AFTER
    fact = _FACTS.get(receipt.status, Fact.REFUND_SUBMITTED)
    if not REFUND.allows(refund.state, fact):
        return  # nothing new: still pending, still done, or waiting for a dispute
    tries = refund.tries + (fact is Fact.REFUND_FAILED)
    look_at = None if fact is Fact.REFUND_SUCCEEDED else ask_again_at
    moved = refund.after(fact, provider_ref=receipt.ref, look_at=look_at, tries=tries)
    _commit(moved, fact, _booked(refund, fact, receipt.ref, tools=tools), tools=tools)


def _booked(refund: Refund, fact: Fact, ref: str, *, tools: Tools) -> list[Row]:
    """The movement in the ledger: the provider takes the money when it takes the order, and brings back what fails."""
    payment = tools.store.find(Payment, refund.payment_id)
    if payment is None:
        return []
    cents = refund.amount_cents
    if refund.state is RefundState.REQUESTED and fact is not Fact.REFUND_FAILED:
        return [ledger_line(Movement.REFUND, payment, ref=ref, cents=-cents, tools=tools)]
    if refund.state is not RefundState.REQUESTED and fact is Fact.REFUND_FAILED:
        return [ledger_line(Movement.REFUND, payment, ref=f"{ref}:back", cents=cents, tools=tools)]
    return []


def _commit(refund: Refund, fact: Fact, booked: list[Row], *, tools: Tools) -> None:
    """The refund, the file's history, and a mail once the money is on its way."""
    file = tools.store.find(File, refund.person_id, refund.year)
    person = tools.store.find(Person, refund.person_id)
    rows: list[Row] = [refund, *booked]
    if file:
        about = {"payment": refund.payment_id, "reason": refund.reason.value, "cents": refund.amount_cents}
        rows += file.noted(fact, at=tools.clock.now(), actor="provider", about=about)
    if person and fact is Fact.REFUND_SUCCEEDED:
        sent = mail(Template.REFUND_SENT, to=person.email, tools=tools, year=refund.year, cents=refund.amount_cents)
        rows.append(sent)
    tools.store.commit(*rows)

"""A holder disputes a payment with their bank: the certificate waits for the outcome, which only the bank decides.

    opened ─► certificate suspended ── won ─► restored
                                    └─ lost ─► revoked, the file is open again, the student is told
A payment that settled nothing (its money was going back anyway) has no certificate to suspend.
"""

from cvec.domain.accounts import Person
from cvec.domain.certificates import CERTIFICATE, Certificate
from cvec.domain.facts import Fact
from cvec.domain.files import File, FileState
from cvec.domain.ledger import Movement
from cvec.domain.mails import Template
from cvec.domain.model import Row
from cvec.domain.payments import PAYMENT, Disposition, DisputeStatus, Payment, Snapshot
from cvec.domain.refunds import REFUND, Refund
from cvec.ports import Tools
from cvec.usecases.books import ledger_line
from cvec.usecases.outbox import mail

_FACTS = {
    DisputeStatus.OPEN: Fact.DISPUTE_OPENED,
    DisputeStatus.WON: Fact.DISPUTE_WON,
    DisputeStatus.LOST: Fact.DISPUTE_LOST,
}
_CERTIFICATE_FACTS = {
    Fact.DISPUTE_OPENED: Fact.CERTIFICATE_SUSPENDED,
    Fact.DISPUTE_WON: Fact.CERTIFICATE_RESTORED,
    Fact.DISPUTE_LOST: Fact.CERTIFICATE_REVOKED,
}
_MAILS = {
    Fact.DISPUTE_OPENED: Template.PAYMENT_DISPUTED,
    Fact.DISPUTE_WON: Template.CERTIFICATE_RESTORED,
    Fact.DISPUTE_LOST: Template.PAYMENT_LOST,
}


def follow_dispute(payment: Payment, snapshot: Snapshot, *, tools: Tools) -> Payment:
    """Take the dispute to where the provider says it is, one step at a time: each step is a fact of its own."""
    if snapshot.dispute is None:
        return payment
    for fact in (Fact.DISPUTE_OPENED, _FACTS[snapshot.dispute]):
        if PAYMENT.allows(payment.state, fact):
            payment = _step(payment, fact, cents=snapshot.amount_cents, tools=tools)
    return payment


def _step(payment: Payment, fact: Fact, *, cents: int, tools: Tools) -> Payment:
    """One fact of a dispute, with everything that follows from it, in one transaction."""
    file = tools.store.find(File, payment.person_id, payment.year)
    is_settling = file is not None and file.settled_by == payment.id and file.state is FileState.PAID
    lost = {"disposition": Disposition.LOST} if fact is Fact.DISPUTE_LOST else {}
    moved = payment.after(fact, **lost)
    rows: list[Row] = [moved, *_booked(moved, fact, cents=cents, tools=tools)]
    if file:
        rows += _noted(file, moved, fact, is_settling=is_settling, tools=tools)
    if is_settling:
        rows += _certificate(payment, fact, tools=tools) + _told(payment, fact, tools=tools)
    if fact is Fact.DISPUTE_LOST:
        rows += _dropped_refunds(payment, tools=tools)
    tools.store.commit(*rows)
    return moved


def _noted(file: File, payment: Payment, fact: Fact, *, is_settling: bool, tools: Tools) -> list[Row]:
    """The file's history; a lost payment that settled it opens it again."""
    now = tools.clock.now()
    is_reopened = fact is Fact.DISPUTE_LOST and is_settling
    name = fact if is_reopened or fact is not Fact.DISPUTE_LOST else Fact.SURPLUS_LOST
    unsettled: dict[str, None] = {"settled_by": None, "settled_at": None} if is_reopened else {}
    return [*file.noted(name, at=now, actor="provider", about={"payment": payment.id}, **unsettled)]


def _booked(payment: Payment, fact: Fact, *, cents: int, tools: Tools) -> list[Row]:
    """The bank takes the money when the dispute opens, and gives it back when it is won: as the provider's account."""
    taken = payment.transaction or ""
    moved = {Fact.DISPUTE_OPENED: (taken, -cents), Fact.DISPUTE_WON: (f"{taken}:back", cents)}
    if fact not in moved:
        return []
    ref, change = moved[fact]
    return [ledger_line(Movement.DISPUTE, payment, ref=ref, cents=change, tools=tools)]


def _certificate(payment: Payment, fact: Fact, *, tools: Tools) -> list[Row]:
    """What a dispute does to the certificate; one that was stopped before it was printed is printed when it is won."""
    certificate = tools.store.find(Certificate, payment.person_id, payment.year)
    if certificate is None:
        return []
    follows, look_at = _CERTIFICATE_FACTS[fact], None
    if fact is Fact.DISPUTE_WON and certificate.printed_edition != certificate.edition:
        follows, look_at = Fact.CERTIFICATE_ORDERED, tools.clock.now()
    is_possible = CERTIFICATE.allows(certificate.state, follows)
    return [certificate.after(follows, look_at=look_at)] if is_possible else []


def _told(payment: Payment, fact: Fact, *, tools: Tools) -> list[Row]:
    person = tools.store.find(Person, payment.person_id)
    if person is None:
        return []
    return [mail(_MAILS[fact], to=person.email, tools=tools, year=payment.year, cents=payment.amount_cents)]


def _dropped_refunds(payment: Payment, *, tools: Tools) -> list[Row]:
    """What was still to be given back has been taken by the bank: never both."""
    refunds = tools.store.all(Refund, payment.id)
    return [
        refund.after(Fact.REFUND_DROPPED, look_at=None)
        for refund in refunds
        if REFUND.allows(refund.state, Fact.REFUND_DROPPED)
    ]

"""What the provider says becomes what we say: one idempotent `sync`, for notifications, return pages and the sweep.

page paid ── file open ──────────────► applied: the file is settled and its certificate ordered
          └─ file settled, or not as ordered ► refund_due: the money goes back to its card
page expired ─────────────────────────► the attempt is closed, and no money was taken
page open ────────────────────────────► nothing, until somebody asks again
"""

from cvec.domain.academic_year import start_year
from cvec.domain.accounts import Claim
from cvec.domain.certificate_number import CertificateNumber
from cvec.domain.certificates import Certificate, CertificateState
from cvec.domain.errors import UnknownPayment
from cvec.domain.facts import Fact
from cvec.domain.files import File
from cvec.domain.mails import FIRST_SWEEP
from cvec.domain.model import Row
from cvec.domain.payments import Disposition, PageStatus, Payment, Snapshot, outcome
from cvec.domain.refunds import Refund, RefundReason, RefundState
from cvec.ports import Tools
from cvec.usecases import keys
from cvec.usecases.again import again_if_stale
from cvec.usecases.card_page import closed_attempt, opened_page
from cvec.usecases.refund import submit_refunds

NUMBER_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
"""The 23 letters of certificate numbers: no I, O or Q, which are read as 1 and 0."""


def sync(payment_id: str, *, close: bool = False, tools: Tools) -> Payment:
    """Bring the attempt in line with the provider's truth; with `close`, make sure that its page takes no more money.

    Safe to call any number of times, in any order, concurrently. Raises UnknownPayment, CardProviderUnavailable.
    """
    payment = _sync_payment(payment_id, close=close, tools=tools)
    if payment.disposition in (Disposition.SURPLUS, Disposition.REFUND_DUE):
        submit_refunds(payment.id, tools=tools)
    return payment


@again_if_stale
def _sync_payment(payment_id: str, *, close: bool, tools: Tools) -> Payment:
    payment = tools.store.find(Payment, payment_id)
    if payment is None:
        raise UnknownPayment
    if payment.succeeded_at is not None:
        return payment
    payment = opened_page(payment, tools=tools) if payment.is_open else payment
    if payment.provider_ref is None:
        return payment
    snapshot = _truth(payment, payment.provider_ref, close=close, tools=tools)
    if snapshot.status is PageStatus.PAID:
        return _take(payment, snapshot, tools=tools)
    if snapshot.status is PageStatus.EXPIRED:
        return closed_attempt(payment, tools=tools)
    return payment


def _truth(payment: Payment, ref: str, *, close: bool, tools: Tools) -> Snapshot:
    """What the provider says of the page, after closing it there if it is over here. It is asked before it is told."""
    snapshot = tools.cards.fetch(ref)
    is_over = close or payment.page_expires_at <= tools.clock.now()
    if snapshot.status is PageStatus.OPEN and is_over:
        tools.cards.close_page(ref)
        snapshot = tools.cards.fetch(ref)
    return snapshot


def _take(payment: Payment, snapshot: Snapshot, *, tools: Tools) -> Payment:
    """The money is in: in one transaction, it settles the file, or its refund is ordered."""
    file = tools.store.find(File, payment.person_id, payment.year)
    if file is None:
        raise UnknownPayment
    now = tools.clock.now()
    fact, disposition = outcome(file, payment, snapshot, is_live=tools.cards.is_live)
    taken = payment.after(
        fact,
        disposition=disposition,
        succeeded_at=now,
        look_at=None,
        provider_ref=snapshot.ref,
        transaction=snapshot.transaction,
        card_brand=snapshot.card_brand,
        card_last4=snapshot.card_last4,
        three_d_secure=snapshot.three_d_secure,
    )
    is_applied = disposition is Disposition.APPLIED
    changes = _applied(file, taken, tools=tools) if is_applied else _sent_back(file, taken, fact, snapshot, tools=tools)
    tools.store.commit(taken, *changes)
    return taken


def _applied(file: File, payment: Payment, *, tools: Tools) -> list[Row]:
    """The settled file, its history, and its certificate: the number claimed, the order to print it written."""
    now = tools.clock.now()
    number = _number_for(file, tools=tools)
    settled = file.after(Fact.PAYMENT_APPLIED, settled_by=payment.id, settled_at=now, certificate_number=str(number))
    certificate = Certificate(
        person_id=file.person_id,
        year=file.year,
        number=str(number),
        crous=_crous_of(file),
        state=CertificateState.ISSUING,
        ordered_at=now,
        look_at=now + FIRST_SWEEP,
    )
    claim = Claim(of=keys.CERTIFICATE, name=number.compact, holder=certificate.key)
    entry = settled.entry(
        Fact.PAYMENT_APPLIED, at=now, actor="provider", payment=payment.id, cents=payment.amount_cents
    )
    return [settled, entry, certificate, claim]


def _sent_back(file: File, payment: Payment, fact: Fact, snapshot: Snapshot, *, tools: Tools) -> list[Row]:
    """The refund of exactly what was captured, and its history."""
    now = tools.clock.now()
    reason = RefundReason.MISMATCH if fact is Fact.PAYMENT_MISMATCHED else RefundReason.SURPLUS
    refund = Refund(
        payment_id=payment.id,
        reason=reason,
        person_id=payment.person_id,
        year=payment.year,
        state=RefundState.REQUESTED,
        amount_cents=snapshot.amount_cents,
        transaction=snapshot.transaction or "",
        requested_at=now,
        look_at=now,
    )
    noted = file.after(fact)
    entry = noted.entry(fact, at=now, actor="provider", payment=payment.id, cents=snapshot.amount_cents)
    return [noted, entry, refund]


def _number_for(file: File, *, tools: Tools) -> CertificateNumber:
    return CertificateNumber.draw(_crous_of(file), start_year(file.year), tools.chance.letters(NUMBER_LETTERS, 6))


def _crous_of(file: File) -> str:
    """The Crous that a file which reached payment has; `pay_by_card` refuses one without."""
    if file.study_city is None:
        raise UnknownPayment
    return file.study_city.crous

"""What the provider says becomes what we say: one idempotent `sync`, for notifications, return pages and the sweep.

page paid ── file open ──────────────► applied: the file is settled and its certificate ordered
          └─ file settled, or not as ordered ► refund_due: the money goes back to its card
page expired ─────────────────────────► the attempt is closed, and no money was taken
page open ────────────────────────────► nothing, until somebody asks again
payment disputed, won, lost ──────────► see `disputes`
"""

from cvec.domain.academic_year import start_year
from cvec.domain.accounts import Claim
from cvec.domain.certificate_number import ALPHABET, LETTERS_LENGTH, CertificateNumber
from cvec.domain.certificates import CERTIFICATE, Certificate, CertificateState
from cvec.domain.errors import Stale, UnknownPayment
from cvec.domain.facts import Fact
from cvec.domain.files import File, StudyCity
from cvec.domain.ledger import Movement
from cvec.domain.mails import FIRST_SWEEP
from cvec.domain.model import Row
from cvec.domain.payment_links import LINK, PaymentLink
from cvec.domain.payments import Disposition, PageStatus, Payment, Snapshot, outcome
from cvec.domain.refunds import Refund, RefundReason, RefundState
from cvec.ports import Tools
from cvec.usecases import keys
from cvec.usecases.again import again_if_stale
from cvec.usecases.books import ledger_line
from cvec.usecases.card_page import closed_attempt, opened_page
from cvec.usecases.disputes import follow_dispute
from cvec.usecases.refund import submit_refunds


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
    payment = opened_page(payment, tools=tools) if payment.is_open else payment
    if payment.provider_ref is None:
        return payment
    snapshot = _truth(payment, payment.provider_ref, close=close, tools=tools)
    if payment.succeeded_at is not None:
        return follow_dispute(payment, snapshot, tools=tools)
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
    if file is None or file.study_city is None:
        raise UnknownPayment
    fact, disposition = outcome(file, payment, snapshot, is_live=tools.cards.is_live)
    taken = payment.after(
        fact,
        disposition=disposition,
        succeeded_at=tools.clock.now(),
        look_at=None,
        transaction=snapshot.transaction,
        crous=file.study_city.crous,
        card_brand=snapshot.card_brand,
        card_last4=snapshot.card_last4,
        three_d_secure=snapshot.three_d_secure,
    )
    is_applied = disposition is Disposition.APPLIED
    changes = (
        _applied(file, taken, file.study_city, tools=tools)
        if is_applied
        else _sent_back(file, taken, fact, snapshot, tools=tools)
    )
    tools.store.commit(taken, *changes, *_booked(taken, snapshot, tools=tools))
    return taken


def _booked(payment: Payment, snapshot: Snapshot, *, tools: Tools) -> list[Row]:
    """The movement in the ledger, and the provider's name of the transaction, by which later news finds the payment."""
    transaction = snapshot.transaction or ""
    line = ledger_line(Movement.CAPTURE, payment, ref=transaction, cents=snapshot.amount_cents, tools=tools)
    return [line, Claim(of=keys.TRANSACTION, name=transaction, holder=(payment.id,))]


def _applied(file: File, payment: Payment, city: StudyCity, *, tools: Tools) -> list[Row]:
    """The settled file, its history, its link used, and its certificate: the order to print it written."""
    now = tools.clock.now()
    certificate, claims = _ordered_certificate(file, city, tools=tools)
    settled, entry = file.noted(
        Fact.PAYMENT_APPLIED,
        at=now,
        actor="provider",
        about={"payment": payment.id, "cents": payment.amount_cents},
        settled_by=payment.id,
        settled_at=now,
        certificate_number=certificate.number,
    )
    return [settled, entry, certificate, *claims, *_used_link(file, tools=tools)]


def _ordered_certificate(file: File, city: StudyCity, *, tools: Tools) -> tuple[Certificate, list[Row]]:
    """A new certificate with its number claimed; or the one a lost payment revoked: the same number, a new edition.

    Raises Stale for a certificate that is not revoked: somebody settled the file after it was read here.
    """
    now = tools.clock.now()
    order = {"ordered_at": now, "look_at": now + FIRST_SWEEP, "crous": city.crous}
    revoked = tools.store.find(Certificate, file.person_id, file.year)
    if revoked and not CERTIFICATE.allows(revoked.state, Fact.PAYMENT_APPLIED):
        raise Stale
    if revoked:
        return revoked.after(Fact.PAYMENT_APPLIED, edition=revoked.edition + 1, **order), []
    number = _number_for(city, file, tools=tools)
    certificate = Certificate(
        person_id=file.person_id,
        year=file.year,
        number=str(number),
        state=CertificateState.ISSUING,
        **order,
    )
    return certificate, [Claim(of=keys.CERTIFICATE, name=number.compact, holder=certificate.key)]


def _number_for(city: StudyCity, file: File, *, tools: Tools) -> CertificateNumber:
    letters = tools.chance.letters(ALPHABET, LETTERS_LENGTH)
    return CertificateNumber.draw(city.crous, start_year(file.year), letters)


def _used_link(file: File, *, tools: Tools) -> list[Row]:
    """The file's link has served, if its row is still there: settlement never needs what storage may have swept."""
    link = tools.store.find(PaymentLink, file.current_link) if file.current_link else None
    return [link.after(Fact.PAYMENT_APPLIED)] if link and LINK.allows(link.state, Fact.PAYMENT_APPLIED) else []


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
    about: dict[str, str | int] = {"payment": payment.id, "cents": snapshot.amount_cents}
    return [*file.noted(fact, at=now, actor="provider", about=about), refund]

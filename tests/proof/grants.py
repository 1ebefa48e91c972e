"""A stand-in for an agent's grant of an exemption, until step 5 has its gesture.

It commits in one transaction what that gesture will: the file exempt with its history, a certificate ordered if none is
good, and the refund of what had been paid (which leaves the certificate valid). A page that is open may still be paid:
that money is a surplus, and a link that lives leads nowhere any more.
"""

from cvec.domain.accounts import Claim
from cvec.domain.certificates import Certificate, CertificateState
from cvec.domain.errors import AlreadyInOrder
from cvec.domain.facts import Fact
from cvec.domain.files import FILE, File, FileState
from cvec.domain.model import Row
from cvec.domain.payments import Payment, PaymentState
from cvec.domain.refunds import Refund, RefundReason, RefundState
from cvec.ports import Tools
from cvec.usecases import keys
from cvec.usecases.again import again_if_stale
from cvec.usecases.settle import _number_for


@again_if_stale
def grant_exemption(person_id: str, year: str, *, tools: Tools) -> None:
    """The agent grants it. Raises AlreadyInOrder where the file is exempt already."""
    file = tools.store.find(File, person_id, year)
    if file is None or not FILE.allows(file.state, Fact.EXEMPTION_GRANTED):
        raise AlreadyInOrder
    now, certificate = tools.clock.now(), tools.store.find(Certificate, person_id, year)
    ordered = _ordered(file, certificate, tools=tools)
    number = next((row.number for row in ordered if isinstance(row, Certificate)), file.certificate_number)
    granted, entry = file.noted(
        Fact.EXEMPTION_GRANTED, at=now, actor="agent", settled_at=now, certificate_number=number
    )
    tools.store.commit(granted, entry, *ordered, *_refund(file, tools=tools))


def _ordered(file: File, certificate: Certificate | None, *, tools: Tools) -> list[Row]:
    """The certificate: new, ordered again after it was revoked, or freed from a dispute that no longer concerns it."""
    now = tools.clock.now()
    assert file.study_city is not None
    if certificate is None:
        number = _number_for(file.study_city, file, tools=tools)
        ordered = Certificate(
            person_id=file.person_id,
            year=file.year,
            number=str(number),
            crous=file.study_city.crous,
            state=CertificateState.ISSUING,
            ordered_at=now,
            look_at=now,
        )
        return [ordered, Claim(of=keys.CERTIFICATE, name=number.compact, holder=ordered.key)]
    if certificate.state is CertificateState.REVOKED:
        edition = certificate.edition + 1
        return [certificate.after(Fact.EXEMPTION_GRANTED, edition=edition, ordered_at=now, look_at=now)]
    if certificate.state is CertificateState.SUSPENDED:
        is_printed = certificate.printed_edition == certificate.edition
        fact = Fact.CERTIFICATE_RESTORED if is_printed else Fact.CERTIFICATE_ORDERED
        return [certificate.after(fact, look_at=None if is_printed else now)]
    return []


def _refund(file: File, *, tools: Tools) -> list[Row]:
    payment = tools.store.find(Payment, file.settled_by) if file.settled_by else None
    if file.state is not FileState.PAID or payment is None or payment.state is PaymentState.LOST:
        return []
    refund = Refund(
        payment_id=payment.id,
        reason=RefundReason.EXEMPTION,
        person_id=file.person_id,
        year=file.year,
        state=RefundState.REQUESTED,
        amount_cents=payment.amount_cents,
        transaction=payment.transaction or "",
        requested_at=tools.clock.now(),
        look_at=tools.clock.now(),
    )
    return [refund]

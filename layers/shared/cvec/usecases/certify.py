"""Step 4: the certificate is printed as ordered, given to its holder, and vouched for to whoever asks."""

import hashlib
import hmac
from datetime import timedelta

from cvec.domain.academic_year import AcademicYear, year_label
from cvec.domain.accounts import Claim, Person
from cvec.domain.certificate_content import CertificateContent
from cvec.domain.certificate_number import CertificateNumber, InvalidCertificateNumber, surname_key
from cvec.domain.certificates import Certificate, CertificateState
from cvec.domain.crous import get_crous
from cvec.domain.errors import MistypedNumber, NoCertificateYet
from cvec.domain.facts import Fact
from cvec.domain.files import File
from cvec.domain.identity import Civility
from cvec.domain.mails import Template
from cvec.domain.payments import Payer, Payment
from cvec.ports import Tools
from cvec.usecases import keys
from cvec.usecases.again import again_if_stale
from cvec.usecases.answers import CertificateView, CheckAnswer, Validity
from cvec.usecases.outbox import mail
from cvec.usecases.overdue import overdue_count
from cvec.usecases.watch import Round, go_round

LINK_SECONDS = 60
_CIVILITIES = {Civility.MR: "Monsieur", Civility.MRS: "Madame"}


@again_if_stale
def issue(person_id: str, year: AcademicYear, *, tools: Tools) -> None:
    """Print what was ordered, keep it, and tell the student. Doing it again does nothing.

    Everything printed was fixed with the order, so a second printing gives the same bytes under the same name.
    """
    certificate = tools.store.find(Certificate, person_id, year)
    if certificate is None or certificate.state is not CertificateState.ISSUING:
        return
    person, file = tools.store.find(Person, person_id), tools.store.find(File, person_id, year)
    if person is None or file is None:
        raise NoCertificateYet
    document = tools.printer.print(_content(certificate, person, tools=tools))
    name = f"{person_id}/{year}/{certificate.edition}-{person.version}.pdf"
    tools.shelf.keep(name, document)
    issued = certificate.after(
        Fact.CERTIFICATE_ISSUED,
        issued_at=certificate.ordered_at,
        printed_edition=certificate.edition,
        look_at=None,
        is_correction=False,
        surname_key=surname_key(person.identity.birth_name),
        document=name,
        digest=hashlib.sha256(document).hexdigest(),
    )
    noted, entry = file.noted(
        Fact.CERTIFICATE_ISSUED, at=tools.clock.now(), actor="service", about={"edition": issued.edition}
    )
    told = mail(
        _news(certificate, file, tools=tools),
        to=person.email,
        tools=tools,
        year=year,
        cents=file.amount_cents or 0,
        payment=file.settled_by or "",
    )
    tools.store.commit(issued, noted, entry, told)


def issue_late_ones(*, tools: Tools) -> Round:
    """Print the certificates whose order the stream has not brought."""
    late = tools.store.due(Certificate, tools.clock.now())
    done = go_round([(issue, certificate.key) for certificate in late], tools=tools)
    return done.model_copy(update={"overdue": overdue_count(Certificate, tools=tools)})


def my_certificate(person_id: str, year: AcademicYear, *, tools: Tools) -> CertificateView:
    """The holder's certificate with an address that serves for one minute. Raises NoCertificateYet."""
    certificate = tools.store.find(Certificate, person_id, year)
    if certificate is None or certificate.state is not CertificateState.ACTIVE:
        raise NoCertificateYet
    filename = f"attestation-cvec-{year}-{CertificateNumber.parse(certificate.number).compact}.pdf"
    expires_at = tools.clock.now() + timedelta(seconds=LINK_SECONDS)
    return CertificateView(
        number=certificate.number,
        year=year,
        crous=get_crous(certificate.crous).name,
        issued_at=certificate.issued_at or certificate.ordered_at,
        download_url=tools.shelf.link(certificate.document or "", filename=filename, seconds=LINK_SECONDS),
        download_expires_at=expires_at,
    )


def check_certificate(number: str, surname: str, *, tools: Tools) -> CheckAnswer:
    """Whether the number is good for whoever bears this surname (its first five letters are enough).

    An unknown number and a wrong surname give one answer after the same work. Raises MistypedNumber.
    """
    asked = _parsed(number)
    claim = tools.store.find(Claim, keys.CERTIFICATE, asked.compact)
    certificate = tools.store.find(Certificate, *(claim.holder if claim else ("nobody", "2000-2001")))
    known_key = (certificate.surname_key if certificate else None) or "?"
    is_same = hmac.compare_digest(surname_key(surname).encode(), known_key.encode())
    is_valid = is_same and certificate is not None and _is_good(certificate)
    return CheckAnswer(
        number=str(asked),
        validity=Validity.VALID if is_valid else Validity.NOT_VALID,
        academic_year=certificate.year if is_valid and certificate else None,
    )


def printed_number(number: str) -> str:
    """The number as it is printed, from however it was typed. Raises MistypedNumber."""
    return str(_parsed(number))


def _parsed(number: str) -> CertificateNumber:
    try:
        return CertificateNumber.parse(number)
    except InvalidCertificateNumber:
        raise MistypedNumber from None


def _news(certificate: Certificate, file: File, *, tools: Tools) -> Template:
    """What its holder is told: a certificate corrected, paid by somebody else, or paid."""
    if certificate.is_correction and certificate.issued_at:
        return Template.CERTIFICATE_CORRECTED
    return Template.THIRD_PARTY_PAID if _is_third_party(file, tools=tools) else Template.PAYMENT_RECEIVED


def _is_third_party(file: File, *, tools: Tools) -> bool:
    payment = tools.store.find(Payment, file.settled_by) if file.settled_by else None
    return payment is not None and payment.payer is Payer.THIRD_PARTY


def _is_good(certificate: Certificate) -> bool:
    """Active, or being printed again after a correction, which changes nothing to its being good."""
    is_reprinting = certificate.state is CertificateState.ISSUING and certificate.issued_at is not None
    return certificate.state is CertificateState.ACTIVE or is_reprinting


def _content(certificate: Certificate, person: Person, *, tools: Tools) -> CertificateContent:
    identity, number = person.identity, CertificateNumber.parse(certificate.number)
    return CertificateContent(
        number=number,
        academic_year_label=year_label(certificate.year),
        civility=_CIVILITIES[identity.civility],
        birth_name=identity.birth_name,
        usage_name=identity.usage_name,
        first_names=identity.first_names,
        birth_date=identity.birth_date,
        ine=person.ine,
        crous_name=get_crous(certificate.crous).name,
        issued_at=certificate.ordered_at,
        check_url=f"{tools.house.site_url}/fr/certificates/{number.compact}",
        service_name=tools.house.service_name,
        version=certificate.edition,
    )

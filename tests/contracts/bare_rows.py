"""One row of every kind with only what it must have."""

from datetime import date

from cvec.domain.accounts import Account, AccountState, Claim, Person
from cvec.domain.campaigns import CampaignEdition
from cvec.domain.certificates import Certificate, CertificateState
from cvec.domain.codes import CodePurpose, VerificationCode
from cvec.domain.contact import Contact
from cvec.domain.corrections import Correction
from cvec.domain.cursors import Cursor
from cvec.domain.devices import KnownDevice
from cvec.domain.documents import Document, DocumentType, Purpose
from cvec.domain.facts import Fact
from cvec.domain.files import File, FileState
from cvec.domain.history import Entry
from cvec.domain.idempotency import Answered
from cvec.domain.identity import Civility, Identity, MaritalStatus
from cvec.domain.institution import Institution, InstitutionStatus
from cvec.domain.ledger import LedgerLine, Movement
from cvec.domain.limits import Quota
from cvec.domain.mails import Mail, Template
from cvec.domain.model import Row
from cvec.domain.payment_links import PaymentLink
from cvec.domain.payments import Payer, Payment, PaymentState
from cvec.domain.refunds import Refund, RefundReason, RefundState
from cvec.domain.registration import Draft
from cvec.domain.resumption import DraftMailbox
from cvec.domain.sessions import Holder, LinkPurpose, OneUseLink, Session

from tests.contracts.row_parts import CAMPAIGN, DIGEST, NOON, OTHER, PERSON, YEAR

SHORT = Identity(
    marital_status=MaritalStatus.SINGLE,
    civility=Civility.MR,
    birth_name="Ô",
    birth_date=date(2004, 2, 29),
    first_name="Li",
    birth_country="CN",
    birth_place="Ürümqi",
    nationality="CN",
)
NO_PHONE = Contact(has_no_mobile=True, address_line1="1 Main Street", city="Cork", country="IE")
NOT_YET = Institution(status=InstitutionStatus.NOT_REGISTERED)

BARE: tuple[Row, ...] = (
    Person(
        id=PERSON,
        email="l@example.org",
        language="fr",
        ine="223120671JH",
        identity=SHORT,
        institution=NOT_YET,
        contact=NO_PHONE,
        registered_at=NOON,
    ),
    Account(person_id=PERSON, state=AccountState.PENDING_PASSWORD),
    Correction(person_id=PERSON, asked_at=NOON),
    Claim(of="ine", name=DIGEST[:40]),
    File(person_id=PERSON, year=YEAR, state=FileState.OPEN, opened_at=NOON),
    Certificate(
        person_id=PERSON,
        year=YEAR,
        number="AIX6 DTGBLX 79",
        crous="AIX",
        state=CertificateState.ISSUING,
        ordered_at=NOON,
    ),
    Entry(person_id=PERSON, chain="account", position=1, name=Fact.PASSWORD_SET, at=NOON, actor="student"),
    Payment(
        id=OTHER,
        person_id=PERSON,
        year=YEAR,
        payer=Payer.THIRD_PARTY,
        state=PaymentState.CREATED,
        amount_cents=10_500,
        language="fr",
        started_at=NOON,
        page_expires_at=NOON,
    ),
    Refund(
        payment_id=OTHER,
        reason=RefundReason.MISMATCH,
        person_id=PERSON,
        year=YEAR,
        state=RefundState.REQUESTED,
        amount_cents=1,
        transaction="",
        requested_at=NOON,
    ),
    Document(
        owner=OTHER,
        id=PERSON,
        holder=Holder.DRAFT,
        purpose=Purpose.EXEMPTION,
        type=DocumentType.PDF,
        size=1,
        stored_as=f"exemption/{OTHER}/{PERSON}",
        asked_at=NOON,
        erase_at=NOON,
    ),
    Mail(id=OTHER, template=Template.CODE, written_at=NOON),
    Draft(id=OTHER, started_at=NOON),
    DraftMailbox(name=DIGEST[:40], draft=OTHER, ends_at=NOON),
    VerificationCode(subject=OTHER, purpose=CodePurpose.MAIN_EMAIL, id=PERSON, email="l@example.org", sent_at=NOON),
    Session(subject=OTHER, digest=DIGEST, holder=Holder.DRAFT, opened_at=NOON, expires_at=NOON),
    OneUseLink(digest=DIGEST, purpose=LinkPurpose.PASSWORD, subject=PERSON, expires_at=NOON),
    KnownDevice(person_id=PERSON, digest=DIGEST, seen_at=NOON),
    Quota(limit="codes_sent", subject=DIGEST[:40]),
    PaymentLink(
        digest=DIGEST,
        id=OTHER,
        person_id=PERSON,
        year=YEAR,
        offered_at=NOON,
        amount_cents=10_500,
        shown_name="Li",
        language="en",
    ),
    CampaignEdition(year=YEAR, campaign=CAMPAIGN, changed_at=NOON, changed_by="agent", reason="r"),
    Answered(subject="s", key_digest="k", request="r", leased_until=NOON, asked_at=NOON),
    Cursor(name="card-events", read_until=NOON),
    LedgerLine(
        day=NOON.date(),
        crous="AIX",
        movement=Movement.REFUND,
        ref="r",
        payment_id=OTHER,
        transaction="pi_1",
        amount_cents=-1,
        at=NOON,
    ),
)

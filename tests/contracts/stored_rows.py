"""One row of every kind with every field filled as in life."""

from datetime import timedelta

from cvec.domain.accounts import Account, AccountState, Claim, Person
from cvec.domain.campaigns import CampaignEdition, EditionSummary
from cvec.domain.certificates import Certificate, CertificateState
from cvec.domain.codes import CodePurpose, VerificationCode
from cvec.domain.corrections import Correction, CorrectionState
from cvec.domain.cursors import Cursor
from cvec.domain.documents import Document, DocumentState, DocumentType, Fault, Purpose, Verdict
from cvec.domain.facts import Fact
from cvec.domain.files import TERMS_VERSION, File, FileState, StudyCity
from cvec.domain.history import Entry
from cvec.domain.idempotency import Answered
from cvec.domain.ledger import LedgerLine, Movement
from cvec.domain.limits import Quota
from cvec.domain.mails import Mail, MailState, Template
from cvec.domain.model import Row
from cvec.domain.payment_links import LinkState, PaymentLink
from cvec.domain.payments import Disposition, Payer, Payment, PaymentState
from cvec.domain.refunds import Refund, RefundReason, RefundState
from cvec.domain.registration import Draft, DraftState
from cvec.domain.sessions import Holder, LinkPurpose, OneUseLink, Session

from tests.contracts.row_parts import CAMPAIGN, DIGEST, HASHED, HOME, LONG, NOON, OTHER, PAGE, PERSON, SCHOOL, YEAR

FULL: tuple[Row, ...] = (
    Person(
        id=PERSON,
        email="marie-francoise.ndiaye-leveque@etu.univ-amu.example",
        language="en",
        ine="1409002949V",
        identity=LONG,
        institution=SCHOOL,
        contact=HOME,
        registered_at=NOON,
    ),
    Account(
        person_id=PERSON,
        state=AccountState.ACTIVE,
        password_hash=HASHED,
        password_set_at=NOON,
        fact_count=7,
        seen_at=NOON,
        is_warned=True,
        closed_at=NOON,
        look_at=NOON,
        last_entry=DIGEST,
    ),
    Correction(
        person_id=PERSON,
        state=CorrectionState.REFUSED,
        asked_at=NOON,
        identity=LONG,
        ine="1409002949V",
        decided_at=NOON,
        fact_count=2,
        last_entry=DIGEST,
    ),
    Claim(of="email", name=DIGEST[:40], holder=(PERSON, YEAR)),
    File(
        person_id=PERSON,
        year=YEAR,
        state=FileState.PAID,
        opened_at=NOON,
        study_city=StudyCity(commune="13055", name="Marseille", postcode="13001", crous="AIX"),
        terms_version=TERMS_VERSION,
        terms_accepted_at=NOON,
        amount_cents=10_500,
        current_payment=OTHER,
        current_link=DIGEST,
        settled_by=OTHER,
        settled_at=NOON,
        certificate_number="AIX6 DTGBLX 79",
        fact_count=6,
        last_entry=DIGEST,
    ),
    Certificate(
        person_id=PERSON,
        year=YEAR,
        number="AIX6 DTGBLX 79",
        crous="AIX",
        state=CertificateState.ISSUING,
        edition=2,
        printed_edition=1,
        ordered_at=NOON,
        look_at=NOON,
        issued_at=NOON,
        surname_key="NDIAY",
        document=f"{PERSON}/{YEAR}/2-1.pdf",
        digest=DIGEST,
        is_correction=True,
    ),
    Entry(
        person_id=PERSON,
        chain=YEAR,
        position=12,
        name=Fact.PAYMENT_APPLIED,
        at=NOON,
        actor="provider",
        about={"payment": OTHER, "cents": 10_500},
        previous=DIGEST,
    ),
    Payment(
        id=OTHER,
        person_id=PERSON,
        year=YEAR,
        payer=Payer.SELF,
        state=PaymentState.SUCCEEDED,
        amount_cents=10_500,
        language="fr",
        started_at=NOON,
        page_expires_at=NOON,
        look_at=NOON,
        link=DIGEST,
        crous="AIX",
        provider_ref="cs_test_" + "a1" * 30,
        page_url=PAGE,
        disposition=Disposition.APPLIED,
        transaction="pi_3QabcdefGHIJKLMN1opqRSTU",
        succeeded_at=NOON,
        card_brand="cartes_bancaires",
        card_last4="4242",
        three_d_secure="attempt_acknowledged",
    ),
    Refund(
        payment_id=OTHER,
        reason=RefundReason.SURPLUS,
        person_id=PERSON,
        year=YEAR,
        state=RefundState.SUBMITTED,
        amount_cents=10_500,
        transaction="pi_3QabcdefGHIJKLMN1opqRSTU",
        requested_at=NOON,
        look_at=NOON,
        tries=3,
        provider_ref="re_3QabcdefGHIJKLMN1opqRSTU",
    ),
    Document(
        owner=PERSON,
        id=OTHER,
        holder=Holder.STUDENT,
        purpose=Purpose.EXEMPTION,
        type=DocumentType.JPEG,
        size=10 * 1024 * 1024,
        state=DocumentState.QUARANTINED,
        stored_as=f"exemption/{PERSON}/{OTHER}",
        asked_at=NOON,
        received_at=NOON,
        erase_at=NOON + timedelta(days=365),
        fault=Fault.TOO_MANY_PIXELS,
        verdict=Verdict.NOT_SCANNED,
        tries=2,
        trying_until=NOON,
        fact_count=4,
        last_entry=DIGEST,
        look_at=NOON,
    ),
    Mail(
        id=OTHER,
        template=Template.ACCOUNT_CREATED,
        to="marie-francoise.ndiaye-leveque@etu.univ-amu.example",
        words={"link": PERSON, "language": "fr", "person": PERSON, "cents": 10_500},
        state=MailState.WAITING,
        written_at=NOON,
        look_at=NOON,
        leased_until=NOON,
        tries=2,
        left_at=NOON,
    ),
    Draft(
        id=OTHER,
        state=DraftState.EMAIL_VERIFIED,
        started_at=NOON,
        language="en",
        email="marie-francoise.ndiaye-leveque@etu.univ-amu.example",
        identity=LONG,
        ine="1409002949V",
        institution=SCHOOL,
        contact=HOME,
    ),
    VerificationCode(
        subject=OTHER, purpose=CodePurpose.MAIN_EMAIL, id=PERSON, email="marie@etu.univ-amu.example", sent_at=NOON
    ),
    Session(subject=PERSON, digest=DIGEST, holder=Holder.STUDENT, opened_at=NOON, expires_at=NOON),
    OneUseLink(digest=DIGEST, purpose=LinkPurpose.PASSWORD, subject=PERSON, expires_at=NOON, used_at=NOON),
    Quota(limit="sign_ins_failed", subject=DIGEST[:40], spent=tuple(NOON + timedelta(hours=n) for n in range(25))),
    PaymentLink(
        digest=DIGEST,
        id=OTHER,
        person_id=PERSON,
        year=YEAR,
        state=LinkState.DECLINED,
        offered_at=NOON,
        look_at=NOON,
        amount_cents=10_500,
        shown_name="Marie-Françoise N.",
        language="fr",
        phrase="Merci Maman, c'est pour la rentrée à Aix !",
        payer_email="maman@example.org",
        reminders_sent=1,
        refusal="other",
        payment=OTHER,
    ),
    CampaignEdition(
        year=YEAR,
        campaign=CAMPAIGN,
        changed_at=NOON,
        changed_by="agent-crous",
        reason="Le taux de l'année est publié",
        earlier=(EditionSummary(campaign=CAMPAIGN, changed_at=NOON, changed_by="code", reason="publiée"),),
    ),
    Answered(
        subject=DIGEST[:40],
        key_digest=DIGEST[:40],
        request=DIGEST,
        leased_until=NOON,
        asked_at=NOON,
        status=201,
        answer='{"payment":"' + OTHER + '","amount_cents":10500}',
    ),
    Cursor(name="card-events", read_until=NOON),
    LedgerLine(
        day=NOON.date(),
        crous="AIX",
        movement=Movement.CAPTURE,
        ref=OTHER,
        payment_id=OTHER,
        transaction="pi_3QabcdefGHIJKLMN1opqRSTU",
        amount_cents=10_500,
        at=NOON,
    ),
)

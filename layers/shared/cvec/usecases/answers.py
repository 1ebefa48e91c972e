"""What the gestures answer: the shapes that pages and the API show, without storage details."""

from datetime import date, datetime
from enum import StrEnum

from cvec.domain.academic_year import AcademicYear
from cvec.domain.communes import CommuneMatch
from cvec.domain.contact import Contact
from cvec.domain.deliveries import EmailDelivery, delivery_of
from cvec.domain.files import FileState
from cvec.domain.identity import Identity
from cvec.domain.institution import Institution
from cvec.domain.mails import Mail
from cvec.domain.model import Value
from cvec.domain.payment_links import LinkState, PaymentLink
from cvec.domain.payments import CURRENCY, Disposition, Payer, Payment, PaymentState
from cvec.domain.registration import Draft, DraftState


class RegistrationView(Value):
    """A registration under way: what was sent, what is missing, until when it is kept.

    `version` grows with each change, from any device: what If-Match says of what was last seen.
    """

    version: int
    state: DraftState
    expires_at: datetime
    missing: tuple[str, ...]
    email: str | None
    email_delivery: EmailDelivery | None
    """Until the address is confirmed."""
    identity: Identity | None
    ine: str | None
    institution: Institution | None
    contact: Contact | None

    @classmethod
    def of(cls, draft: Draft, code_mail: Mail | None = None) -> "RegistrationView":
        """What its owner sees of a draft, and of the mail with its last code."""
        delivery = delivery_of(code_mail) if code_mail and draft.state is DraftState.DRAFT else None
        return cls(
            version=draft.version,
            state=draft.state,
            expires_at=draft.expires_at,
            missing=draft.missing,
            email=draft.email,
            email_delivery=delivery,
            identity=draft.identity,
            ine=draft.ine,
            institution=draft.institution,
            contact=draft.contact,
        )


class Accepted(Value):
    """The request was taken. Deliberately the same answer whether or not an account exists."""

    accepted: bool = True


class CommuneView(Value):
    """A commune found: its code and postcode to send back, and what to show."""

    commune: str
    postcode: str | None
    label: str
    crous: str | None

    @classmethod
    def of(cls, match: CommuneMatch) -> "CommuneView":
        """What a search shows of a commune."""
        commune = match.commune
        crous = commune.crous.name if commune.crous else None
        return cls(commune=commune.code, postcode=match.postcode, label=match.label, crous=crous)


class StudyCityView(Value):
    """The study city as it was chosen, and the Crous it decides."""

    commune: str
    label: str
    crous: str


class IdentityToCheck(Value):
    """The identity that the certificate will print, for checking before paying."""

    ine: str
    civility: str
    birth_name: str
    usage_name: str | None
    first_names: str
    birth_date: date
    email: str
    mobile_phone: str | None
    landline_phone: str | None


class FileView(Value):
    """One year's file: what it costs, what is done, what is next."""

    year: AcademicYear
    state: FileState
    amount_cents: int
    currency: str
    closes: date
    refund_until: date
    identity: IdentityToCheck
    study_city: StudyCityView | None
    terms_version: str
    terms_accepted_at: datetime | None
    current_payment: str | None
    certificate_number: str | None


class PageOffered(Value):
    """The card provider's page: send the payer there, before it expires."""

    payment: str
    url: str
    expires_at: datetime
    amount_cents: int

    @classmethod
    def of(cls, payment: Payment) -> "PageOffered":
        """The page of an attempt that is open."""
        return cls(
            payment=payment.id,
            url=payment.page_url or "",
            expires_at=payment.page_expires_at,
            amount_cents=payment.amount_cents,
        )


class PaymentView(Value):
    """Where one payment stands. `is_money_taken` is None only while the provider has not said."""

    payment: str
    year: AcademicYear
    state: PaymentState
    amount_cents: int
    is_money_taken: bool | None
    is_refunded: bool
    is_by_third_party: bool
    certificate_number: str | None

    @classmethod
    def of(cls, payment: Payment, *, number: str | None) -> "PaymentView":
        """What a payer or a student learns of a payment."""
        return cls(
            payment=payment.id,
            year=payment.year,
            state=payment.state,
            amount_cents=payment.amount_cents,
            is_money_taken=None if payment.is_open else payment.succeeded_at is not None,
            is_refunded=payment.disposition in (Disposition.SURPLUS, Disposition.REFUND_DUE),
            is_by_third_party=payment.payer is Payer.THIRD_PARTY,
            certificate_number=number,
        )


class LinkView(Value):
    """The payment link as its student sees it."""

    state: LinkState
    url: str | None
    expires_at: datetime
    amount_cents: int
    shown_name: str
    phrase: str | None
    is_mailed: bool
    refusal: str | None

    @classmethod
    def of(cls, link: PaymentLink, *, url: str, is_over: bool) -> "LinkView":
        """A link; one whose time is over says so even before the sweep has ended it."""
        is_late = is_over and link.state in (LinkState.ACTIVE, LinkState.OPENED, LinkState.IN_PAYMENT)
        return cls(
            state=LinkState.EXPIRED if is_late else link.state,
            url=None if is_over else url,
            expires_at=link.expires_at,
            amount_cents=link.amount_cents,
            shown_name=link.shown_name,
            phrase=link.phrase,
            is_mailed=link.payer_email is not None,
            refusal=link.refusal,
        )


class LinkForPayer(Value):
    """What the payer sees: what is paid, for whom as the student chose, how much, until when. Nothing else."""

    year: AcademicYear
    shown_name: str
    phrase: str | None
    amount_cents: int
    currency: str
    expires_at: datetime

    @classmethod
    def of(cls, link: PaymentLink) -> "LinkForPayer":
        """A living link."""
        return cls(
            year=link.year,
            shown_name=link.shown_name,
            phrase=link.phrase,
            amount_cents=link.amount_cents,
            currency=CURRENCY,
            expires_at=link.expires_at,
        )


class CertificateView(Value):
    """The holder's certificate, and where to fetch it for the next minute."""

    number: str
    year: AcademicYear
    crous: str
    issued_at: datetime
    download_url: str
    download_expires_at: datetime


class Validity(StrEnum):
    """All that an anonymous caller learns: motives are nobody's business."""

    VALID = "valid"
    NOT_VALID = "not_valid"


class CheckAnswer(Value):
    """Whether a certificate number is good for this surname. Unknown number and wrong surname look the same."""

    number: str
    validity: Validity
    academic_year: AcademicYear | None

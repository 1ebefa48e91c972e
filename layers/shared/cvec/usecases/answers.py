"""What the gestures answer: the shapes that pages and the API show, without storage details."""

from datetime import date, datetime
from enum import StrEnum

from cvec.domain.academic_year import AcademicYear
from cvec.domain.communes import CommuneMatch
from cvec.domain.contact import Contact
from cvec.domain.files import FileState
from cvec.domain.identity import Identity
from cvec.domain.institution import Institution
from cvec.domain.model import Value
from cvec.domain.payments import PaymentState
from cvec.domain.registration import Draft, DraftState


class RegistrationView(Value):
    """A registration under way: what was sent, what is missing, until when it is kept."""

    state: DraftState
    expires_at: datetime
    missing: tuple[str, ...]
    email: str | None
    identity: Identity | None
    ine: str | None
    institution: Institution | None
    contact: Contact | None

    @classmethod
    def of(cls, draft: Draft) -> "RegistrationView":
        """What its owner sees of a draft."""
        return cls(
            state=draft.state,
            expires_at=draft.expires_at,
            missing=draft.missing,
            email=draft.email,
            identity=draft.identity,
            ine=draft.ine,
            institution=draft.institution,
            contact=draft.contact,
        )


class Accepted(Value):
    """The request was taken. Deliberately the same answer whether or not an account exists."""

    accepted: bool = True


class SessionView(Value):
    """Who is signed in, until when."""

    email: str
    first_name: str
    ine: str
    expires_at: datetime


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


class PaymentView(Value):
    """Where one payment stands. `is_money_taken` is None only while the provider has not said."""

    payment: str
    year: AcademicYear
    state: PaymentState
    amount_cents: int
    is_money_taken: bool | None
    is_refunded: bool
    certificate_number: str | None


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

"""The certificate of a year: one number for ever, one active version, and no word about why its holder is in order."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

from cvec.domain.academic_year import AcademicYear
from cvec.domain.facts import Fact
from cvec.domain.lifecycle import Lifecycle
from cvec.domain.model import Work


class CertificateState(StrEnum):
    """Where a certificate stands. ISSUING is the order to print it, written with the settlement."""

    ISSUING = "issuing"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


_S, _F = CertificateState, Fact
CERTIFICATE = Lifecycle(
    "certificate",
    births={
        _F.CERTIFICATE_ORDERED: _S.ISSUING,
        _F.PAYMENT_APPLIED: _S.ISSUING,
        _F.EXEMPTION_GRANTED: _S.ISSUING,
    },
    moves={
        (_S.ISSUING, _F.CERTIFICATE_ISSUED): _S.ACTIVE,
        (_S.ACTIVE, _F.CERTIFICATE_CORRECTED): _S.ISSUING,
        (_S.ISSUING, _F.CERTIFICATE_CORRECTED): _S.ISSUING,
        (_S.ACTIVE, _F.CERTIFICATE_SUSPENDED): _S.SUSPENDED,
        (_S.ISSUING, _F.CERTIFICATE_SUSPENDED): _S.SUSPENDED,
        (_S.SUSPENDED, _F.CERTIFICATE_ORDERED): _S.ISSUING,
        (_S.SUSPENDED, _F.CERTIFICATE_RESTORED): _S.ACTIVE,
        (_S.ACTIVE, _F.CERTIFICATE_REVOKED): _S.REVOKED,
        (_S.SUSPENDED, _F.CERTIFICATE_REVOKED): _S.REVOKED,
        (_S.ISSUING, _F.CERTIFICATE_REVOKED): _S.REVOKED,
        # settled anew after a payment was lost or an exemption revoked: the same number, a new edition
        (_S.REVOKED, _F.PAYMENT_APPLIED): _S.ISSUING,
        (_S.REVOKED, _F.EXEMPTION_GRANTED): _S.ISSUING,
    },
)


class Certificate(Work):
    """The certificate of one person and year. `edition` counts printed versions of the same number.

    `surname_key` is the first five letters of the surname, which an institution gives to check the number.
    """

    kind: ClassVar[str] = "certificate"
    key_fields: ClassVar[tuple[str, ...]] = ("person_id", "year")
    person_id: str
    year: AcademicYear
    number: str
    crous: str
    state: CertificateState
    edition: int = 1
    printed_edition: int = 0
    ordered_at: datetime
    issued_at: datetime | None = None
    surname_key: str | None = None
    document: str | None = None
    digest: str | None = None
    is_correction: bool = False
    """Whether the edition being printed corrects the one before; the mail then says so."""

    def after(self, fact: Fact, **changes: Any) -> Self:
        """The certificate once this fact has happened to it."""
        return self.next(state=CERTIFICATE.after(self.state, fact), **changes)

"""The file: one person, one academic year, settled once. A second course or city costs nothing more (art. D.841-3)."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

from cvec.domain.academic_year import AcademicYear
from cvec.domain.facts import Fact
from cvec.domain.history import Chronicled
from cvec.domain.lifecycle import Lifecycle
from cvec.domain.model import Value

TERMS_VERSION = "2026-05"
"""The version of the personal-data terms in force; accepting another one is refused."""


class FileState(StrEnum):
    """Where a file stands. PAID and EXEMPT are the two ways of being settled."""

    OPEN = "open"
    PAID = "paid"
    EXEMPT = "exempt"
    NOT_LIABLE = "not_liable"


_S, _F = FileState, Fact
FILE = Lifecycle(
    "file",
    births={_F.FILE_OPENED: _S.OPEN},
    moves={
        (_S.OPEN, _F.FILE_PREPARED): _S.OPEN,
        (_S.OPEN, _F.PAYMENT_STARTED): _S.OPEN,
        (_S.OPEN, _F.PAYMENT_APPLIED): _S.PAID,
        (_S.OPEN, _F.EXEMPTION_GRANTED): _S.EXEMPT,
        (_S.OPEN, _F.LIABILITY_DENIED): _S.NOT_LIABLE,
        (_S.PAID, _F.EXEMPTION_GRANTED): _S.EXEMPT,
        (_S.PAID, _F.LIABILITY_DENIED): _S.NOT_LIABLE,
        (_S.PAID, _F.DISPUTE_LOST): _S.OPEN,
        (_S.EXEMPT, _F.EXEMPTION_REVOKED): _S.OPEN,
    },
)


class StudyCity(Value):
    """The commune of study, by its INSEE code, as it was chosen; it decides the Crous."""

    commune: str
    name: str
    postcode: str
    crous: str


class File(Chronicled):
    """One person's file of one year.

    `amount_cents` is frozen when the first payment starts.
    """

    kind: ClassVar[str] = "file"
    key_fields: ClassVar[tuple[str, ...]] = ("person_id", "year")
    person_id: str
    year: AcademicYear
    state: FileState
    opened_at: datetime
    study_city: StudyCity | None = None
    terms_version: str | None = None
    terms_accepted_at: datetime | None = None
    amount_cents: int | None = None
    current_payment: str | None = None
    current_link: str | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None
    certificate_number: str | None = None

    @property
    def is_settled(self) -> bool:
        """In order with the contribution, by payment or exemption."""
        return self.state in (FileState.PAID, FileState.EXEMPT)

    @property
    def is_ready_to_pay(self) -> bool:
        """The study city is chosen and the terms accepted."""
        return self.study_city is not None and self.terms_accepted_at is not None

    @property
    def chronicle(self) -> tuple[str, str]:
        """Its history is the academic year's."""
        return self.person_id, self.year

    def after(self, fact: Fact, **changes: Any) -> Self:
        """The file once this fact of its life, or of one of its children's, has happened."""
        return self.next(state=FILE.after(self.state, fact) if fact in FILE.facts else self.state, **changes)

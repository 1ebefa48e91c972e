"""The law of documents: nothing sent is readable before it was checked, nor after its erasure date (promise 9).

One PDF, JPG or PNG of at most 10 MB is the guide's rule; pages and pixels keep an inspection within its memory; the
times are those of PROCESS §8.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Self

from cvec.domain.errors import FieldError, InvalidFields
from cvec.domain.facts import Fact
from cvec.domain.history import Chronicled, Entry
from cvec.domain.lifecycle import Lifecycle
from cvec.domain.model import Work
from cvec.domain.sessions import Holder

MAX_BYTES = 10 * 1024 * 1024
MAX_PAGES = 10
MAX_PIXELS = 40_000_000
MAX_TRIES = 3
"""Inspections begun; a document that never survives one is refused, not tried for ever."""

POST_LIFE = timedelta(minutes=10)
"""How long the permission to send serves. Whoever begins in time may finish later."""
FIRST_LOOK = timedelta(minutes=15)
"""When the sweep looks for what storage may have forgotten to tell."""
LAST_LOOK = timedelta(hours=1)
"""When nothing will come any more."""
NEXT_LOOK = timedelta(minutes=5)
"""Between two looks at a document whose check is not finished."""
LEASE = timedelta(minutes=1)
"""How long one inspection has the document for itself; its function is stopped long before."""
LINK_LIFE = timedelta(seconds=60)


class Purpose(StrEnum):
    """What a document is to prove."""

    IDENTITY = "identity"
    ENROLMENT = "enrolment"
    EXEMPTION = "exemption"


class DocumentType(StrEnum):
    """What may be sent, by its media type."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"

    @property
    def extension(self) -> str:
        """How a file of this type is named.

        >>> DocumentType.JPEG.extension
        'jpg'
        """
        return {DocumentType.PDF: "pdf", DocumentType.JPEG: "jpg", DocumentType.PNG: "png"}[self]


class Fault(StrEnum):
    """Why a document was refused; each has its texts under [document] in the locales."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    WRONG_TYPE = "wrong_type"
    UNREADABLE = "unreadable"
    ENCRYPTED = "encrypted"
    ACTIVE = "active"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    INFECTED = "infected"


class Verdict(StrEnum):
    """What the malware scanner says. NOT_SCANNED is plainly that: no scanner looked (a laptop)."""

    CLEAN = "clean"
    INFECTED = "infected"
    NOT_SCANNED = "not_scanned"
    PENDING = "pending"


class Unfit(Exception):
    """What the inspection found wrong. Never shown as such: the document is refused for this fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


LONGEST_KEPT: dict[Purpose, timedelta] = {
    Purpose.IDENTITY: timedelta(days=90),
    Purpose.ENROLMENT: timedelta(days=90),
    Purpose.EXEMPTION: timedelta(days=365),
}
"""Until decided, and no longer. (A request for exemption lives within one academic year.)"""
KEPT_AFTER_DECISION: dict[Purpose, timedelta] = {
    Purpose.IDENTITY: timedelta(0),
    Purpose.ENROLMENT: timedelta(0),
    Purpose.EXEMPTION: timedelta(days=62),
}
"""Two months to appeal against a decision on an exemption, counted as the longest two; nothing for the others."""


class DocumentState(StrEnum):
    """Where a document stands. Only a CLEAN one can be read."""

    AWAITING = "awaiting"
    QUARANTINED = "quarantined"
    CLEAN = "clean"
    REFUSED = "refused"
    ERASED = "erased"


_S, _F = DocumentState, Fact
DOCUMENT = Lifecycle(
    "document",
    births={_F.DOCUMENT_ASKED: _S.AWAITING},
    moves={
        (_S.AWAITING, _F.DOCUMENT_RECEIVED): _S.QUARANTINED,
        (_S.QUARANTINED, _F.DOCUMENT_CLEARED): _S.CLEAN,
        (_S.QUARANTINED, _F.DOCUMENT_REFUSED): _S.REFUSED,
        (_S.CLEAN, _F.DOCUMENT_DECIDED): _S.CLEAN,
        (_S.AWAITING, _F.DOCUMENT_ERASED): _S.ERASED,
        (_S.QUARANTINED, _F.DOCUMENT_ERASED): _S.ERASED,
        (_S.CLEAN, _F.DOCUMENT_ERASED): _S.ERASED,
        (_S.REFUSED, _F.DOCUMENT_ERASED): _S.ERASED,
    },
)


class Document(Work, Chronicled):
    """A document of a draft or of a person (`owner`). The row outlives what was sent: what it was, never what it said.

    `stored_as` is its place in storage, the same for ever; `size` is in bytes, as declared and then as received.
    """

    kind: ClassVar[str] = "document"
    key_fields: ClassVar[tuple[str, ...]] = ("owner", "id")
    owner: str
    id: str
    holder: Holder
    purpose: Purpose
    type: DocumentType
    size: int
    state: DocumentState = DocumentState.AWAITING
    stored_as: str
    asked_at: datetime
    received_at: datetime | None = None
    erase_at: datetime
    fault: Fault | None = None
    verdict: Verdict | None = None
    tries: int = 0
    trying_until: datetime | None = None

    @property
    def is_undecided(self) -> bool:
        """Whether its check is still to come or under way."""
        return self.state in (DocumentState.AWAITING, DocumentState.QUARANTINED)

    def is_readable(self, now: datetime) -> bool:
        """Whether anybody may read it: checked, and before its erasure date."""
        return self.state is DocumentState.CLEAN and now < self.erase_at

    def is_over(self, now: datetime) -> bool:
        """Whether nothing of it may be kept any more, or nothing will come."""
        never_came = self.state is DocumentState.AWAITING and now >= self.asked_at + LAST_LOOK
        return never_came or now >= self.erase_at

    def is_being_tried(self, now: datetime) -> bool:
        """Whether somebody is inspecting it at this moment."""
        return self.trying_until is not None and now < self.trying_until

    def tried(self, now: datetime) -> Self:
        """The document as its inspection begins, counted first: one that kills its inspector does so three times."""
        return self.next(tries=self.tries + 1, trying_until=now + LEASE, look_at=min(now + NEXT_LOOK, self.erase_at))

    def untried(self) -> Self:
        """The document whose inspection could not take place: a service was down, and that says nothing of it."""
        return self.next(tries=self.tries - 1, trying_until=None)

    def after(self, fact: Fact, **changes: Any) -> Self:
        """The document once this fact has happened to it."""
        return self.next(state=DOCUMENT.after(self.state, fact), **changes)

    def put_off(self, now: datetime) -> Self:
        """The document to be looked at again a little later, and at its erasure date at the latest."""
        return self.next(look_at=min(now + NEXT_LOOK, self.erase_at))

    def told(self, fact: Fact, *, at: datetime, **changes: Any) -> tuple[Self, Entry]:
        """The document once this fact has happened to it, with the entry that says what it was to prove."""
        fault = changes.get("fault") or self.fault
        about = {"purpose": str(self.purpose), **({"fault": str(fault)} if fault else {})}
        return self.noted(fact, at=at, actor="service", about=about, **changes)

    def decided(self, now: datetime) -> tuple[Self, Entry]:
        """The document once what it proves was decided: kept only as long as an appeal may need it."""
        erase_at = now + KEPT_AFTER_DECISION[self.purpose]
        return self.told(Fact.DOCUMENT_DECIDED, at=now, erase_at=erase_at, look_at=erase_at)

    @property
    def chronicle(self) -> tuple[str, str]:
        """Each document has a history of its own."""
        return self.owner, f"document-{self.id}"


def erasure_date(purpose: Purpose, now: datetime, *, draft_ends_at: datetime | None) -> datetime:
    """When a document sent now is erased if nobody decides before: with its draft, if it belongs to one.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    >>> f"{erasure_date(Purpose.IDENTITY, noon, draft_ends_at=None):%d/%m}"
    '29/09'
    >>> f"{erasure_date(Purpose.IDENTITY, noon, draft_ends_at=noon + timedelta(days=14)):%d/%m}"
    '15/07'
    """
    longest = now + LONGEST_KEPT[purpose]
    return min(longest, draft_ends_at) if draft_ends_at else longest


def check_declared(declared_type: str, size: int) -> DocumentType:
    """The type of what is about to be sent. Raises InvalidFields with `unsupported_type`, `empty` or `too_large`."""
    wrong = [] if declared_type in set(DocumentType) else [FieldError("content_type", "unsupported_type")]
    if size < 1:
        wrong.append(FieldError("size", Fault.EMPTY))
    if size > MAX_BYTES:
        wrong.append(FieldError("size", Fault.TOO_LARGE))
    if wrong:
        raise InvalidFields(*wrong)
    return DocumentType(declared_type)

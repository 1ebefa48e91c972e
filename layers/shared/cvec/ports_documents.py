"""What the gestures on documents need from the world: ports.py's own promises, in a file of their own."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Protocol

from cvec.domain.certificate_content import CertificateContent
from cvec.domain.documents import DocumentType, Verdict
from cvec.domain.model import Value


class Printer(Protocol):
    """Draws the certificate."""

    def print(self, content: CertificateContent) -> bytes:
        """The PDF; equal content gives equal bytes."""


class Shelf(Protocol):
    """Where documents are kept."""

    def keep(self, name: str, document: bytes) -> None:
        """Store a document under a name, unless it is there already."""

    def link(self, name: str, *, filename: str, seconds: int) -> str:
        """An address from which the document can be fetched for so many seconds."""


class UploadForm(Value):
    """Where a browser sends a document, and the fields that its form must hold before the file's own."""

    url: str
    fields: Mapping[str, str]


class Arrival(Value):
    """What lies in quarantine: one exact version, so that what was checked is what is kept. `size` is in bytes."""

    place: str
    version: str
    size: int


class Arrived(Value):
    """A document as it was sent, with the type it was sent as."""

    content: bytes
    type: str


class Intake(Protocol):
    """Where documents come in and are kept: a quarantine that nobody reads, and clean copies made from it."""

    def offer(self, place: str, kind: DocumentType, *, max_bytes: int, seconds: int, then: str | None) -> UploadForm:
        """Permission to send one document of one type to one place; the browser then goes on to `then`."""

    def find(self, place: str) -> Arrival | None:
        """What came to a place last, or None."""

    def fetch(self, arrival: Arrival) -> Arrived:
        """What came. Raises Stale if it was erased meanwhile."""

    def keep(self, place: str, content: bytes, kind: DocumentType) -> None:
        """Store the clean copy of a document."""

    def link(self, place: str, *, filename: str, seconds: int) -> str:
        """An address that downloads the clean copy for so many seconds."""

    def erase_arrivals(self, place: str) -> None:
        """Erase what came, in every version."""

    def erase(self, place: str) -> None:
        """Erase what came and its clean copy, in every version."""


class Scanner(Protocol):
    """Looks for malware."""

    def verdict(self, arrival: Arrival, fetch: Callable[[], bytes]) -> Verdict:
        """What is known of what came; `fetch` gives its bytes to a scanner that has not read them itself."""


class Inspector(Protocol):
    """Takes a document apart, and makes a copy of which every byte is ours."""

    def clean(self, content: bytes, kind: DocumentType, on: date) -> bytes:
        """The copy, without metadata and marked with what it is for and the day. Raises Unfit with the fault."""

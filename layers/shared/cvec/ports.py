"""What the gestures need from the world, as promises (Protocols) that adapters keep and fakes keep too."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar

from cvec.domain.communes import Commune, CommuneMatch
from cvec.domain.institutions import CatalogueInstitution
from cvec.domain.ledger import ProviderMovement
from cvec.domain.model import Row, Value, Work
from cvec.domain.passwords import PasswordPolicy
from cvec.domain.payments import Payment, Snapshot
from cvec.domain.refunds import Refund
from cvec.ports_documents import Inspector, Intake, Printer, Scanner, Shelf

R = TypeVar("R", bound=Row)
W = TypeVar("W", bound=Work)


class Store(Protocol):
    """Rows, read one by one by their key and written together or not at all."""

    def find(self, kind: type[R], *key: str) -> R | None:
        """The row as it is now (a consistent read), or None."""

    def commit(self, *rows: Row, erase: Sequence[Row] = ()) -> None:
        """Write version n of each row over its version n-1 (nothing, for version 1) and erase the others as read.

        All or nothing. Raises Stale if any row has moved meanwhile, TryAgain if the storage does not answer. A commit
        whose reply was lost recognises itself when it is sent again.
        """

    def all(self, kind: type[R], *key: str) -> list[R]:
        """The rows of a kind whose key begins so, in the order of the rest of their keys (one Query, never a scan)."""

    def due(self, kind: type[W], now: datetime) -> Iterable[W]:
        """The rows of a kind that the sweep must look at."""


class Clock(Protocol):
    """The time, injected so that every boundary can be tested."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""

    def sleep(self, seconds: float) -> None:
        """Wait, between two tries of the same thing."""


class Chance(Protocol):
    """Everything that must not be guessed."""

    def new_id(self) -> str:
        """128 random bits in 26 characters, safe in keys and URLs."""

    def new_token(self) -> str:
        """256 random bits, safe in cookies and URLs."""

    def letters(self, alphabet: str, count: int) -> str:
        """So many letters of an alphabet, each equally likely."""


class Secrets(Protocol):
    """What only the service can compute, from its one secret."""

    def derive(self, purpose: str, name: str) -> bytes:
        """32 bytes that depend on purpose, name and the secret (HMAC-SHA256)."""


class Passwords(Protocol):
    """Slow hashing and strength of passwords."""

    def hash(self, password: str) -> str:
        """A salted argon2id hash that carries its parameters."""

    def verify(self, password: str, hashed: str | None) -> bool:
        """Whether it is this password; takes as long for no hash at all."""

    def strength(self, password: str, own_words: tuple[str, ...]) -> int:
        """How hard to guess, 0 to 4, for somebody who knows these words."""


class Letter(Value):
    """A mail ready to leave."""

    id: str
    to: str
    subject: str
    text: str
    html: str


class Post(Protocol):
    """The mail service."""

    def send(self, letter: Letter) -> None:
        """Hand the letter over. Raises TryAgain (later) or Undeliverable (never)."""


class Undeliverable(Exception):
    """The mail service will never take this letter; trying again is pointless."""


class LetterWriter(Protocol):
    """Turns a mail's template and words into a bilingual letter."""

    def write(self, mail_id: str, template: str, *, to: str, words: Mapping[str, object]) -> Letter:
        """The letter, French first and then English, as text and HTML."""


class PaymentPage(Value):
    """The provider's hosted page: where to send the payer, and the provider's name for it."""

    ref: str
    url: str


class RefundReceipt(Value):
    """What the provider says of a refund it was asked for."""

    ref: str
    status: str
    """"succeeded", "pending", "failed", or "disputed": the bank decides first."""


class Pointer(Value):
    """What an authenticated notification points at. Its content is never trusted: the truth is fetched."""

    event_id: str
    kind: str
    payment_id: str | None
    transaction: str | None = None
    happened_at: datetime | None = None


class PageBusy(Exception):
    """The provider is working on the very same request at this moment; its answer is not known yet."""


class PageRefused(Exception):
    """The provider refuses to open this page, and has opened none for this payment: no money can come of it."""


class CardGateway(Protocol):
    """The card provider's hosted pages.

    Any call raises CardProviderUnavailable when the provider cannot be reached: the outcome is unknown, never failed.
    """

    form_action_origins: tuple[str, ...]
    is_live: bool

    def open_page(self, payment: Payment) -> PaymentPage:
        """Open the page of a payment, or find the one already opened for it: asking twice opens one page.

        Raises PageBusy while another call opens it, PageRefused if it was never opened and it is too late to.
        """

    def fetch(self, ref: str) -> Snapshot:
        """The truth about a page."""

    def close_page(self, ref: str) -> bool:
        """Make sure the page can no longer take money. False: too late, it has."""

    def refund(self, refund: Refund) -> RefundReceipt:
        """Give the money back, or find that it was given back already."""

    def read_notification(self, headers: Mapping[str, str], body: bytes) -> Pointer:
        """Verify and read a notification. Raises ForgedNotification."""

    def events(self, since: datetime) -> Iterable[Pointer]:
        """Everything that happened at the provider since a moment, oldest first: what notifications may have missed."""

    def movements(self, day: date) -> Iterable[ProviderMovement]:
        """The provider's own account of a day in UTC."""


class Doorbell(Protocol):
    """The queue on which notifications wait to be looked into."""

    def ring(self, payment_id: str) -> None:
        """Ask for one payment to be looked at soon."""


class Communes(Protocol):
    """The communes of France."""

    def search(self, text: str, limit: int = 10) -> tuple[CommuneMatch, ...]:
        """The communes whose name or postcode begins so, bigger first."""

    def get(self, code: str) -> Commune:
        """The commune of an INSEE code. Raises KeyError."""


class Institutions(Protocol):
    """The institutions that a student may choose from. Each raises TryAgain where the list cannot be reached."""

    def search(self, text: str = "", department: str | None = None) -> tuple[CatalogueInstitution, ...]:
        """Those of a department, or that have a word beginning like each one typed, or both."""

    def find(self, uai: str) -> CatalogueInstitution | None:
        """The institution of a UAI, or None."""

    def listed(self) -> tuple[CatalogueInstitution, ...]:
        """All of them, by name."""

    def replace(self, institutions: Sequence[CatalogueInstitution]) -> None:
        """Make this the list; the one before can be brought back. Raises InvalidFields for an unsound list."""


@dataclass(frozen=True)
class House:
    """What this deployment calls itself and how it is set."""

    service_name: str
    site_url: str
    password_policy: PasswordPolicy


@dataclass(frozen=True)
class Tools:
    """Everything a gesture may reach for. Built by `wiring`, lazily; fakes in tests."""

    house: House
    store: Store
    clock: Clock
    chance: Chance
    secrets: Secrets
    passwords: Passwords
    post: Post
    letters: LetterWriter
    cards: CardGateway
    doorbell: Doorbell
    printer: Printer
    shelf: Shelf
    intake: Intake
    scanner: Scanner
    inspector: Inspector
    communes: Communes
    institutions: Institutions

"""The world in memory: every port kept honestly, with a clock that tests move and a card provider that tests play."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hmac import digest
from typing import Any, TypeVar, cast

from cvec.adapters.communes import CommuneGazetteer
from cvec.adapters.institutions import InstitutionList, shipped_list, sound_list
from cvec.adapters.institutions_csv import write_institutions
from cvec.domain.certificate_content import CertificateContent
from cvec.domain.documents import DocumentType, Fault, Unfit, Verdict
from cvec.domain.errors import CardProviderUnavailable, ForgedNotification, Stale, TryAgain
from cvec.domain.history import Entry
from cvec.domain.institutions import CatalogueInstitution
from cvec.domain.ledger import Movement, ProviderMovement
from cvec.domain.model import Row, Work
from cvec.domain.passwords import PasswordPolicy
from cvec.domain.payments import CURRENCY, DisputeStatus, PageStatus, Payment, Snapshot
from cvec.domain.refunds import Refund
from cvec.ports import (
    House,
    Letter,
    PageRefused,
    PaymentPage,
    Pointer,
    RefundReceipt,
    Tools,
    Undeliverable,
)
from cvec.ports_documents import Arrival, Arrived, UploadForm

R = TypeVar("R", bound=Row)
W = TypeVar("W", bound=Work)

CAMPAIGN_DAY = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
_COMMUNES = CommuneGazetteer()


class FakeClock:
    """A clock that only tests move; sleeping moves it too."""

    def __init__(self, at: datetime = CAMPAIGN_DAY) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    def advance(self, **span: float) -> None:
        self.at += timedelta(**span)


class FakeChance:
    """Names in order, so that a failing test reads well; letters spread over the alphabet."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def new_id(self) -> str:
        return f"id{next(self._numbers):06d}"

    def new_token(self) -> str:
        return f"token{next(self._numbers):06d}"

    def letters(self, alphabet: str, count: int) -> str:
        number, letters = next(self._numbers), ""
        for _ in range(count):
            number, rank = divmod(number, len(alphabet))
            letters += alphabet[rank]
        return letters


class FakeSecrets:
    """The derivation, under a secret that is none."""

    def derive(self, purpose: str, name: str) -> bytes:
        return digest(b"test", f"{purpose}\0{name}".encode("utf-8", "surrogatepass"), "sha256")


class FakePasswords:
    """Hashing that is quick and no hash; strength by length."""

    def hash(self, password: str) -> str:
        return f"hashed:{password}"

    def verify(self, password: str, hashed: str | None) -> bool:
        return hashed == f"hashed:{password}"

    def strength(self, password: str, own_words: tuple[str, ...]) -> int:
        return 0 if password in own_words or len(set(password)) < 6 else 4


class MemoryStore:
    """The `Store` port in a dictionary: versions guarded, all or nothing, rows copied so that nobody shares them."""

    def __init__(self) -> None:
        self.rows: dict[tuple[type[Row], tuple[str, ...]], Row] = {}
        self.writes = 0

    def find(self, kind: type[R], *key: str) -> R | None:
        return cast("R | None", self.rows.get((kind, key)))

    def all(self, kind: type[R], *key: str) -> list[R]:
        found = [(at, row) for (of, at), row in self.rows.items() if of is kind and at[: len(key)] == key]
        return [cast("R", row) for _, row in sorted(found, key=lambda pair: pair[0])]

    def due(self, kind: type[W], now: datetime) -> Iterable[W]:
        rows = [cast("W", row) for (of, _), row in self.rows.items() if of is kind]
        return [row for row in rows if row.look_at is not None and row.look_at <= now]

    def commit(self, *rows: Row, erase: Sequence[Row] = ()) -> None:
        places = [(type(row), row.key) for row in (*rows, *erase)]
        if max(Counter(places).values(), default=0) > 1:
            raise ValueError("one transaction may not touch a row twice")
        for row in rows:
            self._guard(row, row.version - 1)
        for row in erase:
            self._guard(row, row.version)
        self.rows |= {(type(row), row.key): row for row in rows}
        for row in erase:
            del self.rows[(type(row), row.key)]
        self.writes += len(rows) + len(erase)

    def of(self, kind: type[R]) -> list[R]:
        """Every row of a kind: for assertions only."""
        return [cast("R", row) for (of, _), row in self.rows.items() if of is kind]

    def facts(self, person_id: str, chain: str) -> list[str]:
        """The names of the facts of one chain, in order."""
        return [str(entry.name) for entry in self.all(Entry, person_id, chain)]

    def _guard(self, row: Row, version: int) -> None:
        current = self.rows.get((type(row), row.key))
        if (current.version if current else 0) != version:
            raise Stale


class FakePost:
    """Letters in a pile. `refuse_with` makes the service fail."""

    def __init__(self) -> None:
        self.sent: list[Letter] = []
        self.refuse_with: type[TryAgain] | type[Undeliverable] | None = None

    def send(self, letter: Letter) -> None:
        if self.refuse_with:
            raise self.refuse_with
        self.sent.append(letter)


class PlainLetters:
    """Letters that say their template and words."""

    def write(self, mail_id: str, template: str, *, to: str, words: Mapping[str, object]) -> Letter:
        return Letter(id=mail_id, to=to, subject=template, text=str(dict(words)), html="")


@dataclass
class FakePage:
    """A provider's page as the fake provider keeps it."""

    ref: str
    payment: Payment
    status: PageStatus = PageStatus.OPEN
    captured_cents: int = 0
    refunded_cents: int = 0
    charged_back_cents: int = 0
    currency: str = CURRENCY
    is_live: bool = False
    dispute: DisputeStatus | None = None
    refunds: dict[str, RefundReceipt] = field(default_factory=dict)


class FakeCards:
    """A card provider in memory: pages open once per payment, money that can be counted, outages on demand."""

    form_action_origins: tuple[str, ...] = ("https://cards.example",)
    is_live = False

    def __init__(self, clock: FakeClock) -> None:
        self.pages: dict[str, FakePage] = {}
        self.is_down = False
        self.refund_status = "succeeded"
        self.moved: list[tuple[datetime, ProviderMovement]] = []
        self._clock = clock
        self._by_payment: dict[str, str] = {}

    def open_page(self, payment: Payment) -> PaymentPage:
        self._check()
        ref = self._by_payment.get(payment.id)
        if ref is None:
            if payment.page_expires_at < self._clock.now() + timedelta(minutes=30):
                raise PageRefused
            ref = f"page-{payment.id}"
            self._by_payment[payment.id] = ref
            self.pages[ref] = FakePage(ref, payment)
        return PaymentPage(ref=ref, url=f"https://cards.example/{ref}")

    def fetch(self, ref: str) -> Snapshot:
        self._check()
        page = self.pages[ref]
        self._expire(page)
        return Snapshot(
            ref=ref,
            payment_id=page.payment.id,
            status=page.status,
            amount_cents=page.captured_cents or page.payment.amount_cents,
            currency=page.currency,
            is_live=page.is_live,
            transaction=f"transaction-{ref}",
            card_brand="visa",
            card_last4="4242",
            dispute=page.dispute,
        )

    def close_page(self, ref: str) -> bool:
        self._check()
        page = self.pages[ref]
        if page.status is PageStatus.OPEN:
            page.status = PageStatus.EXPIRED
        return page.status is PageStatus.EXPIRED

    def refund(self, refund: Refund) -> RefundReceipt:
        self._check()
        page = next(one for one in self.pages.values() if f"transaction-{one.ref}" == refund.transaction)
        if page.dispute in (DisputeStatus.OPEN, DisputeStatus.LOST):
            return RefundReceipt(ref="", status="disputed")
        key = f"{refund.reason}:{refund.tries}"
        receipt = page.refunds.get(key)
        if receipt is None or receipt.status == "pending":
            receipt = RefundReceipt(ref=f"refund-{page.ref}-{key}", status=self.refund_status)
            page.refunds[key] = receipt
            if self.refund_status == "succeeded":
                page.refunded_cents += refund.amount_cents
                self._move(page, Movement.REFUND, -refund.amount_cents)
        if page.refunded_cents > page.captured_cents:
            raise AssertionError("refunded more than was captured")
        return receipt

    def read_notification(self, headers: Mapping[str, str], body: bytes) -> Pointer:
        if headers.get("stripe-signature") != "good":
            raise ForgedNotification
        return Pointer(event_id="event", kind="checkout.session.completed", payment_id=body.decode())

    def pay(self, ref: str, cents: int | None = None) -> bool:
        """The payer types a good card. False when the page no longer takes money."""
        page = self.pages[ref]
        self._expire(page)
        if page.status is not PageStatus.OPEN:
            return False
        page.status, page.captured_cents = PageStatus.PAID, cents or page.payment.amount_cents
        self._move(page, Movement.CAPTURE, page.captured_cents)
        return True

    def contest(self, ref: str, outcome: DisputeStatus) -> bool:
        """The holder's bank says something of a dispute. False where there is nothing to dispute."""
        page = self.pages[ref]
        is_possible = page.status is PageStatus.PAID and page.refunded_cents == 0
        is_over = page.dispute in (DisputeStatus.WON, DisputeStatus.LOST)
        if not is_possible or is_over or (outcome is not DisputeStatus.OPEN and page.dispute is None):
            return False
        page.dispute = outcome
        page.charged_back_cents = page.captured_cents if outcome is DisputeStatus.LOST else 0
        if outcome is not DisputeStatus.LOST:  # the bank takes the money at once, and only ever gives it back
            self._move(page, Movement.DISPUTE, page.captured_cents * (1 if outcome is DisputeStatus.WON else -1))
        return True

    def events(self, since: datetime) -> list[Pointer]:
        """Everything that moved money since a moment."""
        return [
            Pointer(event_id="event", kind="movement", payment_id=None, transaction=one.transaction, happened_at=at)
            for at, one in self.moved
            if at >= since
        ]

    def movements(self, day: date) -> list[ProviderMovement]:
        """The provider's account of a day."""
        return [one for at, one in self.moved if at.date() == day]

    def _move(self, page: FakePage, movement: Movement, cents: int) -> None:
        one = ProviderMovement(transaction=f"transaction-{page.ref}", movement=movement, amount_cents=cents)
        self.moved.append((self._clock.now(), one))

    @property
    def open_pages(self) -> list[FakePage]:
        """The pages that can still take money."""
        for page in self.pages.values():
            self._expire(page)
        return [page for page in self.pages.values() if page.status is PageStatus.OPEN]

    @property
    def kept_cents(self) -> int:
        """Money captured and not given back."""
        return sum(page.captured_cents - page.refunded_cents - page.charged_back_cents for page in self.pages.values())

    def _expire(self, page: FakePage) -> None:
        if page.status is PageStatus.OPEN and self._clock.now() >= page.payment.page_expires_at:
            page.status = PageStatus.EXPIRED

    def _check(self) -> None:
        if self.is_down:
            raise CardProviderUnavailable


class FakeDoorbell:
    """Rings in a list."""

    def __init__(self) -> None:
        self.rung: list[str] = []

    def ring(self, payment_id: str) -> None:
        self.rung.append(payment_id)


class FakePrinter:
    """A document that says what it was given."""

    def print(self, content: CertificateContent) -> bytes:
        return repr(content).encode()


class FakeShelf:
    """Documents in a dictionary, the first under a name kept."""

    def __init__(self) -> None:
        self.documents: dict[str, bytes] = {}
        self.kept: dict[str, int] = defaultdict(int)

    def keep(self, name: str, document: bytes) -> None:
        self.kept[name] += 1
        self.documents.setdefault(name, document)

    def link(self, name: str, *, filename: str, seconds: int) -> str:
        return f"https://shelf.example/{name}?{filename}&{seconds}"


class FakeInstitutions:
    """The shipped list, until it is replaced."""

    def __init__(self) -> None:
        self.list: InstitutionList = shipped_list()

    def search(self, text: str = "", department: str | None = None) -> tuple[CatalogueInstitution, ...]:
        return self.list.search(text, department)

    def find(self, uai: str) -> CatalogueInstitution | None:
        return self.list.find(uai)

    def listed(self) -> tuple[CatalogueInstitution, ...]:
        return self.list.listed()

    def replace(self, institutions: Sequence[CatalogueInstitution]) -> None:
        self.list = sound_list(write_institutions(institutions))


class FakeIntake:
    """Storage in dictionaries: every version that came, and the clean copies. `arrive` is the browser."""

    def __init__(self) -> None:
        self.came: dict[str, list[Arrived]] = {}
        self.copies: dict[str, bytes] = {}
        self._offered: dict[str, tuple[DocumentType, int]] = {}

    def offer(self, place: str, kind: DocumentType, *, max_bytes: int, seconds: int, then: str | None) -> UploadForm:
        self._offered[place] = (kind, max_bytes)
        return UploadForm(url="https://intake.example", fields={"key": place, "then": then or ""})

    def arrive(self, place: str, content: bytes, kind: str | None = None) -> None:
        """Something is sent, whether or not it keeps to the permission."""
        self.came.setdefault(place, []).append(Arrived(content=content, type=kind or str(self._offered[place][0])))

    def find(self, place: str) -> Arrival | None:
        versions = self.came.get(place, [])
        return Arrival(place=place, version=str(len(versions)), size=len(versions[-1].content)) if versions else None

    def fetch(self, arrival: Arrival) -> Arrived:
        versions = self.came.get(arrival.place, [])
        if int(arrival.version) > len(versions):
            raise Stale
        return versions[int(arrival.version) - 1]

    def keep(self, place: str, content: bytes, kind: DocumentType) -> None:
        self.copies[place] = content

    def link(self, place: str, *, filename: str, seconds: int) -> str:
        return f"https://intake.example/{place}?{filename}&{seconds}"

    def erase_arrivals(self, place: str) -> None:
        self.came.pop(place, None)

    def erase(self, place: str) -> None:
        self.erase_arrivals(place)
        self.copies.pop(place, None)


class FakeScanner:
    """Says what it is told to say."""

    def __init__(self) -> None:
        self.says = Verdict.CLEAN

    def verdict(self, arrival: Arrival, fetch: Callable[[], bytes]) -> Verdict:
        return self.says


class FakeInspector:
    """Takes what begins with "good", and counts."""

    def __init__(self) -> None:
        self.inspected = 0

    def clean(self, content: bytes, kind: DocumentType, on: date) -> bytes:
        self.inspected += 1
        if not content.startswith(b"good"):
            raise Unfit(Fault.UNREADABLE)
        return b"clean " + content


@dataclass(frozen=True)
class World(Tools):
    """Tools whose parts are known to be fakes, so that tests may play with them."""

    store: MemoryStore
    clock: FakeClock
    chance: FakeChance
    post: FakePost
    cards: FakeCards
    doorbell: FakeDoorbell
    shelf: FakeShelf
    intake: FakeIntake
    scanner: FakeScanner
    inspector: FakeInspector
    institutions: FakeInstitutions


def new_world(**parts: Any) -> World:
    """A fresh world on a day of the campaign."""
    clock = parts.pop("clock", None) or FakeClock()
    house = House(service_name="CVEC (tests)", site_url="https://cvec.example", password_policy=PasswordPolicy.MODERN)
    made: dict[str, Any] = {
        "house": house,
        "store": MemoryStore(),
        "clock": clock,
        "chance": FakeChance(),
        "secrets": FakeSecrets(),
        "passwords": FakePasswords(),
        "post": FakePost(),
        "letters": PlainLetters(),
        "cards": FakeCards(clock),
        "doorbell": FakeDoorbell(),
        "printer": FakePrinter(),
        "shelf": FakeShelf(),
        "intake": FakeIntake(),
        "scanner": FakeScanner(),
        "inspector": FakeInspector(),
        "communes": _COMMUNES,
        "institutions": FakeInstitutions(),
    }
    return World(**(made | parts))

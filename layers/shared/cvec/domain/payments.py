"""Payments by card: attempts, and what becomes of their money. Every success settles its file or goes back, once.

A decline does not close an attempt, only the provider's word does; a late success on a closed one is still money.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Self

from cvec.domain.academic_year import AcademicYear
from cvec.domain.facts import Fact
from cvec.domain.files import File, FileState
from cvec.domain.lifecycle import Lifecycle
from cvec.domain.model import Value, Work

PAGE_LIFE = timedelta(minutes=35)
"""How long the provider's page may take money: the shortest it allows is 30 minutes from the moment it hears of it."""
LEAST_USEFUL_LIFE = timedelta(minutes=5)
"""A page with less time left is replaced rather than shown again."""
FIRST_LOOK = timedelta(minutes=2)
"""How long after a change the sweep asks the provider about an attempt that is still open."""
CURRENCY = "eur"


class PaymentState(StrEnum):
    """Where an attempt stands."""

    CREATED = "created"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    DISPUTED = "disputed"
    WON = "won"
    LOST = "lost"


class Disposition(StrEnum):
    """What becomes of a success's money."""

    APPLIED = "applied"
    SURPLUS = "surplus"
    REFUND_DUE = "refund_due"
    LOST = "lost"


_S, _F = PaymentState, Fact
_MAY_STILL_SUCCEED = (_S.CREATED, _S.PENDING, _S.DECLINED, _S.EXPIRED, _S.CANCELLED)
_SUCCESSES = (_F.PAYMENT_APPLIED, _F.PAYMENT_NOT_NEEDED, _F.PAYMENT_MISMATCHED)
PAYMENT = Lifecycle(
    "payment",
    births={_F.PAYMENT_STARTED: _S.CREATED},
    moves={
        (_S.CREATED, _F.PAYMENT_PAGE_OPENED): _S.PENDING,
        (_S.CREATED, _F.PAYMENT_EXPIRED): _S.EXPIRED,
        (_S.CREATED, _F.PAYMENT_CANCELLED): _S.CANCELLED,
        (_S.PENDING, _F.PAYMENT_DECLINED): _S.DECLINED,
        (_S.PENDING, _F.PAYMENT_EXPIRED): _S.EXPIRED,
        (_S.PENDING, _F.PAYMENT_CANCELLED): _S.CANCELLED,
        **{(state, success): _S.SUCCEEDED for state in _MAY_STILL_SUCCEED for success in _SUCCESSES},
        (_S.SUCCEEDED, _F.DISPUTE_OPENED): _S.DISPUTED,
        (_S.DISPUTED, _F.DISPUTE_WON): _S.WON,
        (_S.DISPUTED, _F.DISPUTE_LOST): _S.LOST,
    },
)


class Payer(StrEnum):
    """Who holds the card."""

    SELF = "self"
    THIRD_PARTY = "third_party"


class Payment(Work):
    """One attempt to pay one file.

    Every parameter of the provider's page is stored before the page is asked for: asking again is asking the same.
    `crous` is the one its money came in for; whatever goes back leaves that one, wherever the student has moved since.
    """

    kind: ClassVar[str] = "payment"
    key_fields: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    person_id: str
    year: AcademicYear
    payer: Payer
    state: PaymentState
    amount_cents: int
    language: str
    started_at: datetime
    page_expires_at: datetime
    link: str | None = None
    provider_ref: str | None = None
    page_url: str | None = None
    disposition: Disposition | None = None
    transaction: str | None = None
    crous: str | None = None
    succeeded_at: datetime | None = None
    card_brand: str | None = None
    card_last4: str | None = None
    three_d_secure: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether the provider may still be taking money on its page, as far as we know."""
        return self.state in (PaymentState.CREATED, PaymentState.PENDING)

    def is_worth_showing(self, now: datetime) -> bool:
        """Whether its page has time enough left for somebody to find their card."""
        return self.is_open and now < self.page_expires_at - LEAST_USEFUL_LIFE

    def after(self, fact: Fact, **changes: Any) -> Self:
        """The attempt once this fact has happened to it."""
        return self.next(state=PAYMENT.after(self.state, fact), **changes)


class DisputeStatus(StrEnum):
    """What the provider says of a payment its holder disputes with their bank."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class PageStatus(StrEnum):
    """What the provider says of its page."""

    OPEN = "open"
    PAID = "paid"
    PROCESSING = "processing"
    EXPIRED = "expired"


class Snapshot(Value):
    """The provider's truth about one page, fetched from server to server."""

    ref: str
    payment_id: str
    status: PageStatus
    amount_cents: int
    currency: str
    is_live: bool
    transaction: str | None = None
    card_brand: str | None = None
    card_last4: str | None = None
    three_d_secure: str | None = None
    last_decline: str | None = None
    dispute: DisputeStatus | None = None


def outcome(file: File, payment: Payment, snapshot: Snapshot, *, is_live: bool) -> tuple[Fact, Disposition]:
    """What becomes of money the provider has captured: it settles an open file, or goes back.

    Money of another amount, currency, attempt or world (test money in production) never settles anything.
    """
    expected = (payment.id, payment.amount_cents, CURRENCY, is_live)
    if (snapshot.payment_id, snapshot.amount_cents, snapshot.currency, snapshot.is_live) != expected:
        return Fact.PAYMENT_MISMATCHED, Disposition.REFUND_DUE
    if file.state is FileState.OPEN:
        return Fact.PAYMENT_APPLIED, Disposition.APPLIED
    is_second = file.settled_by is not None
    return Fact.PAYMENT_NOT_NEEDED, Disposition.SURPLUS if is_second else Disposition.REFUND_DUE

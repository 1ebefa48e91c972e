"""The person and the account: who the student is to us, and what they sign in to."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Self

from cvec.domain.contact import Contact
from cvec.domain.facts import Fact
from cvec.domain.history import ACCOUNT_CHAIN, Chronicled
from cvec.domain.identity import Identity
from cvec.domain.institution import Institution
from cvec.domain.lifecycle import Lifecycle
from cvec.domain.model import Row, Work


class AccountState(StrEnum):
    """Where an account stands."""

    PENDING_PASSWORD = "pending_password"
    ACTIVE = "active"
    LOCKED = "locked"
    UNDER_REVIEW = "under_review"
    BLOCKED = "blocked"
    CLOSED = "closed"
    ERASED = "erased"


_S, _F = AccountState, Fact
ACCOUNT = Lifecycle(
    "account",
    births={_F.REGISTRATION_COMPLETED: _S.PENDING_PASSWORD},
    moves={
        (_S.PENDING_PASSWORD, _F.PASSWORD_SET): _S.ACTIVE,
        (_S.ACTIVE, _F.PASSWORD_SET): _S.ACTIVE,
        (_S.LOCKED, _F.PASSWORD_SET): _S.ACTIVE,
        (_S.UNDER_REVIEW, _F.PASSWORD_SET): _S.UNDER_REVIEW,
        (_S.BLOCKED, _F.PASSWORD_SET): _S.BLOCKED,
        (_S.ACTIVE, _F.EMAIL_CHANGED): _S.ACTIVE,
        (_S.LOCKED, _F.EMAIL_CHANGED): _S.LOCKED,
        (_S.UNDER_REVIEW, _F.EMAIL_CHANGED): _S.UNDER_REVIEW,
        (_S.BLOCKED, _F.EMAIL_CHANGED): _S.BLOCKED,
        (_S.PENDING_PASSWORD, _F.ACCESS_TAKEN_BACK): _S.PENDING_PASSWORD,
        (_S.ACTIVE, _F.ACCESS_TAKEN_BACK): _S.PENDING_PASSWORD,
        (_S.LOCKED, _F.ACCESS_TAKEN_BACK): _S.PENDING_PASSWORD,
        (_S.UNDER_REVIEW, _F.ACCESS_TAKEN_BACK): _S.UNDER_REVIEW,
        (_S.BLOCKED, _F.ACCESS_TAKEN_BACK): _S.BLOCKED,
        (_S.ACTIVE, _F.ACCOUNT_LOCKED): _S.LOCKED,
        (_S.LOCKED, _F.ACCOUNT_UNLOCKED): _S.ACTIVE,
        (_S.ACTIVE, _F.PROOF_SUBMITTED): _S.UNDER_REVIEW,
        (_S.UNDER_REVIEW, _F.PROOF_ACCEPTED): _S.ACTIVE,
        (_S.UNDER_REVIEW, _F.PROOF_REFUSED): _S.BLOCKED,
        (_S.BLOCKED, _F.PROOF_ACCEPTED): _S.ACTIVE,
        (_S.PENDING_PASSWORD, _F.ACCOUNT_CLOSED): _S.CLOSED,
        (_S.ACTIVE, _F.ACCOUNT_CLOSED): _S.CLOSED,
        (_S.UNDER_REVIEW, _F.ACCOUNT_CLOSED): _S.CLOSED,
        (_S.BLOCKED, _F.ACCOUNT_CLOSED): _S.CLOSED,
        (_S.CLOSED, _F.ACCOUNT_ERASED): _S.ERASED,
    },
)


class Person(Row):
    """The natural person: what registration collected."""

    kind: ClassVar[str] = "person"
    key_fields: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    email: str
    language: str
    ine: str
    identity: Identity
    institution: Institution
    contact: Contact
    registered_at: datetime


INACTIVE_AFTER = timedelta(days=3 * 365)
"""Without signing in, an account is closed (CNIL: keep no more than is needed; PROCESS §8)."""
WARNED_BEFORE = timedelta(days=30)
"""How long before that a mail says so, with the date."""
ERASED_AFTER = timedelta(days=30)
"""From its closing to its erasure: time for what is under way at the bank to come back."""


class Account(Work, Chronicled):
    """What the person signs in to. `password_hash` is None until the first password is set.

    `seen_at` is the last sign-in; `look_at` when time next does something to it: a warning, its closing, its erasure.
    """

    kind: ClassVar[str] = "account"
    key_fields: ClassVar[tuple[str, ...]] = ("person_id",)
    person_id: str
    state: AccountState
    password_hash: str | None = None
    password_set_at: datetime | None = None
    seen_at: datetime | None = None
    is_warned: bool = False
    closed_at: datetime | None = None
    undoable: tuple[str, ...] = ()
    """The links (by digest) that may undo a change of address, oldest first; see `usecases/not_me.py`."""

    @property
    def chronicle(self) -> tuple[str, str]:
        """Its history has a name of its own."""
        return self.person_id, ACCOUNT_CHAIN

    def after(self, fact: Fact, **changes: Any) -> Self:
        """The account once this fact has happened to it, or to what belongs to it."""
        return self.next(state=ACCOUNT.after(self.state, fact) if fact in ACCOUNT.facts else self.state, **changes)

    def seen(self, now: datetime) -> Self:
        """The account whose holder signs in: three years begin anew."""
        return self.next().dated(now)

    def dated(self, now: datetime) -> Self:
        """The account last seen at this moment, and to be looked at when that is long ago."""
        dates = {"seen_at": now, "is_warned": False, "look_at": now + INACTIVE_AFTER - WARNED_BEFORE}
        return self.model_copy(update=dates)

    @property
    def is_closed(self) -> bool:
        """Whether it is over, though not all of it may be erased yet."""
        return self.state in (AccountState.CLOSED, AccountState.ERASED)

    @property
    def closes_at(self) -> datetime | None:
        """When it is closed if nobody signs in."""
        return self.seen_at + INACTIVE_AFTER if self.seen_at else None

    @property
    def erased_at(self) -> datetime | None:
        """When a closed account is erased."""
        return self.closed_at + ERASED_AFTER if self.closed_at else None


class Claim(Row):
    """A unique thing (address, INE, certificate number, provider reference) and the one it belongs to.

    `name` is what is claimed, hashed with the service's secret where it is personal. A released claim has no holder.
    """

    kind: ClassVar[str] = "claim"
    key_fields: ClassVar[tuple[str, ...]] = ("of", "name")
    of: str
    name: str
    holder: tuple[str, ...] = ()

"""The law of registration: a draft lives 14 days, keeps each screen as sent, and becomes an account once complete."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Self

from pydantic import Field

from cvec.domain.contact import Contact
from cvec.domain.errors import ChangedElsewhere, EmailNotVerified, FieldError, RegistrationIncomplete
from cvec.domain.facts import Fact
from cvec.domain.identity import Identity
from cvec.domain.institution import Institution
from cvec.domain.lifecycle import Lifecycle
from cvec.domain.model import Work

LIFE = timedelta(days=14)
WARNED_BEFORE = timedelta(days=3)
"""How long before its end a draft whose address is confirmed is told of it."""
SCREENS = ("identity", "email", "ine", "institution", "contact")
"""What a registration consists of, in the guide's order."""


class DraftState(StrEnum):
    """Where a registration stands."""

    DRAFT = "draft"
    EMAIL_VERIFIED = "email_verified"
    COMPLETED = "completed"
    ERASED = "erased"


REGISTRATION = Lifecycle(
    "registration",
    births={Fact.REGISTRATION_STARTED: DraftState.DRAFT},
    moves={
        (DraftState.DRAFT, Fact.EMAIL_CHANGED): DraftState.DRAFT,
        (DraftState.DRAFT, Fact.EMAIL_CONFIRMED): DraftState.EMAIL_VERIFIED,
        (DraftState.EMAIL_VERIFIED, Fact.EMAIL_CHANGED): DraftState.DRAFT,
        (DraftState.EMAIL_VERIFIED, Fact.REGISTRATION_COMPLETED): DraftState.COMPLETED,
        (DraftState.DRAFT, Fact.DRAFT_ERASED): DraftState.ERASED,
        (DraftState.EMAIL_VERIFIED, Fact.DRAFT_ERASED): DraftState.ERASED,
    },
)


class Draft(Work):
    """A registration under way: the screens sent so far. `changed_in` is the version in which each last changed.

    `code_mail` is the mail that brought the last code.
    """

    kind: ClassVar[str] = "draft"
    key_fields: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    state: DraftState = DraftState.DRAFT
    started_at: datetime
    language: str = "fr"
    email: str | None = None
    identity: Identity | None = None
    ine: str | None = None
    institution: Institution | None = None
    contact: Contact | None = None
    code_mail: str | None = None
    changed_in: dict[str, int] = Field(default_factory=dict)

    @property
    def expires_at(self) -> datetime:
        """The first moment at which the draft is gone."""
        return self.started_at + LIFE

    @property
    def warned_at(self) -> datetime:
        """When its owner is told that it ends soon."""
        return self.expires_at - WARNED_BEFORE

    @property
    def swept_at(self) -> datetime | None:
        """When storage may forget it."""
        return self.expires_at

    @property
    def missing(self) -> tuple[str, ...]:
        """The screens not sent yet, in the guide's order; none once the account is made."""
        if self.state is DraftState.COMPLETED:
            return ()
        return tuple(screen for screen in SCREENS if getattr(self, screen) is None)

    def next(self, **changes: Any) -> Self:
        """The following version, which remembers what changed in it."""
        later = super().next(**changes)
        changed = {name for name in SCREENS if getattr(later, name) != getattr(self, name)}
        return later.model_copy(update={"changed_in": {**self.changed_in, **dict.fromkeys(changed, later.version)}})

    def unless_changed(self, since: int | None, **screen: object) -> Self:
        """Itself, if the screen about to be kept was not changed after version `since`; None asks for no care.

        The same content twice is no conflict. Raises ChangedElsewhere.
        """
        for name, content in screen.items():
            is_later = since is not None and self.changed_in.get(name, 0) > since
            if is_later and getattr(self, name) != content:
                raise ChangedElsewhere
        return self

    def with_email(self, email: str) -> Self:
        """The draft with another address, to be confirmed; the same address again keeps what was confirmed."""
        if email == self.email:
            return self.next()
        return self.next(email=email, state=REGISTRATION.after(self.state, Fact.EMAIL_CHANGED))

    def confirmed(self) -> Self:
        """The draft whose address was proved by its code."""
        return self.next(state=REGISTRATION.after(self.state, Fact.EMAIL_CONFIRMED))

    def completed(self) -> Self:
        """What stays of the draft once the account exists: that it was completed, and nothing personal."""
        emptied = dict.fromkeys(("email", "identity", "ine", "institution", "contact"))
        return self.next(state=REGISTRATION.after(self.state, Fact.REGISTRATION_COMPLETED), **emptied)

    def check_complete(self) -> None:
        """Raise RegistrationIncomplete or EmailNotVerified unless an account may be made of it."""
        if self.missing:
            raise RegistrationIncomplete(*(FieldError(screen, "missing") for screen in self.missing))
        if self.state is not DraftState.EMAIL_VERIFIED:
            raise EmailNotVerified

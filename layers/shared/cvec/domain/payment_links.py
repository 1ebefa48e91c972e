"""The law of payment links: 48 hours, one at a time, one applied payment; opening one changes nothing.

    offered ─► active ─► opened ─► in payment ─► used
                  └──────────┴───────────┴──► declined (by the payer) · expired (48:00:00) · revoked (by the student)

A payment begun before the 48th hour may finish within its page's life. To a stranger every ended link looks the same.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field

from cvec.domain.academic_year import AcademicYear
from cvec.domain.facts import Fact
from cvec.domain.lifecycle import Lifecycle
from cvec.domain.model import Work
from cvec.domain.text import Line

LIFE = timedelta(hours=48)
REMINDERS = (timedelta(hours=24), timedelta(hours=4))
"""How long before the end both sides are reminded."""
KEPT = timedelta(days=90)
"""How long link and payer data are kept after the end (PROCESS §8)."""
DERIVED_AS = "payment-link"
UNSAID = ""
"""What stands where nobody wrote a word: nothing that anybody could write."""

LONGEST_PHRASE = 200
Phrase = Annotated[Line, Field(min_length=1, max_length=LONGEST_PHRASE)]
"""A word from the student to the payer; from the payer, why they refuse."""


class LinkState(StrEnum):
    """Where a link stands."""

    ACTIVE = "active"
    OPENED = "opened"
    IN_PAYMENT = "in_payment"
    USED = "used"
    DECLINED = "declined"
    EXPIRED = "expired"
    REVOKED = "revoked"


_S, _F = LinkState, Fact
_ALIVE = (_S.ACTIVE, _S.OPENED, _S.IN_PAYMENT)
LINK = Lifecycle(
    "payment_link",
    births={_F.LINK_OFFERED: _S.ACTIVE},
    moves={
        (_S.ACTIVE, _F.LINK_OPENED): _S.OPENED,
        **{(state, _F.LINK_ACCEPTED): _S.IN_PAYMENT for state in _ALIVE},
        **{(state, _F.PAYMENT_APPLIED): _S.USED for state in _ALIVE},
        **{(state, _F.LINK_DECLINED): _S.DECLINED for state in _ALIVE},
        **{(state, _F.LINK_EXPIRED): _S.EXPIRED for state in _ALIVE},
        **{(state, _F.LINK_REVOKED): _S.REVOKED for state in _ALIVE},
    },
)


class ShownName(StrEnum):
    """How the payer is told for whom they pay, as the student chose."""

    FIRST_NAME = "first_name"
    FIRST_NAME_AND_INITIAL = "first_name_and_initial"


def shown_name(first_name: str, birth_name: str, choice: ShownName) -> str:
    """The name on the payer's page.

    >>> shown_name("François", "N'DIAYE", ShownName.FIRST_NAME_AND_INITIAL)
    'François N.'
    """
    return first_name if choice is ShownName.FIRST_NAME else f"{first_name} {birth_name[0]}."


class PaymentLink(Work):
    """A link by which somebody else may pay one file. The token is derived from `id` by the service's secret."""

    kind: ClassVar[str] = "payment_link"
    key_fields: ClassVar[tuple[str, ...]] = ("digest",)
    digest: str
    id: str
    person_id: str
    year: AcademicYear
    state: LinkState = LinkState.ACTIVE
    offered_at: datetime
    amount_cents: int
    shown_name: str
    language: str
    phrase: str | None = None
    payer_email: str | None = None
    reminders_sent: int = 0
    refusal: str | None = None
    payment: str | None = None

    @property
    def expires_at(self) -> datetime:
        """The first moment at which it is dead: its 48th hour."""
        return self.offered_at + LIFE

    @property
    def swept_at(self) -> datetime | None:
        """When storage may forget it."""
        return self.expires_at + KEPT

    def is_alive(self, now: datetime) -> bool:
        """Whether it may still be accepted or refused: 47:59:59 yes, 48:00:00 no."""
        return self.state in _ALIVE and now < self.expires_at

    @property
    def next_look(self) -> datetime:
        """When the sweep must act on it next: a reminder, or its end."""
        before_end = [*REMINDERS, timedelta(0)][min(self.reminders_sent, len(REMINDERS))]
        return self.expires_at - before_end

    def after(self, fact: Fact, **changes: Any) -> Self:
        """The link once this fact has happened to it; one that has ended is no work any more."""
        state = LINK.after(self.state, fact)
        ended = {} if state in _ALIVE else {"look_at": None}
        return self.next(state=state, **ended, **changes)

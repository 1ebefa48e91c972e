"""What a certificate prints is only corrected by an agent, who sees the difference (names, birth date, INE)."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

from cvec.domain.facts import Fact
from cvec.domain.history import Chronicled
from cvec.domain.identity import Identity
from cvec.domain.lifecycle import Lifecycle
from cvec.domain.model import Value

PRINTED = ("civility", "birth_name", "usage_name", "first_name", "second_name", "third_name", "birth_date")
"""The fields of an identity that a certificate prints, or by which its holder is known."""


class CorrectionState(StrEnum):
    """Where a correction stands."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_S, _F = CorrectionState, Fact
CORRECTION = Lifecycle(
    "correction",
    births={_F.CORRECTION_ASKED: _S.WAITING},
    moves={
        (_S.WAITING, _F.CORRECTION_ASKED): _S.WAITING,
        (_S.WAITING, _F.CORRECTION_ACCEPTED): _S.ACCEPTED,
        (_S.WAITING, _F.CORRECTION_REFUSED): _S.REFUSED,
        (_S.WAITING, _F.CORRECTION_WITHDRAWN): _S.WITHDRAWN,
        (_S.ACCEPTED, _F.CORRECTION_ASKED): _S.WAITING,
        (_S.REFUSED, _F.CORRECTION_ASKED): _S.WAITING,
        (_S.WITHDRAWN, _F.CORRECTION_ASKED): _S.WAITING,
    },
)


class Difference(Value):
    """One field before and after, as text."""

    field: str
    before: str | None
    after: str | None


class Correction(Chronicled):
    """What a person asks to be corrected: one at a time, asked again over the last one."""

    kind: ClassVar[str] = "correction"
    key_fields: ClassVar[tuple[str, ...]] = ("person_id",)
    person_id: str
    state: CorrectionState = CorrectionState.WAITING
    asked_at: datetime
    identity: Identity | None = None
    ine: str | None = None
    decided_at: datetime | None = None

    @property
    def chronicle(self) -> tuple[str, str]:
        """Corrections have a history of their own."""
        return self.person_id, "correction"

    def after(self, fact: Fact, **changes: Any) -> Self:
        """The correction once this fact has happened to it."""
        return self.next(state=CORRECTION.after(self.state, fact), **changes)


def differences(before: Identity, after: Identity) -> tuple[Difference, ...]:
    """What a new identity changes of what is printed, field by field.

    >>> ana = Identity.model_construct(first_name="Ana", birth_name="Li")
    >>> [one.after for one in differences(ana, ana.model_copy(update={"first_name": "Anna"}))]
    ['Anna']
    """
    said = ((field, getattr(before, field, None), getattr(after, field, None)) for field in PRINTED)
    return tuple(Difference(field=field, before=_text(old), after=_text(new)) for field, old, new in said if old != new)


def _text(value: object) -> str | None:
    return None if value is None else str(value)

"""Refunds: money back to the card that paid, whoever's it is, in full and once."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

from cvec.domain.academic_year import AcademicYear
from cvec.domain.facts import Fact
from cvec.domain.lifecycle import Lifecycle
from cvec.domain.model import Work


class RefundState(StrEnum):
    """Where a refund stands."""

    REQUESTED = "requested"
    SUBMITTED = "submitted"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    MANUAL = "manual"
    DROPPED = "dropped"


class RefundReason(StrEnum):
    """Why money goes back (PROCESS: refund)."""

    SURPLUS = "surplus"
    LATE = "late"
    MISMATCH = "mismatch"
    EXEMPTION = "exemption"
    NOT_LIABLE = "not_liable"
    AGENT = "agent"


_S, _F = RefundState, Fact
REFUND = Lifecycle(
    "refund",
    births={_F.REFUND_REQUESTED: _S.REQUESTED},
    moves={
        (_S.REQUESTED, _F.REFUND_SUBMITTED): _S.SUBMITTED,
        (_S.REQUESTED, _F.REFUND_SUCCEEDED): _S.SUCCEEDED,
        (_S.REQUESTED, _F.REFUND_FAILED): _S.FAILED,
        (_S.SUBMITTED, _F.REFUND_SUCCEEDED): _S.SUCCEEDED,
        (_S.SUBMITTED, _F.REFUND_FAILED): _S.FAILED,
        (_S.SUCCEEDED, _F.REFUND_FAILED): _S.FAILED,
        (_S.FAILED, _F.REFUND_RETRIED): _S.REQUESTED,
        (_S.FAILED, _F.REFUND_HANDED_OVER): _S.MANUAL,
        # the bank gave the money back itself, by a dispute we lost: never both;
        # one under way ends by the provider's word
        (_S.REQUESTED, _F.REFUND_DROPPED): _S.DROPPED,
        (_S.FAILED, _F.REFUND_DROPPED): _S.DROPPED,
        (_S.MANUAL, _F.REFUND_DROPPED): _S.DROPPED,
    },
)


class Refund(Work):
    """The order to give one payment's money back, and its course. At most one per payment and reason."""

    kind: ClassVar[str] = "refund"
    key_fields: ClassVar[tuple[str, ...]] = ("payment_id", "reason")
    payment_id: str
    reason: RefundReason
    person_id: str
    year: AcademicYear
    state: RefundState
    amount_cents: int
    transaction: str
    requested_at: datetime
    tries: int = 0
    provider_ref: str | None = None

    def after(self, fact: Fact, **changes: Any) -> Self:
        """The refund once this fact has happened to it."""
        return self.next(state=REFUND.after(self.state, fact), **changes)

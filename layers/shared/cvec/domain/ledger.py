"""The ledger: every movement of money, by day and Crous, to be held against the provider's own account of the day."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from zoneinfo import ZoneInfo

from cvec.domain.model import Row, Value

_UTC = ZoneInfo("UTC")


class Movement(StrEnum):
    """What moved. Amounts are counted as they change what we hold: a refund and a lost dispute are negative."""

    CAPTURE = "capture"
    REFUND = "refund"
    DISPUTE = "dispute"


class LedgerLine(Row):
    """One movement of one payment, on a day in UTC, as the provider counts days. Written with the change it records."""

    kind: ClassVar[str] = "ledger_line"
    key_fields: ClassVar[tuple[str, ...]] = ("day", "crous", "movement", "ref")
    day: date
    crous: str
    movement: Movement
    ref: str
    payment_id: str
    transaction: str
    amount_cents: int
    at: datetime


class ProviderMovement(Value):
    """One line of the provider's account of a day."""

    transaction: str
    movement: Movement
    amount_cents: int


class Mismatch(StrEnum):
    """How the two accounts of a day may differ."""

    PROVIDER_ONLY = "provider_only"
    LEDGER_ONLY = "ledger_only"
    AMOUNT_DIFFERS = "amount_differs"


class Difference(Value):
    """One difference, to look into: never repaired by writing a figure, always by asking the provider again."""

    mismatch: Mismatch
    transaction: str
    movement: Movement
    provider_cents: int
    ledger_cents: int


def day_of(moment: datetime) -> date:
    """The ledger's day of a moment."""
    return moment.astimezone(_UTC).date()


def differences(provider: list[ProviderMovement], ledger: list[LedgerLine]) -> list[Difference]:
    """Where the two accounts of a day differ, per payment and kind of movement; what came and went is no difference."""
    theirs = _totals([(one.transaction, one.movement, one.amount_cents) for one in provider])
    ours = _totals([(one.transaction, one.movement, one.amount_cents) for one in ledger])
    return [
        Difference(
            mismatch=_mismatch(theirs.get(key), ours.get(key)),
            transaction=key[0],
            movement=key[1],
            provider_cents=theirs.get(key, 0),
            ledger_cents=ours.get(key, 0),
        )
        for key in sorted(theirs.keys() | ours.keys())
        if theirs.get(key, 0) != ours.get(key, 0)
    ]


def _totals(lines: list[tuple[str, Movement, int]]) -> dict[tuple[str, Movement], int]:
    totals: dict[tuple[str, Movement], int] = {}
    for transaction, movement, cents in lines:
        totals[transaction, movement] = totals.get((transaction, movement), 0) + cents
    return totals


def _mismatch(theirs: int | None, ours: int | None) -> Mismatch:
    if ours is None:
        return Mismatch.PROVIDER_ONLY
    return Mismatch.LEDGER_ONLY if theirs is None else Mismatch.AMOUNT_DIFFERS

"""Two accounts of one day: every way in which they may differ, and the ways in which they do not."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from cvec.domain.ledger import Difference, LedgerLine, Mismatch, Movement, ProviderMovement, day_of, differences
from hypothesis import given
from hypothesis import strategies as st

DAY = date(2026, 7, 1)
CAPTURE, REFUND, DISPUTE = Movement.CAPTURE, Movement.REFUND, Movement.DISPUTE
Moved = tuple[str, Movement, int]


def theirs(*moved: Moved) -> list[ProviderMovement]:
    return [ProviderMovement(transaction=one, movement=kind, amount_cents=cents) for one, kind, cents in moved]


def ours(*moved: Moved) -> list[LedgerLine]:
    return [
        LedgerLine(
            day=DAY,
            crous="LYO",
            movement=kind,
            ref=f"ref{number}",
            payment_id=f"payment of {one}",
            transaction=one,
            amount_cents=cents,
            at=datetime(2026, 7, 1, 12, tzinfo=UTC),
        )
        for number, (one, kind, cents) in enumerate(moved)
    ]


def found(provider: list[Moved], ledger: list[Moved]) -> list[tuple[Mismatch, str, Movement, int, int]]:
    return [
        (one.mismatch, one.transaction, one.movement, one.provider_cents, one.ledger_cents)
        for one in differences(theirs(*provider), ours(*ledger))
    ]


@pytest.mark.parametrize(
    ("provider", "ledger", "expected"),
    [
        ([], [], []),
        ([("a", CAPTURE, 10500)], [("a", CAPTURE, 10500)], []),
        ([("a", CAPTURE, 10500)], [], [(Mismatch.PROVIDER_ONLY, "a", CAPTURE, 10500, 0)]),
        ([], [("a", REFUND, -10500)], [(Mismatch.LEDGER_ONLY, "a", REFUND, 0, -10500)]),
        ([("a", CAPTURE, 10500)], [("a", CAPTURE, 10300)], [(Mismatch.AMOUNT_DIFFERS, "a", CAPTURE, 10500, 10300)]),
        # another kind of movement of the same payment is another matter
        (
            [("a", REFUND, -10500)],
            [("a", DISPUTE, -10500)],
            [(Mismatch.LEDGER_ONLY, "a", DISPUTE, 0, -10500), (Mismatch.PROVIDER_ONLY, "a", REFUND, -10500, 0)],
        ),
        # counted twice by one side
        (
            [("a", CAPTURE, 10500)],
            [("a", CAPTURE, 10500), ("a", CAPTURE, 10500)],
            [(Mismatch.AMOUNT_DIFFERS, "a", CAPTURE, 10500, 21000)],
        ),
        # the day's total agrees, and still two payments do not
        (
            [("a", CAPTURE, 10500)],
            [("b", CAPTURE, 10500)],
            [(Mismatch.PROVIDER_ONLY, "a", CAPTURE, 10500, 0), (Mismatch.LEDGER_ONLY, "b", CAPTURE, 0, 10500)],
        ),
        # in two lines there, in one here
        ([("a", REFUND, -500), ("a", REFUND, -10000)], [("a", REFUND, -10500)], []),
        # a refund that came back the same day, of which one side says nothing
        ([("a", REFUND, -10500), ("a", REFUND, 10500)], [], []),
        ([], [("a", DISPUTE, -10500), ("a", DISPUTE, 10500)], []),
    ],
)
def test_two_accounts_differ_where_they_differ(
    provider: list[Moved], ledger: list[Moved], expected: list[tuple[Mismatch, str, Movement, int, int]]
) -> None:
    assert found(provider, ledger) == expected


moved = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(Movement), st.integers(-20000, 20000)), max_size=8)


@given(moved, moved)
def test_the_differences_account_for_the_whole_gap_whatever_the_order(
    provider: list[Moved], ledger: list[Moved]
) -> None:
    gap = sum(cents for *_, cents in provider) - sum(cents for *_, cents in ledger)
    listed = found(provider, ledger)
    assert sum(there - here for *_, there, here in listed) == gap
    assert found(provider[::-1], ledger[::-1]) == listed
    assert found(provider, provider) == []


def test_a_difference_holds_no_more_than_it_takes_to_look_into_it() -> None:
    assert set(Difference.model_fields) == {"mismatch", "transaction", "movement", "provider_cents", "ledger_cents"}


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 7, 1, 23, 59, 59, 999999, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 2, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 7, 2, 1, 59, tzinfo=timezone(timedelta(hours=2))), date(2026, 7, 1)),
    ],
)
def test_a_day_is_a_day_in_utc_as_the_provider_counts(moment: datetime, day: date) -> None:
    assert day_of(moment) == day

"""How often anything may be tried: the windows, at their edges."""

from datetime import UTC, datetime, timedelta

import pytest
from cvec.domain.limits import CODES_SENT, CODES_TRIED, PASSWORD_LINKS, SIGN_INS_FAILED, Limit, Quota, retry_at
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def most_within(limit: Limit, span: timedelta, step: timedelta = timedelta(seconds=10)) -> int:
    """How many tries somebody gets who tries all the time."""
    spent: list[datetime] = []
    now = NOON
    while now < NOON + span:
        if retry_at(limit, spent, now) is None:
            spent.append(now)
        now += step
    return len(spent)


@pytest.mark.parametrize(
    ("limit", "span", "tries"),
    [
        (CODES_SENT, timedelta(seconds=50), 1),
        (CODES_SENT, timedelta(minutes=59), 5),
        (CODES_SENT, timedelta(hours=23), 10),
        (CODES_TRIED, timedelta(hours=23), 10),
        (PASSWORD_LINKS, timedelta(minutes=59), 5),
        (PASSWORD_LINKS, timedelta(hours=23), 10),
        (SIGN_INS_FAILED, timedelta(minutes=14), 10),
        (SIGN_INS_FAILED, timedelta(minutes=29), 20),
        (SIGN_INS_FAILED, timedelta(hours=23), 25),
    ],
)
def test_the_most_that_anybody_gets(limit: Limit, span: timedelta, tries: int) -> None:
    assert most_within(limit, span) == tries


@pytest.mark.parametrize(("seconds", "waits"), [(0, True), (59, True), (60, False)])
def test_a_second_code_may_be_sent_after_a_minute(seconds: int, waits: bool) -> None:
    allowed = retry_at(CODES_SENT, [NOON], NOON + timedelta(seconds=seconds))
    assert allowed == (NOON + timedelta(minutes=1) if waits else None)


def test_the_longest_wait_is_told() -> None:
    spent = [NOON + timedelta(minutes=2 * number) for number in range(5)]
    assert retry_at(CODES_SENT, spent, NOON + timedelta(minutes=9)) == NOON + timedelta(hours=1)


@given(st.lists(st.integers(min_value=0, max_value=90_000), max_size=40), st.integers(min_value=0, max_value=90_000))
def test_what_is_told_is_true_whatever_the_order(seconds: list[int], at: int) -> None:
    spent = [NOON + timedelta(seconds=second) for second in seconds if second <= at]
    now = NOON + timedelta(seconds=at)
    allowed = retry_at(SIGN_INS_FAILED, spent, now)
    if allowed is not None:
        assert allowed > now
        assert retry_at(SIGN_INS_FAILED, spent, allowed) is None


def test_a_quota_is_forgotten_a_day_after_its_last_try() -> None:
    quota = Quota(limit="x", subject="y", spent=(NOON, NOON - timedelta(hours=1)))
    assert quota.swept_at == NOON + timedelta(days=1)
    assert Quota(limit="x", subject="y").swept_at is None

"""Dangerous pairs of gestures, in every order of their calls (or every order with few switches)."""

import pytest

from tests.proof import figures
from tests.proof.interleavings import PAIRS, Explored, explore


@pytest.fixture(scope="module")
def explored() -> list[Explored]:
    return [explore(pair) for pair in PAIRS]


def test_no_schedule_breaks_a_promise(explored: list[Explored]) -> None:
    assert [one for pair in explored for one in pair.violations] == []


def test_so_many_schedules_were_run_and_the_page_says_so(explored: list[Explored]) -> None:
    figures.check("pairs interleaved", len(explored))
    figures.check("interleavings", sum(pair.schedules for pair in explored))

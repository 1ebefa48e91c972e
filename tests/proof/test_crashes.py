"""Every call of every gesture to the world outside is broken in every way, and every promise survives."""

import pytest

from tests.proof import figures
from tests.proof.crashes import Survival, survive
from tests.proof.scenes import BACKGROUND, PAYING, STREET


@pytest.fixture(scope="module")
def survival() -> Survival:
    return survive((*STREET, *PAYING, *BACKGROUND))


def test_no_promise_is_broken_by_any_fault_at_any_call(survival: Survival) -> None:
    assert survival.violations == []


def test_so_many_points_and_faults_were_tried_and_the_page_says_so(survival: Survival) -> None:
    assert survival.points >= 200
    assert survival.faults >= 1000
    figures.check("gestures broken", survival.scenes)
    figures.check("crash points survived", survival.points)
    figures.check("faults injected", survival.faults)

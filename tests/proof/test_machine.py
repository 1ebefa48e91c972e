"""The street with everybody on it keeps its promises, step after step."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.proof import figures
from tests.proof.machine import Street

LEAST_STEPS, DEEP_STEPS = 20_000, 500_000
STEPS_A_RUN = 50


def test_the_promises_hold_after_every_step_of_the_machine() -> None:
    is_deep = figures.IS_DEEP
    Street.steps = 0
    wanted = DEEP_STEPS if is_deep else LEAST_STEPS
    run_state_machine_as_test(
        Street,
        settings=settings(
            max_examples=wanted // STEPS_A_RUN + wanted // 400,
            stateful_step_count=STEPS_A_RUN,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Street.steps >= wanted

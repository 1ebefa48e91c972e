"""The street with everybody on it keeps its promises, step after step."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.proof.machine import Street

LEAST_STEPS, DEEP_STEPS = 20_000, 500_000
STEPS_A_RUN = 50


def test_the_promises_hold_after_every_step_of_the_machine() -> None:
    assert take_steps(LEAST_STEPS) >= LEAST_STEPS


def take_steps(wanted: int) -> int:
    """Let the machine take at least so many steps; how many it took. Raises AssertionError at a broken promise."""
    Street.steps = 0
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
    return Street.steps

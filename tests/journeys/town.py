"""A laptop of a test's own, with one time for the service and for its card provider, which only tests move on.

PYTEST_DONT_REWRITE: also imported by name, so pytest may meet it before it is asked for as a plugin.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cvec import wiring
from cvec.domain.history import Entry

from infra.local.laptop import Laptop
from tests.journeys.street import YEAR, Student, person_of, ready_to_pay
from tests.support.laptop import TEMPLATE

AMOUNT = 10_500
RECONCILE = ("PayFunction", "Reconcile")


class LaterClock:
    """The service's clock, some time ahead of the real one."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def sleep(self, seconds: float) -> None:
        """Nobody waits for a clock that may be moved."""


class Town:
    """The laptop, with one time for the service and for its card provider."""

    def __init__(self, laptop: Laptop) -> None:
        self.laptop, self.cards = laptop, laptop.cards.control
        self.clock = LaterClock()
        wiring.use(replace(wiring.tools(), clock=self.clock))

    def pass_time(self, **span: float) -> None:
        """Time passes for everybody."""
        self.our_time_passes(**span)
        self.cards.advance(timedelta(**span).total_seconds())

    def our_time_passes(self, **span: float) -> None:
        """Time passes here, and not at the provider."""
        self.clock.ahead += timedelta(**span)

    def reconcile(self) -> Any:
        """The schedule that looks at whatever is still open."""
        return self.laptop.pump.run_schedule(*RECONCILE)

    def hear(self) -> None:
        """Every notification arrives and is looked into."""
        assert self.cards.wait_for_deliveries() == 0
        self.laptop.pump.drain()

    def kept_cents(self) -> int:
        return int(self.cards.state()["kept_cents"])

    def facts(self, student: Student) -> list[str]:
        """What happened to a student's file, in order."""
        return [str(entry.name) for entry in wiring.tools().store.all(Entry, person_of(student), YEAR)]


@pytest.fixture
def town() -> Iterator[Town]:
    """A town of each test's own, since clocks only go forward."""
    with Laptop(TEMPLATE) as laptop:
        yield Town(laptop)


@pytest.fixture
def student(town: Town) -> Student:
    return ready_to_pay(town.laptop)

"""Fires schedules: on time in the background, or one at a time when a test says so."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from threading import Event as Flag
from typing import Any

from infra.local.event_sources import Schedule
from infra.local.functions import Fleet
from infra.local.schedules import next_run

log = logging.getLogger(__name__)


class Timekeeper:
    """Knows the schedules of all functions and when each is due."""

    def __init__(
        self, schedules: Sequence[Schedule], fleets: Mapping[str, Fleet], after_round: Callable[[], None]
    ) -> None:
        self._schedules, self._fleets, self._after_round = schedules, fleets, after_round

    def fire(self, function: str, event: str) -> Any:
        """Fire one schedule now, due or not; the function's answer. Raises LookupError, or the last failure."""
        for schedule in self._schedules:
            if (schedule.function, schedule.event) == (function, event):
                return self._fire(schedule)
        raise LookupError(f"the template has no schedule {event} for {function}")

    def keep(self, stopping: Flag) -> None:
        """Fire each active schedule when it is due, until told to stop."""
        due = {place: _next(one) for place, one in enumerate(self._schedules) if one.is_enabled}
        while due and not stopping.wait(_seconds_until(min(due.values()))):
            for place, moment in list(due.items()):
                if moment <= datetime.now(UTC):
                    self._fire_and_note(self._schedules[place])
                    due[place] = _next(self._schedules[place])

    def _fire_and_note(self, schedule: Schedule) -> None:
        try:
            self._fire(schedule)
        except Exception:  # as on AWS, a schedule that fails is a log line, and its next time comes
            log.exception("%s.%s gave up", schedule.function, schedule.event)

    def _fire(self, schedule: Schedule) -> Any:
        call = self._fleets[schedule.function].call
        try:
            for _ in range(schedule.max_retries):
                try:
                    return call(schedule.input)
                except Exception:  # Lambda tries an asynchronous call again whatever failed
                    log.exception("%s.%s failed", schedule.function, schedule.event)
            return call(schedule.input)
        finally:
            self._after_round()


def _next(schedule: Schedule) -> datetime:
    return next_run(schedule.expression, datetime.now(UTC))


def _seconds_until(moment: datetime) -> float:
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())

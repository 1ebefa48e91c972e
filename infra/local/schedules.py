"""When a schedule is due: `rate(5 minutes)` and the plain part of `cron(...)`, in UTC as EventBridge reads them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

UNITS = {"minute": 60, "hour": 3600, "day": 86400}

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_CRON = re.compile(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)")
_LOOK_AHEAD_DAYS = 366 * 5


class UnknownScheduleError(Exception):
    """The expression is neither a rate nor a cron that this reader understands."""


def next_run(expression: str, after: datetime) -> datetime:
    """The first instant strictly after `after` at which the schedule is due. Raises UnknownScheduleError.

    >>> noon = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    >>> next_run("rate(5 minutes)", noon).isoformat(), next_run("cron(30 3 * * ? *)", noon).isoformat()
    ('2026-07-01T12:05:00+00:00', '2026-07-02T03:30:00+00:00')
    """
    if rate := _RATE.fullmatch(expression):
        return after + timedelta(seconds=int(rate[1]) * UNITS[rate[2]])
    if cron := _CRON.fullmatch(expression):
        return _next_cron(cron.groups(), after)
    raise UnknownScheduleError(f"{expression} is neither rate(...) nor cron(...)")


def _next_cron(fields: tuple[str, ...], after: datetime) -> datetime:
    minutes, hours, days, months, weekdays, years = fields
    for day in _days_from(after):
        is_day = _among(day.day, days, 1, 31) and _among(day.month, months, 1, 12)
        # EventBridge counts Sunday as 1.
        if is_day and _among(day.isoweekday() % 7 + 1, weekdays, 1, 7) and _among(day.year, years, 1970, 2199):
            for moment in _minutes_of(day, hours, minutes):
                if moment > after:
                    return moment
    raise UnknownScheduleError(f"cron({' '.join(fields)}) never comes")


def _days_from(after: datetime) -> Iterator[datetime]:
    midnight = after.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight + timedelta(days=days) for days in range(_LOOK_AHEAD_DAYS))


def _minutes_of(day: datetime, hours: str, minutes: str) -> Iterator[datetime]:
    for hour in (hour for hour in range(24) if _among(hour, hours, 0, 23)):
        for minute in (minute for minute in range(60) if _among(minute, minutes, 0, 59)):
            yield day.replace(hour=hour, minute=minute)


def _among(value: int, field: str, lowest: int, highest: int) -> bool:
    """Tell whether a cron field allows a value: `*`, `?`, `5`, `1,3`, `9-17`, `0/15`."""
    return any(value in _allowed(part, lowest, highest) for part in field.split(","))


def _allowed(part: str, lowest: int, highest: int) -> range:
    written = re.fullmatch(r"(?:[*?]|(\d+)(?:-(\d+))?)(?:/(\d+))?", part)
    if written is None:
        raise UnknownScheduleError(f"the laptop's cloud does not read {part!r} in a cron expression")
    first, last, step = written.groups()
    start = int(first) if first else lowest
    # A bare number means itself; with a step it means "from there on".
    stop = int(last) if last else (start if first and not step else highest)
    return range(start, stop + 1, int(step or 1))

"""How often anything may be tried: one table of sliding windows, one rule to read it.

Sources: NIST SP 800-63B-4 (a new code does not reset the count), CNIL 2022-100 (25 failures a day at most), and what
login.gov and GOV.UK Notify publish (reference tables in docs/security.md).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple

from cvec.domain.model import Row


class Window(NamedTuple):
    """At most `max_tries` within `span`."""

    max_tries: int
    span: timedelta


class Limit(NamedTuple):
    """What is limited, and by which windows; all must have room."""

    name: str
    windows: tuple[Window, ...]


_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

CODES_SENT = Limit("codes_sent", (Window(1, _MINUTE), Window(5, _HOUR), Window(10, _DAY)))
CODES_TRIED = Limit("codes_tried", (Window(10, _DAY),))
INES_ASKED = Limit("ines_asked", (Window(10, _DAY),))
PASSWORD_LINKS = Limit("password_links", (Window(1, _MINUTE), Window(5, _HOUR), Window(10, _DAY)))
ADDRESS_REMINDERS = Limit("address_reminders", (Window(1, _MINUTE), Window(5, _DAY)))
ADDRESS_CHANGES = Limit("address_changes", (Window(5, _DAY),))
RESUME_LINKS = Limit("resume_links", (Window(1, _MINUTE), Window(5, _HOUR), Window(10, _DAY)))
UPLOADS = Limit("uploads", (Window(5, _DAY),))
LINKS_MAILED = Limit("links_mailed", (Window(5, _DAY),))
SIGN_INS_FAILED = Limit("sign_ins_failed", (Window(10, timedelta(minutes=15)), Window(25, _DAY)))


def retry_at(limit: Limit, spent: Sequence[datetime], now: datetime) -> datetime | None:
    """When the next try is allowed, or None if it is allowed now.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    >>> retry_at(CODES_SENT, [noon], noon + timedelta(seconds=59)).isoformat()
    '2026-07-01T12:01:00+00:00'
    >>> retry_at(CODES_SENT, [noon], noon + timedelta(seconds=60)) is None
    True
    """
    blocked_until = [
        recent[-window.max_tries] + window.span
        for window in limit.windows
        if len(recent := sorted(moment for moment in spent if moment > now - window.span)) >= window.max_tries
    ]
    return max(blocked_until, default=None)


class Quota(Row):
    """The tries spent against one limit for one keyed subject (an address or an account, never in clear)."""

    kind: ClassVar[str] = "quota"
    key_fields: ClassVar[tuple[str, ...]] = ("limit", "subject")
    limit: str
    subject: str
    spent: tuple[datetime, ...] = ()

    @property
    def swept_at(self) -> datetime | None:
        """When storage may forget it."""
        return max(self.spent) + _DAY if self.spent else None

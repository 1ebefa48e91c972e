"""Spending a try against a limit, before doing what is limited."""

from datetime import datetime
from math import ceil

from cvec.domain.errors import TooMany
from cvec.domain.limits import Limit, Quota, retry_at
from cvec.ports import Tools


def spend(limit: Limit, subject: str, refusal: type[TooMany], *, tools: Tools) -> Quota:
    """One more try of `subject`, to be committed with (or before) what it pays for.

    Raises `refusal` with `retry_after` in seconds where none is left.
    """
    now = tools.clock.now()
    quota = tools.store.find(Quota, limit.name, subject)
    recent = _recent(quota, limit, now)
    allowed_at = retry_at(limit, recent, now)
    if allowed_at is not None:
        raise refusal(retry_after=max(1, ceil((allowed_at - now).total_seconds())))
    spent = (*recent, now)
    return quota.next(spent=spent) if quota else Quota(limit=limit.name, subject=subject, spent=spent)


def tries_left(quota: Quota, limit: Limit) -> int:
    """How many tries the limit's widest window still has after this quota's."""
    return limit.windows[-1].max_tries - len(quota.spent)


def _recent(quota: Quota | None, limit: Limit, now: datetime) -> tuple[datetime, ...]:
    """Only what the widest window still sees is kept, so that the row never grows."""
    return tuple(moment for moment in quota.spent if moment > now - limit.windows[-1].span) if quota else ()

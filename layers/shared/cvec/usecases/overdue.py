"""What the rounds leave behind: work that has waited for longer than it may, for somebody to look at."""

from typing import TypeVar

from cvec.domain.model import Work
from cvec.domain.overdue import LONGEST_REST, is_overdue
from cvec.ports import Tools

W = TypeVar("W", bound=Work)


def overdue(kind: type[W], *, tools: Tools) -> list[W]:
    """The work of a kind that is overdue, even where its next try is put off."""
    now = tools.clock.now()
    return [work for work in tools.store.due(kind, now + LONGEST_REST) if is_overdue(work, now)]


def overdue_count(*kinds: type[Work], tools: Tools) -> int:
    """How much work of these kinds is overdue."""
    return sum(len(overdue(kind, tools=tools)) for kind in kinds)

"""Optimistic gestures: read, decide, commit; and if somebody was faster, read and decide again."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from cvec.domain.errors import Stale
from cvec.ports import Tools

P = ParamSpec("P")
T = TypeVar("T")

MAX_TRIES = 8
_PAUSE_SECONDS = 0.02


def again_if_stale(gesture: Callable[Concatenate[P], T]) -> Callable[Concatenate[P], T]:
    """Run the whole gesture again when what it read has moved; each run sees the winner's work and usually agrees.

    Raises Stale, with how long to wait, after eight tries. The gesture takes `tools` by keyword.
    """

    @wraps(gesture)
    def again(*args: P.args, **kwargs: P.kwargs) -> T:
        tools = kwargs["tools"]
        assert isinstance(tools, Tools)  # noqa: S101 - a contract between our own files
        for tries in range(1, MAX_TRIES):
            try:
                return gesture(*args, **kwargs)
            except Stale:
                tools.clock.sleep(_PAUSE_SECONDS * tries)
        try:
            return gesture(*args, **kwargs)
        except Stale:
            raise Stale(retry_after=1) from None

    return again

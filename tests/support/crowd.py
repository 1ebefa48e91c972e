"""Several people at once: a store that threads share, and what each of them was told."""

from collections.abc import Sequence
from threading import RLock
from typing import Any

from cvec.domain.errors import Refusal
from cvec.domain.model import Row

from tests.support.fakes import MemoryStore


class SharedStore(MemoryStore):
    """A store that many threads use at once: each commit is whole."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = RLock()

    def commit(self, *rows: Row, erase: Sequence[Row] = ()) -> None:
        with self._lock:
            super().commit(*rows, erase=erase)


def outcome(gesture: Any, *given: Any, **named: Any) -> str:
    """ "done", or the code of the refusal."""
    try:
        gesture(*given, **named)
    except Refusal as refusal:
        return refusal.code
    return "done"

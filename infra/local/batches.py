"""How Lambda works through a batch: again on failure, in halves when allowed, given up after so many tries."""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from infra.local.event_sources import StreamSource
from infra.local.events import Event, batch

log = logging.getLogger(__name__)

Call = Callable[[Event], Any]


@dataclass(frozen=True)
class Pace:
    """How patient the pump is: in the background as AWS, in a test in a hurry."""

    wait: Callable[[int], None]
    """Waits before the next try, given how many there were; raises to give up for now."""

    is_hurried: bool = False
    """Messages that failed come back at once, not after the queue's visibility timeout."""


class MalformedFailuresError(Exception):
    """The function's list of failed records cannot be read; Lambda then takes the whole batch as failed."""


def failed(answer: Any, known: Sequence[str]) -> set[str]:
    """Identifiers of the records that the function could not carry out. Raises MalformedFailuresError.

    >>> sorted(failed({"batchItemFailures": [{"itemIdentifier": "2"}]}, ["1", "2"]))
    ['2']
    """
    entries = (answer or {}).get("batchItemFailures") or []
    found = {entry.get("itemIdentifier") for entry in entries}
    if not found <= set(known):
        raise MalformedFailuresError(f"{found - set(known)} is not in the batch")
    return found


def sequence(record: Event) -> str:
    """Where a stream record stands in its shard."""
    return str(record["dynamodb"]["SequenceNumber"])


class StreamBatches:
    """Delivers stream records in order; gives up on those that fail too often, and says so to `give_up`."""

    def __init__(self, source: StreamSource, call: Call, give_up: Callable[[list[Event], int], None]) -> None:
        self._source, self._call, self._give_up = source, call, give_up

    def deliver(self, records: Sequence[Event], pace: Pace) -> None:
        """Work through records until each is done or given up. Splitting costs no try, as on AWS."""
        waiting = deque([(list(records), 1)])
        while waiting:
            some, tries = waiting.popleft()
            left, has_crashed = self._try(some)
            if has_crashed and self._source.bisects and len(left) > 1:
                middle = (len(left) + 1) // 2
                waiting.extendleft([(left[middle:], tries), (left[:middle], tries)])
            elif left:
                self._again(waiting, left, tries if left[0] is some[0] else 0, pace)

    def _again(self, waiting: deque[tuple[list[Event], int]], left: list[Event], tries: int, pace: Pace) -> None:
        """Try again from the first failure; a batch that got further starts counting anew."""
        if self._source.max_retries is not None and tries > self._source.max_retries:
            self._give_up(left, tries)
            return
        pace.wait(tries)
        waiting.appendleft((left, tries + 1))

    def _try(self, records: list[Event]) -> tuple[list[Event], bool]:
        """What is left to do, from the first failed record on, and whether the function crashed."""
        try:
            answer = self._call(batch(records))
            numbers = [sequence(record) for record in records]
            bad = failed(answer, numbers) if self._source.reports_failures else set()
        except Exception:  # Lambda takes any failure of a function as the failure of the batch
            log.exception("%s.%s failed", self._source.function, self._source.event)
            return records, True
        first = next((place for place, number in enumerate(numbers) if number in bad), len(records))
        return records[first:], False

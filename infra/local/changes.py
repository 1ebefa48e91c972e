"""Which service changed, and when: what the saved state and the event pump wait for."""

from collections import Counter
from threading import Condition

from werkzeug.datastructures import EnvironHeaders

READS = ("Get", "BatchGet", "TransactGet", "List", "Describe", "Query", "Scan", "Decrypt")
"""How the names of calls begin that change nothing worth saving."""

BARELY_CHANGES = frozenset({"ReceiveMessage", "ChangeMessageVisibility", "GenerateDataKey"})
"""Polling a queue hides its messages for a while: nothing to save, and no reason to wake the poller."""


def changes_something(method: str, operation: str) -> bool:
    """Tell whether a call changes stored data.

    >>> changes_something("POST", "PutItem"), changes_something("POST", "Query"), changes_something("GET", "")
    (True, False, False)
    """
    if operation:
        return not operation.startswith(READS) and operation not in BARELY_CHANGES
    return method not in {"GET", "HEAD", "OPTIONS"}


def called(headers: EnvironHeaders) -> tuple[str, str]:
    """Service and operation of an AWS call; S3 when unsigned (a form upload), no operation over REST."""
    scope = headers.get("Authorization", "").partition("Credential=")[2].partition(",")[0].split("/")
    service = scope[3] if len(scope) > 3 else "s3"
    return service, headers.get("X-Amz-Target", "").rpartition(".")[2]


class Changes:
    """How many changes each service has seen, with a bell for whoever waits for the next one."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._rings = 0
        self._bell = Condition()

    def note(self, service: str) -> None:
        """Count one change and wake who waits."""
        with self._bell:
            self._counts[service] += 1
            self._bell.notify_all()

    def count(self, service: str) -> int:
        """Changes of one service so far."""
        with self._bell:
            return self._counts[service] + self._rings

    def wait_beyond(self, service: str, seen: int, seconds: float) -> bool:
        """Sleep until the count passed `seen`, at most so many seconds; tell whether it did."""
        with self._bell:
            return self._bell.wait_for(lambda: self._counts[service] + self._rings != seen, timeout=seconds)

    def ring(self) -> None:
        """Wake everyone although nothing was written: the laptop is stopping."""
        with self._bell:
            self._rings += 1
            self._bell.notify_all()

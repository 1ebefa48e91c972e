"""Faults on demand: each is asked for by a test, happens a counted number of times, and is gone."""

import threading
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

CallKind = Literal["fail", "slow", "drop_response"]
DeliveryKind = Literal["duplicate", "delay", "drop"]


@dataclass
class CallFault:
    """What happens to the next calls of one method and path (`*` and `?` match as in a shell)."""

    kind: CallKind
    method: str
    path: str
    count: int = 1
    status: int = 503
    seconds: float = 0.0


@dataclass
class DeliveryFault:
    """What happens to the next deliveries, of one event type or of all (`*`)."""

    kind: DeliveryKind
    type: str = "*"
    count: int = 1
    seconds: float = 0.0


class Faults:
    """The faults still to happen. In memory only: a restart is a fresh network."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.calls: list[CallFault] = []
        self.deliveries: list[DeliveryFault] = []
        self.is_paused = False

    def expect(self, fault: CallFault | DeliveryFault) -> None:
        """Let it happen to the next of its kind."""
        with self._lock:
            if isinstance(fault, CallFault):
                self.calls.append(fault)
            else:
                self.deliveries.append(fault)

    def take_call(self, kind: CallKind, *, method: str, path: str) -> CallFault | None:
        """The fault of that kind meant for this call, counted down; None if there is none."""
        with self._lock:
            for fault in self.calls:
                if fault.kind == kind and fault.method == method and fnmatchcase(path, fault.path):
                    fault.count -= 1
                    self.calls = [left for left in self.calls if left.count > 0]
                    return fault
        return None

    def take_delivery(self, kind: DeliveryKind, event_type: str) -> DeliveryFault | None:
        """The fault of that kind meant for this notification, counted down; None if there is none."""
        with self._lock:
            for fault in self.deliveries:
                if fault.kind == kind and fnmatchcase(event_type, fault.type):
                    fault.count -= 1
                    self.deliveries = [left for left in self.deliveries if left.count > 0]
                    return fault
        return None

    def clear(self) -> None:
        """No more trouble."""
        with self._lock:
            self.calls, self.deliveries, self.is_paused = [], [], False

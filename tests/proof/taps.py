"""Every call a gesture makes to the world passes a tap, which may let it through, break it, or break its answer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Any

from cvec.domain.errors import CardProviderUnavailable, Refusal, Stale, TryAgain
from cvec.ports import PageBusy

from tests.proof.worlds import ProofWorld
from tests.support.fakes import FakeClock

CALLS: dict[str, frozenset[str]] = {
    "store": frozenset({"find", "all", "due", "commit"}),
    "cards": frozenset({"open_page", "fetch", "close_page", "refund", "read_notification", "events", "movements"}),
    "doorbell": frozenset({"ring"}),
    "post": frozenset({"send"}),
    "shelf": frozenset({"keep", "link"}),
    "printer": frozenset({"print"}),
}
"""Every port that reaches out of the process, and its calls."""

SLOW_SECONDS = 4
"""How long a slow call takes: less than what the adapters wait."""

Tap = Callable[[str, Callable[[], Any]], Any]


class Tapped:
    """A port whose calls pass the tap; everything else is the port's own."""

    def __init__(self, port: object, name: str, tap: Tap) -> None:
        self._port, self._name, self._tap = port, name, tap

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(self._port, attribute)
        return partial(self._call, attribute, found) if attribute in CALLS[self._name] else found

    def _call(self, attribute: str, call: Callable[..., Any], *about: Any, **how: Any) -> Any:
        return self._tap(f"{self._name}.{attribute}", partial(call, *about, **how))


def tapped(world: ProofWorld, tap: Tap) -> ProofWorld:
    """The same world, reached through the tap."""
    ports: dict[str, Any] = {name: Tapped(getattr(world, name), name, tap) for name in CALLS}
    return replace(world, **ports)


class Crash(BaseException):
    """The process dies here. No `except Exception` may swallow it."""


class Fault(StrEnum):
    """What may happen to one call."""

    KILL_BEFORE = "kill before"
    KILL_AFTER = "kill after"
    UNAVAILABLE = "unavailable"
    LOST_REPLY = "lost reply"
    CONFLICT = "conflict"
    BUSY = "busy"
    SLOW = "slow"
    OUTAGE = "outage from here on"


def faults_of(call: str) -> tuple[Fault, ...]:
    """The faults that make sense of a call."""
    killed = (Fault.KILL_BEFORE, Fault.KILL_AFTER)
    if call == "printer.print":
        return (*killed, Fault.SLOW)
    own = {"store.commit": (Fault.CONFLICT,), "cards.open_page": (Fault.BUSY,)}
    return (*killed, Fault.SLOW, Fault.UNAVAILABLE, Fault.LOST_REPLY, Fault.OUTAGE, *own.get(call, ()))


@dataclass
class Breaking:
    """A tap that breaks call number `at` in one way. `calls` are all it saw."""

    at: int | None = None
    fault: Fault | None = None
    clock: FakeClock | None = None

    def __post_init__(self) -> None:
        self.calls: list[str] = []
        self._is_out: str | None = None

    def __call__(self, name: str, call: Callable[[], Any]) -> Any:
        number = len(self.calls)
        self.calls.append(name)
        if self._is_out == name.partition(".")[0]:
            raise unavailable(name)
        return self._break(name, call) if number == self.at else call()

    def _break(self, name: str, call: Callable[[], Any]) -> Any:
        match self.fault:
            case Fault.KILL_BEFORE:
                raise Crash
            case Fault.KILL_AFTER:
                call()
                raise Crash
            case Fault.LOST_REPLY:
                call()
                raise unavailable(name)
            case Fault.CONFLICT:
                raise Stale
            case Fault.BUSY:
                raise PageBusy
            case Fault.SLOW:
                self._wait()
                return call()
            case Fault.OUTAGE:
                self._is_out = name.partition(".")[0]
        raise unavailable(name)

    def _wait(self) -> None:
        assert self.clock is not None
        self.clock.advance(seconds=SLOW_SECONDS)


def unavailable(call: str) -> Refusal:
    """How a port says that it cannot be reached."""
    return CardProviderUnavailable() if call.startswith("cards.") else TryAgain()

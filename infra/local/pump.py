"""The event pump: streams, queues and schedules wake their functions, in the background or when a test says so.

One call at a time per source, as AWS does for one shard. A test calls `drain()`, which plays everything until nothing
moves; `make run` calls `start()`, and each source then sleeps until something is written.
"""

from collections.abc import Callable, Mapping, Sequence
from threading import Event as Flag
from threading import Lock, Thread
from typing import Any

from infra.local.batches import Pace
from infra.local.functions import Fleet
from infra.local.moto_cloud import MotoCloud
from infra.local.queues import QueuePlayer
from infra.local.streams import StreamPlayer
from infra.local.template import Function
from infra.local.timekeeper import Timekeeper

Player = StreamPlayer | QueuePlayer

MOST_ROUNDS = 200
"""Rounds after which `drain` decides that the service feeds itself for ever."""

MOST_TRIES_IN_A_DRAIN = 50
LONGEST_PAUSE_SECONDS = 10.0


class NeverQuietError(Exception):
    """Something keeps making work for itself, or fails for ever without a limit on its tries."""


class StoppingError(Exception):
    """The pump is being stopped; what it was about to try again stays undone."""


class Pump:
    """Plays the event sources of all functions. `after_round` runs after each batch and each schedule."""

    def __init__(
        self,
        functions: Sequence[Function],
        fleets: Mapping[str, Fleet],
        cloud: MotoCloud,
        after_round: Callable[[], None] = lambda: None,
    ) -> None:
        self._cloud, self._fleets, self._after_round = cloud, fleets, after_round
        self._sources = [(player, Lock()) for one in functions for player in self._players(one)]
        schedules = [schedule for one in functions for schedule in one.events.schedules]
        self._timekeeper = Timekeeper(schedules, fleets, after_round)
        self._stopping = Flag()
        self._threads: list[Thread] = []

    def _players(self, function: Function) -> list[Player]:
        call = self._fleets[function.name].call
        streams: list[Player] = [StreamPlayer(one, call, self._cloud) for one in function.events.streams]
        return streams + [QueuePlayer(one, call, self._cloud) for one in function.events.queues]

    def drain(self) -> int:
        """Play streams and queues until two rounds in a row find nothing; give the number of batches played.

        Failures are tried again at once, without AWS's waiting. Schedules are not played: see `run_schedule`.
        Raises NeverQuietError.
        """
        hurried, played, quiet_rounds = Pace(_try_at_once, is_hurried=True), 0, 0
        for _ in range(MOST_ROUNDS):
            busy = sum(self._play(player, lock, hurried) for player, lock in self._sources)
            played, quiet_rounds = played + busy, 0 if busy else quiet_rounds + 1
            if quiet_rounds == 2:
                return played
        raise NeverQuietError(f"still busy after {MOST_ROUNDS} rounds")

    def run_schedule(self, function: str, event: str) -> Any:
        """Fire one schedule now, due or not; the function's answer. Raises LookupError, or the last failure."""
        return self._timekeeper.fire(function, event)

    def start(self) -> None:
        """Play in the background: one thread per source, and one for the schedules."""
        self._stopping.clear()
        self._threads = [Thread(target=self._keep_playing, args=source, daemon=True) for source in self._sources]
        self._threads.append(Thread(target=self._timekeeper.keep, args=(self._stopping,), daemon=True))
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish the calls under way, then play no more. Harmless when not started."""
        self._stopping.set()
        self._cloud.changes.ring()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def _play(self, player: Player, lock: Lock, pace: Pace) -> bool:
        with lock:
            was_busy = player.play(pace)
        if was_busy:
            self._after_round()
        return was_busy

    def _keep_playing(self, player: Player, lock: Lock) -> None:
        patient = Pace(self._pause)
        while not self._stopping.is_set():
            seen = self._cloud.changes.count(player.service)
            try:
                was_busy = self._play(player, lock, patient)
            except StoppingError:
                return
            if not was_busy:
                self._cloud.changes.wait_beyond(player.service, seen, player.recheck_seconds)

    def _pause(self, tries: int) -> None:
        """Wait longer after each try. Raises StoppingError when the laptop stops meanwhile."""
        if self._stopping.wait(min(0.5 * 2**tries, LONGEST_PAUSE_SECONDS)):
            raise StoppingError


def _try_at_once(tries: int) -> None:
    """Do not wait; raise NeverQuietError when trying again helps nothing."""
    if tries > MOST_TRIES_IN_A_DRAIN:
        raise NeverQuietError(f"still failing after {tries} tries")

"""The ledger: one lock, one clock, one set of objects; every change happens in a transaction of it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local.card_provider import state as files
from infra.local.card_provider.clock import Clock
from infra.local.card_provider.faults import Faults
from infra.local.card_provider.refusals import Json, missing
from infra.local.card_provider.state import State

NO_REQUEST: Json = {"id": None, "idempotency_key": None}


class Ledger:
    """The objects of the card provider and the only way to change them."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._depth = 0
        self._changed = False
        self.news = threading.Event()
        """Set when a delivery may have become due; the courier waits on it."""
        self.state = files.load(path) if path else State()
        self.clock = Clock(self.state.clock_offset)
        self.faults = Faults()
        self.base_url = ""
        self.request = NO_REQUEST

    @contextmanager
    def transaction(self, request: Json = NO_REQUEST) -> Iterator[None]:
        """Hold the ledger; on the way out the file, if any, says what the memory says."""
        with self._lock:
            before, self.request = self.request, request
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                self.request = before
                if self._depth == 0:
                    self._write()

    def _write(self) -> None:
        if self._changed and self._path:
            self.state.clock_offset = self.clock.offset
            files.save(self.state, self._path)
        self._changed = False

    def touch(self) -> None:
        """Say that something changed, so that it is written."""
        self._changed = True

    def put(self, thing: Json) -> Json:
        """Keep an object, new or changed."""
        self.state.objects.setdefault(thing["object"], {})[thing["id"]] = thing
        self.touch()
        return thing

    def find(self, kind: str, identifier: str) -> Json | None:
        """The object, or None."""
        return self.state.objects.get(kind, {}).get(identifier)

    def get(self, kind: str, identifier: str, *, param: str | None = None) -> Json:
        """The object; raises Refused: 404 for one named in the path, 400 for one named by a parameter."""
        found = self.find(kind, identifier)
        if found is None:
            raise missing(kind, identifier, param=param or "id", status=400 if param else 404)
        return found

    def remove(self, kind: str, identifier: str) -> None:
        """Forget an object."""
        self.state.objects[kind].pop(identifier)
        self.touch()

    def all(self, kind: str) -> list[Json]:
        """Every object of a kind, newest first, as Stripe lists them."""
        return list(reversed(self.state.objects.get(kind, {}).values()))

    def note(self, identifier: str) -> Json:
        """What is known of an object and not shown; whoever writes in it changes the object too, or touches."""
        return self.state.notes.setdefault(identifier, {})

    def start_afresh(self, *, keep_endpoints: bool) -> None:
        """Forget everything, but the subscribers if they are to be kept."""
        kept = self.state.objects.get("webhook_endpoint", {}) if keep_endpoints else {}
        secrets = {one: self.state.notes[one] for one in kept}
        self.state = State(objects={"webhook_endpoint": kept}, notes=secrets)
        self.clock.offset = 0.0
        self.faults.clear()
        self.touch()

"""State that survives a restart, `kill -9` included: whatever was answered is on the disk before the answer leaves.

One JSON file per service, replaced atomically, written only when that service changed. It outlives the process, not a
power cut: nothing is synced. On return every row is delivered once more to the streams' consumers (saved.py says why).
"""

import fcntl
import json
from contextlib import ExitStack
from pathlib import Path
from threading import Lock
from typing import Any

from infra.local.files import replace
from infra.local.moto_cloud import MotoCloud
from infra.local.place import Place
from infra.local.saved import PARTS, Part
from infra.local.stack import Stack


class StateInUseError(Exception):
    """Another laptop is writing to the same folder."""


class State:
    """The saved content of one cloud in one folder. Raises StateInUseError when another process has it."""

    def __init__(self, folder: Path, stack: Stack, cloud: MotoCloud) -> None:
        self._place, self._cloud, self._folder = Place(stack, cloud, folder), cloud, folder
        self._saved: dict[str, int] = {}
        self._saving = Lock()
        self._open_files = ExitStack()
        self._claim()

    def _claim(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = self._open_files.enter_context((self._folder / "lock").open("w"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the system gives it back even after a kill
        except BlockingIOError as error:
            self.close()
            raise StateInUseError(f"{self._folder} is in use by another laptop") from error

    def restore(self) -> None:
        """Put back what was saved, into resources that exist and are empty; then save what is new in them."""
        with self._cloud.lock:
            for part in PARTS:
                path = self._path(part)
                if path.exists():
                    part.put(self._place, json.loads(path.read_text(encoding="utf-8")))
        self.save()

    def save(self) -> None:
        """Write what changed since the last time; returns once it is in its file."""
        with self._saving:
            for part in PARTS:
                self._save(part)

    def _save(self, part: Part) -> None:
        with self._cloud.lock:
            count = self._cloud.changes.count(part.service)
            if self._saved.get(part.service) == count:
                return
            text = json.dumps(part.take(self._place), ensure_ascii=False, default=_refuse)
        replace(self._path(part), text.encode("utf-8"))
        self._saved[part.service] = count

    def _path(self, part: Part) -> Path:
        return self._folder / f"{part.service}.json"

    def close(self) -> None:
        """Let another process have the folder."""
        self._open_files.close()


def _refuse(value: Any) -> Any:
    raise TypeError(f"the laptop's state cannot keep {type(value).__name__}")

"""Everything the card provider knows, as plain JSON; its file is replaced whole, never half-written."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from infra.local.card_provider.refusals import Json


@dataclass
class State:
    """What must survive a restart."""

    objects: dict[str, dict[str, Json]] = field(default_factory=dict)
    """Kind, then identifier: each object as the API shows it, oldest first."""
    notes: dict[str, Json] = field(default_factory=dict)
    """Identifier: what the provider knows of an object and does not show."""
    due: dict[str, int] = field(default_factory=dict)
    """Identifier: unix second at which time alone changes the object."""
    answers: dict[str, Json] = field(default_factory=dict)
    """Idempotency key: the answer to give again."""
    deliveries: list[Json] = field(default_factory=list)
    """Webhooks not yet accepted by their endpoint, in the order they will be tried."""
    clock_offset: float = 0.0


def load(path: Path) -> State:
    """The state of that file, or a fresh one if there is none. Raises ValueError if the file is not ours."""
    if not path.exists():
        return State()
    state = State(**json.loads(path.read_text("utf-8")))
    # A call in flight when the process died never took effect: its key is free again.
    state.answers = {key: answer for key, answer in state.answers.items() if answer["status"] is not None}
    return state


def save(state: State, path: Path) -> None:
    """Replace the file atomically: a reader, or a crash, sees the old state or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    with fresh.open("w", encoding="utf-8") as file:
        # `dumps` runs in C and `dump` does not: ten times the speed, at every call that changes something.
        file.write(json.dumps(vars(state), ensure_ascii=False, separators=(",", ":")))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)

"""The two shapes of the law: values that never change, and rows that change by whole versions."""

from datetime import datetime
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A value: frozen, equal by content, refusing fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, hide_input_in_errors=True)


class Row(Value):
    """Something stored. Each change makes version n+1, which only replaces version n: no update is ever lost.

    A row is new in version 1. `kind` is its name in storage and in logs.
    """

    kind: ClassVar[str]
    key_fields: ClassVar[tuple[str, ...]]
    """What identifies the row among those of its kind, in the glossary's terms."""

    version: int = 1

    @property
    def key(self) -> tuple[str, ...]:
        """The values of `key_fields`."""
        return tuple(str(getattr(self, field)) for field in self.key_fields)

    @property
    def swept_at(self) -> datetime | None:
        """After when storage may forget the row by itself; guards never rely on it."""
        return None

    def next(self, **changes: Any) -> Self:
        """The following version, with these changes."""
        return self.model_copy(update={**changes, "version": self.version + 1})


class Work(Row):
    """A row that may be work to do: the sweep looks at it from `look_at` on, until it is None."""

    look_at: datetime | None = None

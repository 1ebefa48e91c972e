"""What we put in ``os.environ`` is taken out again, whatever was there before."""

import os
from collections.abc import Mapping
from types import TracebackType
from typing import Self


class Environment:
    """Settings laid over ``os.environ`` for a while.

    All functions of the laptop share one process, hence one environment. Laid at most once at a time; ``park`` and
    ``lay`` may alternate, so that a long-lived laptop stays out of the way of tests that do not ask for it.
    """

    def __init__(self) -> None:
        self._wanted: dict[str, str] = {}
        self._before: dict[str, str | None] = {}

    @property
    def wanted(self) -> Mapping[str, str]:
        """Our settings, laid or parked."""
        return dict(self._wanted)

    def set(self, values: Mapping[str, str]) -> None:
        """Add settings, now and at every later ``lay``."""
        self._wanted.update(values)
        self.lay()

    def lay(self) -> None:
        """Put our settings over those of the process."""
        for name, value in self._wanted.items():
            self._before.setdefault(name, os.environ.get(name))
            os.environ[name] = value

    def park(self) -> None:
        """Give the process its own settings back."""
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        self._before.clear()

    def __enter__(self) -> Self:
        self.lay()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.park()

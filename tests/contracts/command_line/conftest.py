"""The command line, called as an administrator calls it, in a world of fakes."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cvec import wiring

from infra.deploy.cli import deployments
from infra.deploy.cli.__main__ import main
from tests.support.fakes import World, new_world


@dataclass(frozen=True)
class Said:
    """What a command answered: its exit code, its answer, and what it told on the side."""

    code: int
    out: str
    err: str

    @property
    def facts(self) -> Any:
        """The answer, read as JSON."""
        return json.loads(self.out)


Cvec = Callable[..., Said]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A deployment whose tools are fakes."""
    world = new_world()
    monkeypatch.setattr(deployments, "enter", lambda asked: wiring.use(world))
    yield world
    wiring.forget()


@pytest.fixture
def cvec(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Cvec:
    """Runs a command; in JSON unless told otherwise."""

    def run(*words: str, as_json: bool = True) -> Said:
        capsys.readouterr()
        code = main(["--env", str(tmp_path / "unread"), *(["--json"] if as_json else []), *words])
        return Said(code, *capsys.readouterr())

    return run

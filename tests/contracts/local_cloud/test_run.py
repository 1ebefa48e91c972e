import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
import requests

from infra.local.ports import chosen, is_free
from infra.local.run import forget
from tests.contracts.local_cloud.conftest import TEMPLATE

ROOT = Path(__file__).parents[3]


class Running:
    """`make run` in a process of its own, with what it says at the start."""

    def __init__(self, process: subprocess.Popen[str], output: IO[str]) -> None:
        self.process, self.said = process, ""
        while "Ctrl-C" not in self.said:
            line = output.readline()
            assert line, f"it stopped after saying: {self.said}"
            self.said += line
        self.site = self.url("Service")

    def url(self, name: str) -> str:
        found = re.search(rf"{name} +(http://127\.0\.0\.1:\d+)", self.said)
        assert found, self.said
        return found[1]

    def end(self, number: int) -> int:
        os.kill(self.process.pid, number)
        return self.process.wait(timeout=20)


@contextmanager
def running(state: Path, *more: str) -> Iterator[Running]:
    command = [sys.executable, "-m", "infra.local.run", "--template", str(TEMPLATE), "--state", str(state), *more]
    path = os.pathsep.join([str(ROOT), str(ROOT / "layers" / "shared")])
    with subprocess.Popen(  # noqa: S603  # our own interpreter and module
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}
    ) as process:
        assert process.stdout is not None
        try:
            yield Running(process, process.stdout)
        finally:
            process.kill()


def post_row(site: str, name: str, **words: str) -> None:
    row = {"pk": name, "sk": "row", **words}
    answer = requests.post(f"{site}/rows", json={key: {"S": value} for key, value in row.items()}, timeout=20)
    assert answer.status_code == 200


def test_what_was_answered_survives_a_hard_kill_and_the_rest_is_done_after_it(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with running(state, "--port", "0") as first:
        post_row(first.site, "mail#1", kind="mail#code", to="before@example.org")
        assert first.end(signal.SIGKILL) == -signal.SIGKILL
    with running(state) as second:
        assert second.site == first.site  # the same address as before
        mails = wait_for_mail(second.url("Mailbox"), "before@example.org")
        assert set(mails) == {"mail#1"}  # at least once: nobody knows whether it had left before the kill
        assert second.end(signal.SIGTERM) == 0
    assert is_free(int(second.site.rpartition(":")[2]))


def wait_for_mail(mailbox: str, to: str) -> list[str]:
    """Subjects of the mails to an address, once the pump has sent at least one."""
    for _ in range(200):
        found = requests.get(f"{mailbox}/mails.json", params={"to": to}, timeout=10).json()
        if found:
            return [mail["subject"] for mail in found]
    return []


def test_a_fresh_start_forgets_a_state_and_nothing_else(tmp_path: Path) -> None:
    state, precious = tmp_path / "state", tmp_path / "precious"
    for folder, name in ((state, "lock"), (state, "ses.json"), (precious, "mine.txt")):
        folder.mkdir(exist_ok=True)
        (folder / name).touch()
    forget(state)
    assert not state.exists()
    with pytest.raises(SystemExit, match="does not look like"):
        forget(precious)
    assert (precious / "mine.txt").exists()


def test_a_taken_port_is_not_insisted_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert chosen(taken.getsockname()[1]) == 0
    assert chosen(None) == 0

"""`make run` killed in the middle of a journey: the same browser goes on where it was, and what was owed is done."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from infra.local.laptop import Laptop
from tests.journeys.street import YEAR, Student, newcomer, pay_with, ready_to_pay
from tests.support.laptop import TEMPLATE

ROOT = TEMPLATE.parent
PATIENCE_SECONDS = 60


class Running:
    """`make run` in a process of its own."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        self.process, self.said = process, ""
        while "Ctrl-C" not in self.said:
            line = process.stdout.readline()
            assert line, f"it stopped after saying: {self.said}"
            self.said += line

    def url(self, name: str) -> str:
        found = re.search(rf"{name} +(http://127\.0\.0\.1:\d+)", self.said)
        assert found, self.said
        return found[1]

    def kill(self) -> None:
        """No warning and no farewell."""
        os.kill(self.process.pid, signal.SIGKILL)
        assert self.process.wait(timeout=20) == -signal.SIGKILL


@contextmanager
def running(state: Path, *more: str) -> Iterator[Running]:
    command = [sys.executable, "-m", "infra.local.run", "--state", str(state), *more]
    settings = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "layers" / "shared")])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=settings) as process:  # noqa: S603 - our own
        try:
            yield Running(process)
        finally:
            process.kill()


def once_printed(student: Student) -> Any:
    """Their certificate; the background prints it in its own time."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        answer = student.send("GET", f"/api/v1/files/{YEAR}/certificate")
        if answer.ok:
            return answer.json()
        assert answer.json()["code"] == "no_certificate_yet"
        time.sleep(0.1)
    raise AssertionError("no certificate was printed")


def test_a_journey_goes_on_after_each_hard_kill(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with running(state, "--port", "0") as laptop:
        student = Student(laptop.url("Service"), laptop.url("Mailbox"))
        student.fill_in()
        laptop.kill()
    with running(state) as laptop:
        assert laptop.url("Service") == student.site
        assert student.ask("GET", "/api/v1/registration")["missing"] == []
        student.confirm()
        student.ask("POST", "/api/v1/registration/completion")
        laptop.kill()
    with running(state) as laptop:
        student.choose_password()
        student.sign_in()
        student.prepare_file()
        offered = student.start_payment()
        laptop.kill()
    with running(state) as laptop:
        assert student.start_payment()["payment"] == offered["payment"]
        pay_with(student.start_payment()["url"])
        laptop.kill()
    with running(state) as laptop:
        assert student.payment(offered["payment"])["state"] == "succeeded"
        certificate = once_printed(student)
        document = requests.get(certificate["download_url"], timeout=30)
        assert document.content.startswith(b"%PDF")
        laptop.kill()


def test_mails_and_certificates_owed_at_the_kill_are_carried_out_after_it(tmp_path: Path) -> None:
    state, image = tmp_path / "state", tmp_path / "image"
    with Laptop(TEMPLATE, state=state) as laptop:  # whose pump plays only when it is told to
        paid, waiting = ready_to_pay(laptop), newcomer(laptop)
        offered = paid.start_payment()
        pay_with(offered["url"])
        assert paid.payment(offered["payment"])["state"] == "succeeded"
        waiting.fill_in()
        assert paid.send("GET", f"/api/v1/files/{YEAR}/certificate").status_code == 404
        assert laptop.mailbox.messages(waiting.email) == []
        shutil.copytree(state, image)  # what the disk holds at the moment of a kill
    with running(image, "--port", "0") as again:
        for student in (paid, waiting):
            student.move_to(again.url("Service"), again.url("Mailbox"))
        waiting.confirm()
        assert once_printed(paid)["number"] == paid.file()["certificate_number"]
        assert paid.read("Your certificate is ready")
        again.kill()

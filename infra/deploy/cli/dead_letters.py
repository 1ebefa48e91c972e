"""`cvec dead-letters`: what was tried in vain and laid aside, and how it is tried again.

A notification's message is sent to its queue again. A stream's message only says where in the stream it was, and the
row itself still waits: the round of its function is run again. Either may be done twice; only then is it removed.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import boto3
from cvec.config import read_settings
from cvec.ports import Tools
from cvec.usecases.certify import issue_late_ones
from cvec.usecases.notify import deliver_late_ones
from cvec.usecases.watch import Round

from infra.deploy.cli.deployments import Asked
from infra.deploy.cli.reports import TO_SEE, WELL, Report

HIDDEN_SECONDS = 60
"""How long a message that was read stays out of the way of another administrator's reading."""
MOST_READ = 1000
ROUNDS: dict[str, Callable[..., Round]] = {"Certify": issue_late_ones, "Notify": deliver_late_ones}
"""The round that takes what a function's stream could not bring."""


@dataclass(frozen=True)
class DeadLetter:
    """A message, read: `payment` of a notification, `function` of a stream's record; neither where it is strange."""

    id: str
    receipt: str
    payment: str | None = None
    function: str | None = None

    @property
    def plain(self) -> dict[str, str]:
        """What may be shown of it."""
        kind = "notification" if self.payment else "stream" if self.function else "unreadable"
        return {"message": self.id, "kind": kind, "about": self.payment or self.function or ""}


class DeadLetters:
    """The queue where what failed five times is laid aside; found through the queue that feeds it."""

    @cached_property
    def _sqs(self) -> Any:
        return boto3.client("sqs")

    @cached_property
    def _url(self) -> str:
        source = read_settings().card_notifications_queue
        policy = self._sqs.get_queue_attributes(QueueUrl=source, AttributeNames=["RedrivePolicy"])["Attributes"]
        arn: str = json.loads(policy["RedrivePolicy"])["deadLetterTargetArn"]
        return str(self._sqs.get_queue_url(QueueName=arn.rpartition(":")[2])["QueueUrl"])

    def read(self, *, hidden_seconds: int = HIDDEN_SECONDS) -> Iterator[DeadLetter]:
        """Every message that is there, up to a thousand; hidden from others meanwhile."""
        for _ in range(MOST_READ // 10):
            found = self._sqs.receive_message(
                QueueUrl=self._url, MaxNumberOfMessages=10, VisibilityTimeout=hidden_seconds
            ).get("Messages", [])
            yield from (_letter(one) for one in found)
            if not found:
                return

    def release(self, letter: DeadLetter) -> None:
        """Let others see it again."""
        self._sqs.change_message_visibility(QueueUrl=self._url, ReceiptHandle=letter.receipt, VisibilityTimeout=0)

    def remove(self, letter: DeadLetter) -> None:
        """Forget it: it was carried out, or is on its way again."""
        self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=letter.receipt)


def listed(asked: Asked, tools: Tools) -> Report:
    """What lies there, by ids; it is left as it is."""
    del asked, tools
    queue = DeadLetters()
    letters = list(queue.read())
    for letter in letters:
        queue.release(letter)
    return Report({"dead_letters": [one.plain for one in letters]}, TO_SEE if letters else WELL)


def redriven(asked: Asked, tools: Tools) -> Report:
    """Each tried again and removed; what cannot be read, or whose round was stopped, stays."""
    del asked
    queue = DeadLetters()
    letters = list(queue.read())
    done = {
        function: ROUNDS[function](tools=tools)
        for function in sorted({one.function for one in letters if one.function})
    }
    left = [one for one in letters if not _carried_out(one, done, tools=tools)]
    for letter in letters:
        (queue.release if letter in left else queue.remove)(letter)
    facts = {"redriven": [one.plain for one in letters if one not in left], "left": [one.plain for one in left]}
    return Report(facts, TO_SEE if left else WELL)


def _carried_out(letter: DeadLetter, done: dict[str, Round], *, tools: Tools) -> bool:
    if letter.payment:
        tools.doorbell.ring(letter.payment)
        return True
    return letter.function is not None and not done[letter.function].stopped_by


def _letter(message: dict[str, Any]) -> DeadLetter:
    body = _read(message["Body"])
    known = DeadLetter(id=message["MessageId"], receipt=message["ReceiptHandle"])
    if "DDBStreamBatchInfo" in body:
        arn = str(body.get("requestContext", {}).get("functionArn", ""))
        return DeadLetter(
            known.id, known.receipt, function=next((name for name in ROUNDS if f"{name}Function" in arn), None)
        )
    return DeadLetter(known.id, known.receipt, payment=str(body["payment"]) if body.get("payment") else None)


def _read(body: str) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}

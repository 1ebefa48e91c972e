"""Plays a queue to a function: what succeeds is deleted, what fails comes back, and SQS redrives it at last."""

import logging
from typing import Any

from infra.local.batches import Call, Pace, failed
from infra.local.event_sources import QueueSource
from infra.local.events import batch, queue_record
from infra.local.moto_cloud import MotoCloud

log = logging.getLogger(__name__)

MOST_AT_ONCE = 10
"""Messages SQS hands over at most."""


class QueuePlayer:
    """Reads one queue for one function. The queue itself counts the tries and feeds its dead letter queue."""

    service = "sqs"
    """The service whose changes may bring work."""

    recheck_seconds = 1.0
    """Hidden and delayed messages come back without anyone writing."""

    def __init__(self, source: QueueSource, call: Call, cloud: MotoCloud) -> None:
        self._source, self._call = source, call
        self._sqs = cloud.client("sqs")
        self._url = self._sqs.get_queue_url(QueueName=source.queue_arn.rpartition(":")[2])["QueueUrl"]

    def play(self, pace: Pace) -> bool:
        """Deliver one batch; tell whether there was one."""
        messages = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=min(self._source.batch_size, MOST_AT_ONCE),
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        if not messages:
            return False
        bad = self._try(messages)
        self._delete([message for message in messages if message["MessageId"] not in bad])
        if pace.is_hurried:
            self._release([message for message in messages if message["MessageId"] in bad])
        return True

    def _try(self, messages: list[dict[str, Any]]) -> set[str]:
        known = [message["MessageId"] for message in messages]
        try:
            answer = self._call(batch([queue_record(one, self._source.queue_arn) for one in messages]))
            return failed(answer, known) if self._source.reports_failures else set()
        except Exception:  # Lambda takes any failure of a function as the failure of the batch
            log.exception("%s.%s failed", self._source.function, self._source.event)
            return set(known)

    def _delete(self, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])

    def _release(self, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            self._sqs.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
            )

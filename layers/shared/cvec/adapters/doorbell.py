"""The queue on which card notifications wait to be looked into."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from cvec.adapters.faults import translated

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class SqsDoorbell:
    """The `Doorbell` port on SQS: durable for 14 days, tried again, then a dead letter that wakes somebody up."""

    def __init__(self, client: "Callable[[], SQSClient]", *, queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def ring(self, payment_id: str) -> None:
        """Ask for one payment to be looked at soon. Only its id travels."""
        with translated():
            self._client().send_message(QueueUrl=self._queue_url, MessageBody=json.dumps({"payment": payment_id}))

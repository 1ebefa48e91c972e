"""Plays a table's stream to a function: filtered, in order, one batch at a time."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from infra.local import patterns
from infra.local.batches import Call, Pace, StreamBatches, sequence
from infra.local.event_sources import StreamSource
from infra.local.events import Event, stream_record
from infra.local.moto_cloud import MotoCloud

PAGE = 1000


class StreamPlayer:
    """Reads one stream from its beginning, for one function. Raises UnknownPatternError for a filter it cannot play."""

    service = "dynamodb"
    """The service whose changes may bring work."""

    recheck_seconds = 30.0
    """Nothing comes by itself: a write always rings."""

    def __init__(self, source: StreamSource, call: Call, cloud: MotoCloud) -> None:
        for pattern in source.patterns:
            patterns.check(pattern)
        self._source, self._cloud = source, cloud
        self._client = cloud.client("dynamodbstreams")
        self._batches = StreamBatches(source, call, self._give_up)
        self._shard, self._last = "", ""

    def play(self, pace: Pace) -> bool:
        """Deliver what is new; tell whether there was any. Raises what `pace.wait` raises: nothing is lost."""
        page = self._client.get_records(ShardIterator=self._opened(), Limit=PAGE)
        wanted = [self._record(one) for one in page["Records"]]
        wanted = [record for record in wanted if self._passes(record)]
        for some in self._chunks(wanted):
            self._batches.deliver(some, pace)
        self._last = page["Records"][-1]["dynamodb"]["SequenceNumber"] if page["Records"] else self._last
        return bool(wanted)

    def _opened(self) -> str:
        """An iterator after the last record, opened anew each time.

        When a transaction is refused, moto puts a copy in the table's place, and an iterator opened before reads the
        old one for ever.
        """
        arn = self._source.stream_arn
        self._shard = self._client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
        start: Any = (
            {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": self._last}
            if self._last
            else {"ShardIteratorType": "TRIM_HORIZON"}
        )
        opened = self._client.get_shard_iterator(StreamArn=arn, ShardId=self._shard, **start)
        return str(opened["ShardIterator"])

    def _record(self, read: dict[str, Any]) -> Event:
        return stream_record(read, self._source.stream_arn)

    def _passes(self, record: Event) -> bool:
        wanted = self._source.patterns
        return not wanted or any(patterns.holds(pattern, record) for pattern in wanted)

    def _chunks(self, records: list[Event]) -> Iterator[list[Event]]:
        rest = iter(records)
        while some := list(islice(rest, self._source.batch_size)):
            yield some

    def _give_up(self, records: list[Event], tries: int) -> None:
        """Tell the dead letter queue where the records stand, in Lambda's words; it never holds the rows."""
        if not self._source.on_failure:
            return
        sqs = self._cloud.client("sqs")
        url = sqs.get_queue_url(QueueName=self._source.on_failure.rpartition(":")[2])["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps(self._obituary(records, tries)))

    def _obituary(self, records: list[Event], tries: int) -> Event:
        arrivals = [record["dynamodb"]["ApproximateCreationDateTime"] for record in records]
        return {
            "version": "1.0",
            "timestamp": datetime.now(UTC).isoformat(),
            "requestContext": {
                "functionArn": self._source.function,
                "condition": "RetryAttemptsExhausted",
                "approximateInvokeCount": tries,
            },
            "responseContext": {"statusCode": 200, "executedVersion": "$LATEST"},
            "DDBStreamBatchInfo": {
                "shardId": self._shard,
                "startSequenceNumber": sequence(records[0]),
                "endSequenceNumber": sequence(records[-1]),
                "approximateArrivalOfFirstRecord": datetime.fromtimestamp(arrivals[0], UTC).isoformat(),
                "approximateArrivalOfLastRecord": datetime.fromtimestamp(arrivals[-1], UTC).isoformat(),
                "batchSize": len(records),
                "streamArn": self._source.stream_arn,
            },
        }

"""What wakes a function up besides people: batches of a stream or a queue, and schedules."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from cvec.domain.errors import Refusal
from cvec.journal import count, logger, report_fault
from cvec.usecases.watch import Round

Key = tuple[str, ...]


class Background:
    """The consumers of one step. Each is idempotent by effect: the same record twice changes nothing."""

    def __init__(self) -> None:
        self._rows: dict[str, Callable[[Mapping[str, Any]], None]] = {}
        self._messages: Callable[[Mapping[str, Any]], None] | None = None
        self._tasks: dict[str, Callable[[], Round]] = {}

    def row(self, kind: str) -> Callable[[Callable[[Mapping[str, Any]], None]], Callable[[Mapping[str, Any]], None]]:
        """Declare who takes the rows of a kind as the stream of `records` brings them, by their plain fields."""

        def declare(consumer: Callable[[Mapping[str, Any]], None]) -> Callable[[Mapping[str, Any]], None]:
            self._rows[kind] = consumer
            return consumer

        return declare

    def message(self, consumer: Callable[[Mapping[str, Any]], None]) -> Callable[[Mapping[str, Any]], None]:
        """Declare who takes the messages of the step's queue."""
        self._messages = consumer
        return consumer

    def task(self, name: str) -> Callable[[Callable[[], Round]], Callable[[], Round]]:
        """Declare what a schedule of the template does."""

        def declare(consumer: Callable[[], Round]) -> Callable[[], Round]:
            self._tasks[name] = consumer
            return consumer

        return declare

    def takes(self, event: Mapping[str, Any]) -> bool:
        """Whether the event is not a request."""
        return "Records" in event or "task" in event

    def run(self, event: Mapping[str, Any], context: Any, *, step: str) -> Any:
        """Do what the event asks; records that fail are reported one by one, to be brought again."""
        if "task" in event:
            done = self._tasks[event["task"]]()
            count(f"{step}_{event['task']}_stopped", len(done.stopped_by))
            count(f"{step}_{event['task']}_overdue", done.overdue)
            logger(step).info("round", extra={"task": event["task"], **done.model_dump()})
            return done.model_dump()
        return self._run_batch(event, context, step=step)

    def _run_batch(self, event: Mapping[str, Any], context: Any, *, step: str) -> Any:
        from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

        is_queue = event["Records"][0].get("eventSource") == "aws:sqs"
        kind = EventType.SQS if is_queue else EventType.DynamoDBStreams
        take = self._take_message if is_queue else self._take_row
        return process_partial_response(
            event=dict(event),
            record_handler=lambda record: _watched(take, record, step=step),
            processor=BatchProcessor(kind, raise_on_entire_batch_failure=False),
            context=context,
        )

    def _take_message(self, record: Any) -> None:
        if self._messages is None:
            raise LookupError("this step takes no messages")
        self._messages(json.loads(record.body))

    def _take_row(self, record: Any) -> None:
        row = record.dynamodb.new_image or {}
        self._rows[row["kind"]](row)


def _watched(take: Callable[[Any], None], record: Any, *, step: str) -> None:
    """Take a record; what stops it is logged before it is left to the retries. A refusal is expected now and then."""
    try:
        take(record)
    except Refusal as refusal:
        logger(step).info("put_off", extra={"code": refusal.code})
        raise
    except Exception as fault:
        report_fault(step, fault, at="background")
        raise

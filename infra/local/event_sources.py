"""What may wake a function up: a route, a table's stream, a queue, a schedule; as the template declares them."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Route:
    """One method on one exact path of the API; path parameters stand in braces."""

    function: str
    event: str
    method: str
    path: str


@dataclass(frozen=True)
class StreamSource:
    """Rows of a table's stream that pass one of the patterns (all, when there is none), in batches."""

    function: str
    event: str
    stream_arn: str
    patterns: tuple[dict[str, Any], ...]
    batch_size: int
    max_retries: int | None
    bisects: bool
    reports_failures: bool
    on_failure: str | None


@dataclass(frozen=True)
class QueueSource:
    """Messages of a queue, in batches."""

    function: str
    event: str
    queue_arn: str
    batch_size: int
    reports_failures: bool


@dataclass(frozen=True)
class Schedule:
    """A call now and then, with a fixed input. `expression` is `rate(...)` or `cron(...)`, in UTC."""

    function: str
    event: str
    expression: str
    input: Any
    max_retries: int
    is_enabled: bool


@dataclass(frozen=True)
class EventSources:
    """All that may wake one function up."""

    routes: tuple[Route, ...] = ()
    streams: tuple[StreamSource, ...] = ()
    queues: tuple[QueueSource, ...] = ()
    schedules: tuple[Schedule, ...] = ()


class UnknownEventSourceError(Exception):
    """The template wakes a function by something that the laptop's cloud cannot play."""


def _route(function: str, event: str, properties: dict[str, Any]) -> Route:
    if "+}" in properties["Path"]:
        raise UnknownEventSourceError(f"{event}: Chalice answers exact paths only, not {properties['Path']}")
    return Route(function, event, properties["Method"].upper(), properties["Path"])


def _reports_failures(properties: dict[str, Any]) -> bool:
    return "ReportBatchItemFailures" in properties.get("FunctionResponseTypes", [])


def _stream(function: str, event: str, properties: dict[str, Any]) -> StreamSource:
    filters = properties.get("FilterCriteria", {}).get("Filters", [])
    retries = int(properties.get("MaximumRetryAttempts", -1))
    return StreamSource(
        function,
        event,
        stream_arn=properties["Stream"],
        patterns=tuple(json.loads(one["Pattern"]) for one in filters),
        batch_size=int(properties.get("BatchSize", 100)),
        max_retries=None if retries < 0 else retries,
        bisects=bool(properties.get("BisectBatchOnFunctionError", False)),
        reports_failures=_reports_failures(properties),
        on_failure=properties.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination"),
    )


def _queue(function: str, event: str, properties: dict[str, Any]) -> QueueSource:
    batch_size = int(properties.get("BatchSize", 10))
    return QueueSource(function, event, properties["Queue"], batch_size, _reports_failures(properties))


def _schedule(function: str, event: str, properties: dict[str, Any]) -> Schedule:
    # Lambda tries an asynchronous call three times unless told otherwise.
    retries = properties.get("RetryPolicy", {}).get("MaximumRetryAttempts", 2)
    is_enabled = properties.get("Enabled", True) and properties.get("State", "ENABLED") == "ENABLED"
    given = json.loads(properties.get("Input", "{}"))
    return Schedule(function, event, properties["Schedule"], given, int(retries), bool(is_enabled))


def read(function: str, events: dict[str, dict[str, Any]]) -> EventSources:
    """The `Events` of one function, resolved. Raises UnknownEventSourceError for a type this cloud cannot play."""
    makers: dict[str, Any] = {"Api": _route, "DynamoDB": _stream, "SQS": _queue, "Schedule": _schedule}
    found: dict[str, list[Any]] = {kind: [] for kind in makers}
    for event, declared in events.items():
        if declared["Type"] not in makers:
            raise UnknownEventSourceError(f"{function}.{event}: the laptop's cloud cannot play {declared['Type']}")
        found[declared["Type"]].append(makers[declared["Type"]](function, event, declared["Properties"]))
    return EventSources(*(tuple(found[kind]) for kind in makers))

import logging
from datetime import UTC, datetime, timedelta
from threading import Event as Flag
from threading import Thread
from typing import Any

import pytest

from infra.local import patterns
from infra.local.batches import MalformedFailuresError, Pace, StreamBatches, failed
from infra.local.event_sources import Schedule, StreamSource
from infra.local.laptop import Laptop
from infra.local.schedules import UnknownScheduleError, next_run
from infra.local.timekeeper import Timekeeper
from tests.contracts.local_cloud.conftest import Site

ORDER = {"kind": "order", "state": "waiting"}


@pytest.fixture(autouse=True)
def silence(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


# ── streams ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_rows_that_pass_the_filter_reach_the_function(site: Site) -> None:
    site.add_row("wanted", **ORDER)
    site.add_row("done-already", kind="order", state="done")
    site.add_row("something-else", kind="fact", state="waiting")
    assert site.laptop.pump.drain() == 1
    assert [site.tries(name) for name in ("wanted", "done-already", "something-else")] == [1, 0, 0]


def test_a_drained_stream_stays_quiet(site: Site) -> None:
    site.add_row("once", **ORDER)
    site.laptop.pump.drain()
    assert site.laptop.pump.drain() == 0
    assert site.tries("once") == 1


def test_a_refused_transaction_does_not_cut_the_stream(site: Site) -> None:
    """moto puts a copy in the table's place when it refuses one (5.2.5), and an old iterator reads the old table."""
    site.add_row("before", **ORDER)
    site.laptop.pump.drain()
    dynamodb = site.laptop.cloud.client("dynamodb")
    table = site.laptop.stack.name("Rows")
    there = {"pk": {"S": "before"}}
    twice = [
        {"Put": {"TableName": table, "Item": there, "ConditionExpression": "attribute_not_exists(pk)"}},
        {"Put": {"TableName": table, "Item": {"pk": {"S": "never"}}}},
    ]
    with pytest.raises(dynamodb.exceptions.TransactionCanceledException):
        dynamodb.transact_write_items(TransactItems=twice)
    site.add_row("after", **ORDER)
    site.laptop.pump.drain()
    assert site.tries("after") == 1


def test_a_failing_row_is_tried_again_and_ends_in_the_dead_letter_queue(site: Site) -> None:
    site.add_row("good-before", **ORDER)
    site.add_row("bad-row", **ORDER)
    site.laptop.pump.drain()
    assert site.tries("good-before") == 1
    assert site.tries("bad-row") == 1 + 1 + 2  # with the batch, alone as a new batch, and its two retries
    [dead] = site.dead_batches()
    assert dead["batchSize"] == 1
    assert dead["streamArn"] == site.laptop.stack.address("Rows", "StreamArn")


def test_a_crash_is_isolated_by_halving_the_batch(site: Site) -> None:
    for name in ("one", "two", "crash-three", "four"):
        site.add_row(name, **ORDER)
    site.laptop.pump.drain()
    assert [site.tries(name) for name in ("one", "two", "four")] == [2, 2, 3]
    assert [dead["batchSize"] for dead in site.dead_batches()] == [1]


SOURCE = StreamSource(
    "Work", "Orders", "arn", (), batch_size=10, max_retries=3, bisects=False, reports_failures=True, on_failure=None
)
AT_ONCE = Pace(lambda tries: None)


def records(*numbers: str) -> list[Any]:
    return [{"dynamodb": {"SequenceNumber": number}} for number in numbers]


def test_without_halving_a_crashing_batch_is_given_up_whole() -> None:
    given_up: list[tuple[int, int]] = []

    def crash(event: Any) -> Any:
        raise RuntimeError

    StreamBatches(SOURCE, crash, lambda some, tries: given_up.append((len(some), tries))).deliver(
        records("1", "2"), AT_ONCE
    )
    assert given_up == [(2, 4)]


def test_everything_from_the_first_failure_on_is_delivered_again() -> None:
    seen: list[list[str]] = []

    def second_fails_once(event: Any) -> Any:
        numbers = [record["dynamodb"]["SequenceNumber"] for record in event["Records"]]
        seen.append(numbers)
        return {"batchItemFailures": [{"itemIdentifier": "2"}]} if len(seen) == 1 else None

    StreamBatches(SOURCE, second_fails_once, lambda some, tries: None).deliver(records("1", "2", "3"), AT_ONCE)
    assert seen == [["1", "2", "3"], ["2", "3"]]


@pytest.mark.parametrize("identifier", ["", None, "999"])
def test_a_failure_that_names_no_record_fails_the_whole_batch(identifier: str | None) -> None:
    with pytest.raises(MalformedFailuresError):
        failed({"batchItemFailures": [{"itemIdentifier": identifier}]}, ["1", "2"])


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}])
def test_an_empty_list_of_failures_is_success(answer: Any) -> None:
    assert failed(answer, ["1"]) == set()


# ── filters ──────────────────────────────────────────────────────────────────────────────────────────────────────────

ROW = {"eventName": "INSERT", "dynamodb": {"NewImage": {"kind": {"S": "mail"}, "n": {"N": "1"}, "ok": {"BOOL": True}}}}


@pytest.mark.parametrize(
    ("pattern", "passes"),
    [
        ({"eventName": ["INSERT", "MODIFY"]}, True),
        ({"eventName": ["REMOVE"]}, False),
        ({"dynamodb": {"NewImage": {"kind": {"S": ["mail"]}, "n": {"N": ["1"]}}}}, True),
        ({"dynamodb": {"NewImage": {"kind": {"S": ["mail"]}, "n": {"N": ["2"]}}}}, False),
        ({"dynamodb": {"NewImage": {"kind": {"S": [{"prefix": "ma"}]}}}}, True),
        ({"dynamodb": {"NewImage": {"kind": {"S": [{"suffix": "il"}]}}}}, True),
        ({"dynamodb": {"NewImage": {"kind": {"S": [{"equals-ignore-case": "MAIL"}]}}}}, True),
        ({"dynamodb": {"NewImage": {"sent": {"S": [{"exists": False}]}}}}, True),
        ({"dynamodb": {"NewImage": {"kind": {"S": [{"exists": False}]}}}}, False),
        ({"dynamodb": {"OldImage": {"kind": {"S": [{"exists": True}]}}}}, False),
        ({"dynamodb": {"NewImage": {"kind": {"S": [{"anything-but": ["fact"]}]}}}}, True),
        ({"dynamodb": {"NewImage": {"kind": {"S": [{"anything-but": {"prefix": "ma"}}]}}}}, False),
        ({"dynamodb": {"NewImage": {"ok": {"BOOL": [1]}}}}, False),
        ({"$or": [{"eventName": ["REMOVE"]}, {"eventName": ["INSERT"]}]}, True),
        ({"missing": ["x"]}, False),
    ],
)
def test_a_filter_means_what_lambda_means(pattern: Any, passes: bool) -> None:
    patterns.check(pattern)
    assert patterns.holds(pattern, ROW) is passes


@pytest.mark.parametrize("rules", [[{"numeric": [">", 1]}], "mail", [], [{"cidr": "10.0.0.0/8"}]])
def test_a_filter_that_cannot_be_played_is_refused(rules: Any) -> None:
    with pytest.raises(patterns.UnknownPatternError, match="kind"):
        patterns.check({"dynamodb": {"NewImage": {"kind": rules}}})


# ── queues ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_message_is_carried_out_once_and_gone(site: Site) -> None:
    site.send_job("clean")
    assert site.laptop.pump.drain() == 1
    assert site.laptop.pump.drain() == 0
    assert site.tries("clean") == 1


def test_only_the_failed_message_comes_back_and_ends_in_the_dead_letter_queue(site: Site) -> None:
    site.send_job("fine")
    site.send_job("bad-job")
    site.laptop.pump.drain()
    assert (site.tries("fine"), site.tries("bad-job")) == (1, 3)  # maxReceiveCount
    assert site.dead_jobs() == ["bad-job"]


def test_a_crash_brings_the_whole_batch_back(site: Site) -> None:
    site.send_job("crash-job")
    site.laptop.pump.drain()
    assert site.tries("crash-job") == 3
    assert site.dead_jobs() == ["crash-job"]


# ── schedules ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_schedule_fires_when_asked_with_its_input(site: Site) -> None:
    before = site.tries("tick")
    assert site.laptop.pump.run_schedule("WorkFunction", "Tick") == {"done": "tick"}
    assert site.tries("tick") == before + 1


def test_an_unknown_schedule_is_refused(laptop: Laptop) -> None:
    with pytest.raises(LookupError, match="no schedule Tock"):
        laptop.pump.run_schedule("WorkFunction", "Tock")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("rate(1 day)", "2026-07-02T12:30:10"),
        ("cron(0 8 * * ? *)", "2026-07-02T08:00:00"),
        ("cron(0/15 * * * ? *)", "2026-07-01T12:45:00"),
        ("cron(0 9-17 ? * 2-6 *)", "2026-07-01T13:00:00"),
        ("cron(30 12 ? * 1 *)", "2026-07-05T12:30:00"),
        ("cron(0 0 29 2 ? *)", "2028-02-29T00:00:00"),
    ],
)
def test_a_schedule_is_due_when_eventbridge_says(expression: str, expected: str) -> None:
    now = datetime(2026, 7, 1, 12, 30, 10, tzinfo=UTC)  # a Wednesday
    assert next_run(expression, now).replace(tzinfo=None).isoformat() == expected


@pytest.mark.parametrize(
    "expression", ["at(2026-07-01T00:00:00)", "rate(5)", "cron(0 8 L * ? *)", "cron(0 0 30 2 ? *)"]
)
def test_a_schedule_that_cannot_be_read_is_refused(expression: str) -> None:
    with pytest.raises(UnknownScheduleError):
        next_run(expression, datetime(2026, 7, 1, tzinfo=UTC))


class Failing:
    """Stands for a function's instances: fails so many times, then answers."""

    def __init__(self, failures: int) -> None:
        self.failures, self.inputs = failures, list[Any]()
        self.enough = Flag()

    def call(self, event: Any) -> Any:
        self.inputs.append(event)
        if len(self.inputs) <= self.failures:
            raise RuntimeError("not yet")
        self.enough.set()
        return "done"


def timekeeper(fleet: Any) -> Timekeeper:
    schedule = Schedule("Work", "Tick", "rate(1 minute)", {"task": "tick"}, max_retries=2, is_enabled=True)
    return Timekeeper([schedule], {"Work": fleet}, after_round=lambda: None)


def test_a_failed_schedule_is_tried_three_times_as_lambda_does() -> None:
    twice, thrice = Failing(2), Failing(3)
    assert timekeeper(twice).fire("Work", "Tick") == "done"
    with pytest.raises(RuntimeError, match="not yet"):
        timekeeper(thrice).fire("Work", "Tick")
    assert (len(twice.inputs), len(thrice.inputs)) == (3, 3)


def test_a_schedule_comes_again_although_it_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.local.timekeeper.next_run", lambda expression, after: after + timedelta(milliseconds=5))
    fleet, stopping = Failing(4), Flag()
    keeping = Thread(target=timekeeper(fleet).keep, args=(stopping,))
    keeping.start()
    came_again = fleet.enough.wait(10)
    stopping.set()
    keeping.join(10)
    assert came_again
    assert not keeping.is_alive()


# ── the background ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_pump_plays_by_itself_once_started(site: Site) -> None:
    site.laptop.pump.start()
    try:
        site.add_row("by-itself", **ORDER)
        site.send_job("job-by-itself")
        changes = site.laptop.cloud.changes
        for _ in range(200):
            if site.tries("by-itself") and site.tries("job-by-itself"):
                break
            changes.wait_beyond("dynamodb", changes.count("dynamodb"), 0.05)
    finally:
        site.laptop.pump.stop()
    assert (site.tries("by-itself"), site.tries("job-by-itself")) == (1, 1)

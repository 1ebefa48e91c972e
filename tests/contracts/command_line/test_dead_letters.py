"""`cvec dead-letters` on the laptop's own queues: listed by ids, sent again, and removed once that is done."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cvec import wiring

from infra.deploy.cli import dead_letters, deployments
from infra.deploy.cli.__main__ import main
from infra.local import endpoint
from infra.local.laptop import Laptop
from tests.contracts.command_line.conftest import Cvec
from tests.support.fakes import World, new_world
from tests.support.people import at_the_page

pytest_plugins = ["tests.support.laptop"]


@pytest.fixture
def world(laptop: Laptop, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The laptop's queues, and fakes for everything else."""
    world = new_world()
    monkeypatch.setattr(deployments, "enter", lambda asked: wiring.use(world))
    yield world
    for letter in dead_letters.DeadLetters().read():
        laptop.cloud.client("sqs").delete_message(QueueUrl=_url(laptop, "DeadLetters"), ReceiptHandle=letter.receipt)
    wiring.forget()


def _url(laptop: Laptop, queue: str) -> str:
    return laptop.stack.address(queue, "Ref")


def lay_aside(laptop: Laptop, body: str) -> str:
    sent = laptop.cloud.client("sqs").send_message(QueueUrl=_url(laptop, "DeadLetters"), MessageBody=body)
    return str(sent["MessageId"])


def stream_failure(function: str) -> str:
    arn = f"arn:aws:lambda:eu-west-3:123456789012:function:cvec-{function}-1X2Y"
    return json.dumps({"requestContext": {"functionArn": arn}, "DDBStreamBatchInfo": {"shardId": "s", "batchSize": 1}})


def messages(said: Any) -> list[str]:
    return [one["message"] for one in said]


def test_an_empty_queue_is_well(cvec: Cvec, world: World) -> None:
    said = cvec("dead-letters", "list")
    assert (said.code, said.facts) == (0, {"dead_letters": []})


def test_letters_are_listed_by_ids_and_stay(cvec: Cvec, world: World, laptop: Laptop) -> None:
    ids = {
        lay_aside(laptop, body) for body in ('{"payment": "p1"}', stream_failure("NotifyFunction"), "<secret>", "[1]")
    }
    for _ in range(2):
        said = cvec("dead-letters", "list")
        assert said.code == 1
        assert set(messages(said.facts["dead_letters"])) == ids
    kinds = sorted((one["kind"], one["about"]) for one in said.facts["dead_letters"])
    assert kinds == [("notification", "p1"), ("stream", "Notify"), ("unreadable", ""), ("unreadable", "")]
    assert "secret" not in said.out


def test_a_notification_rings_again_and_is_removed(cvec: Cvec, world: World, laptop: Laptop) -> None:
    letter = lay_aside(laptop, '{"payment": "p1"}')
    said = cvec("dead-letters", "redrive")
    assert (said.code, messages(said.facts["redriven"]), said.facts["left"]) == (0, [letter], [])
    assert world.doorbell.rung == ["p1"]
    assert cvec("dead-letters", "list").code == 0


def test_more_letters_than_one_reading_brings_are_all_sent_again(cvec: Cvec, world: World, laptop: Laptop) -> None:
    for number in range(25):
        lay_aside(laptop, json.dumps({"payment": f"p{number}"}))
    assert cvec("dead-letters", "redrive").code == 0
    assert sorted(world.doorbell.rung) == sorted(f"p{number}" for number in range(25))


def test_what_the_stream_could_not_bring_is_done_by_the_round_of_its_kind(
    cvec: Cvec, world: World, laptop: Laptop
) -> None:
    at_the_page(world)
    world.clock.advance(minutes=2)
    lay_aside(laptop, stream_failure("NotifyFunction"))
    lay_aside(laptop, stream_failure("NotifyFunction"))
    said = cvec("dead-letters", "redrive")
    assert (said.code, len(said.facts["redriven"])) == (0, 2)
    assert len(world.post.sent) == 2
    assert cvec("dead-letters", "list").code == 0


def test_what_still_cannot_be_done_or_read_stays(
    cvec: Cvec, world: World, laptop: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cvec.usecases.watch import Round

    stopped = Round(looked_at=1, stopped_by=("try_again",))
    monkeypatch.setitem(dead_letters.ROUNDS, "Certify", lambda *, tools: stopped)
    ids = {
        lay_aside(laptop, body) for body in (stream_failure("CertifyFunction"), stream_failure("OtherFunction"), "?")
    }
    said = cvec("dead-letters", "redrive")
    assert (said.code, said.facts["redriven"], set(messages(said.facts["left"]))) == (1, [], ids)
    assert set(messages(cvec("dead-letters", "list").facts["dead_letters"])) == ids


def test_the_whole_command_line_speaks_to_a_laptop_by_what_it_wrote_at_its_start(
    laptop: Laptop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint.remember(tmp_path, laptop.cloud.environment.wanted)
    for words in (["campaign", "list"], ["overdue"], ["accounts", "2026-07-01"], ["dead-letters", "list"]):
        assert main(["--laptop", str(tmp_path), "--json", *words]) == 0, words
        assert json.loads(capsys.readouterr().out)
    assert main(["--laptop", str(tmp_path), "payment", "nobody-s"]) == 2
    wiring.forget()

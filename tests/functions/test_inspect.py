"""Documents in the background: whoever tells that one came, it is checked once, and the round finishes the rest."""

import json
from typing import Any

import pytest
from cvec import wiring
from cvec.domain.documents import Document, DocumentState, Purpose, Verdict
from cvec.domain.sessions import Holder
from cvec.usecases import documents

from tests.support.calling import app_of, invoke, round_of
from tests.support.fakes import World


@pytest.fixture
def document(world: World) -> Document:
    """A document that lies in quarantine, of which nobody has told."""
    wiring.use(world)
    documents.ask_upload("p1", Holder.STUDENT, Purpose.ENROLMENT, content_type="application/pdf", size=9, tools=world)
    [document] = world.store.of(Document)
    world.intake.arrive(document.stored_as, b"good news")
    return document


def queued(*messages: Any) -> dict[str, Any]:
    """Messages as SQS brings them."""
    return {
        "Records": [
            {"messageId": str(number), "eventSource": "aws:sqs", "body": json.dumps(message)}
            for number, message in enumerate(messages, start=1)
        ]
    }


def from_s3(document: Document) -> Any:
    return {"Records": [{"s3": {"object": {"key": f"quarantine/{document.stored_as}"}}}]}


def from_guardduty(document: Document) -> Any:
    return {"detail": {"s3ObjectDetails": {"objectKey": f"quarantine/{document.stored_as}"}}}


def test_storage_s_notice_and_the_scanner_s_result_check_it_once(document: Document, world: World) -> None:
    event = queued({"Event": "s3:TestEvent"}, from_s3(document), from_s3(document), from_guardduty(document))
    assert invoke("inspect", event) == {"batchItemFailures": []}
    assert [one.state for one in world.store.of(Document)] == [DocumentState.CLEAN]
    assert world.inspector.inspected == 1


def test_the_scanner_s_result_finishes_what_waited_for_it(document: Document, world: World) -> None:
    world.scanner.says = Verdict.PENDING
    invoke("inspect", queued(from_s3(document)))
    assert world.store.of(Document)[0].state is DocumentState.QUARANTINED
    world.scanner.says = Verdict.INFECTED
    invoke("inspect", queued(from_guardduty(document)))
    assert world.store.of(Document)[0].state is DocumentState.REFUSED


def test_a_message_that_says_nothing_readable_comes_again_alone(document: Document, world: World) -> None:
    answer = invoke("inspect", queued({"Records": [{}]}, from_s3(document)))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert world.store.of(Document)[0].state is DocumentState.CLEAN


def test_the_round_checks_and_erases(document: Document, world: World) -> None:
    world.clock.advance(minutes=15)
    assert round_of("inspect", "sweep") == (1, [])
    world.clock.advance(days=90)
    assert round_of("inspect", "sweep") == (1, [])
    assert world.store.of(Document)[0].state is DocumentState.ERASED


def test_inspect_has_no_door_on_the_street() -> None:
    assert app_of("inspect").operations == []

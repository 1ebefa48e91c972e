"""SES's events, as the queue brings them to `notify`: each kind, and those that say nothing."""

import json
from typing import Any

import pytest
from cvec import wiring
from cvec.domain.mails import Mail, MailState
from cvec.usecases import verify

from tests.support.calling import invoke
from tests.support.fakes import World
from tests.support.people import EMAIL, started


def event(mail_id: str, kind: str, **details: str) -> Any:
    """The event in EventBridge's words, as far as they are read."""
    mail = {"messageId": "m", "destination": [EMAIL], "tags": {"mail": [mail_id], "ses:configuration-set": ["c"]}}
    return {"source": "aws.ses", "detail": {"eventType": kind, kind.lower(): details, "mail": mail}}


def queued(*messages: Any) -> dict[str, Any]:
    records = [
        {"messageId": str(number), "eventSource": "aws:sqs", "body": json.dumps(message)}
        for number, message in enumerate(messages)
    ]
    return {"Records": records}


@pytest.fixture
def mail(world: World) -> Mail:
    """The mail with a code."""
    wiring.use(world)
    verify.give_email(started(world), EMAIL, tools=world)
    [mail] = world.store.of(Mail)
    return mail


@pytest.mark.parametrize(
    ("kind", "details", "expected"),
    [
        ("Delivery", {}, MailState.DELIVERED),
        ("Bounce", {"bounceType": "Permanent", "bounceSubType": "General"}, MailState.BOUNCED),
        ("Bounce", {"bounceType": "Undetermined", "bounceSubType": "Undetermined"}, MailState.BOUNCED),
        ("Bounce", {"bounceType": "Permanent", "bounceSubType": "OnAccountSuppressionList"}, MailState.SUPPRESSED),
        ("Bounce", {"bounceType": "Transient", "bounceSubType": "General"}, MailState.WAITING),
        ("Complaint", {"complaintFeedbackType": "abuse"}, MailState.COMPLAINED),
        ("Reject", {"reason": "Bad content"}, MailState.BOUNCED),
        ("Open", {}, MailState.WAITING),
    ],
)
def test_an_event_is_noted_on_its_mail(
    mail: Mail, world: World, kind: str, details: dict[str, str], expected: MailState
) -> None:
    assert invoke("notify", queued(event(mail.id, kind, **details))) == {"batchItemFailures": []}
    assert [one.state for one in world.store.of(Mail)] == [expected]


def test_events_of_other_mails_and_twice_the_same_are_harmless(mail: Mail, world: World) -> None:
    bounce = event(mail.id, "Bounce", bounceType="Permanent")
    untagged = {"detail": {"eventType": "Delivery", "mail": {"tags": {}}}}
    said = queued(untagged, {}, event("nobody", "Delivery"), bounce, bounce)
    assert invoke("notify", said) == {"batchItemFailures": []}
    assert [one.state for one in world.store.of(Mail)] == [MailState.BOUNCED]

"""The laptop's SES says what became of each mail it took, with its tags; and nothing of what it refused."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from cvec.web.mail_news import mail_news

from infra.local.mail_events import event_of
from infra.local.moto_cloud import MotoCloud

SENDER = "service@example.org"


@pytest.fixture
def moto() -> Iterator[tuple[MotoCloud, list[Any]]]:
    """A cloud, and the mails that it says were taken."""
    cloud = MotoCloud()
    heard: list[Any] = []
    cloud.on_mail = heard.append
    cloud.start()
    cloud.client("sesv2").create_email_identity(EmailIdentity="example.org")
    yield cloud, heard
    cloud.stop()


def send(cloud: MotoCloud, to: str, sender: str = SENDER) -> None:
    cloud.client("sesv2").send_email(
        FromEmailAddress=sender,
        Destination={"ToAddresses": [to]},
        Content={"Raw": {"Data": f"From: {sender}\r\nTo: {to}\r\nSubject: s\r\n\r\nText".encode()}},
        EmailTags=[{"Name": "mail", "Value": "m1"}],
    )


@pytest.mark.parametrize(
    ("to", "fact"),
    [
        ("ana@example.org", "mail_delivered"),
        ("bounce@example.org", "mail_bounced"),
        ("Bounce+two@simulator.example", "mail_bounced"),
        ("complaint@example.org", "mail_complained"),
        ("suppressionlist@example.org", "mail_suppressed"),
    ],
)
def test_each_mail_meets_what_its_address_says(moto: tuple[MotoCloud, list[Any]], to: str, fact: str) -> None:
    cloud, heard = moto
    send(cloud, to)
    [mail] = heard
    assert mail_news(json.loads(event_of(mail))) == ("m1", fact)


def test_a_mail_that_was_refused_has_no_events(moto: tuple[MotoCloud, list[Any]]) -> None:
    cloud, heard = moto
    with pytest.raises(cloud.client("sesv2").exceptions.MessageRejected):
        send(cloud, "ana@example.org", sender="stranger@elsewhere.example")
    assert heard == []

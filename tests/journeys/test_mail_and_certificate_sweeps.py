"""What the stream does not bring, the sweeps do, once; what cannot be done is laid where somebody looks."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cvec import wiring
from cvec.domain.certificates import Certificate, CertificateState
from cvec.domain.errors import TryAgain
from cvec.domain.history import Entry
from cvec.domain.mails import TRIED_FOR, Mail, MailState
from cvec.ports import Letter, Post, Undeliverable

from infra.local.laptop import Laptop
from tests.journeys.street import YEAR, Student, newcomer, pay_with, person_of, ready_to_pay
from tests.journeys.town import LaterClock
from tests.support.laptop import TEMPLATE

MAILS, CERTIFICATES = ("NotifyFunction", "Sweep"), ("CertifyFunction", "Sweep")


class FickleSes:
    """The real post, which refuses so many times before it takes a letter."""

    def __init__(self, real: Post) -> None:
        self._real, self.refusals, self.asked = real, 0, 0
        self.refuse_with: type[Exception] = TryAgain

    def send(self, letter: Letter) -> None:
        self.asked += 1
        if self.refusals:
            self.refusals -= 1
            raise self.refuse_with
        self._real.send(letter)


class Office:
    """A laptop with a clock and a mail service that tests hold; its stream brings nothing until the pump is drained."""

    def __init__(self, laptop: Laptop) -> None:
        self.laptop, self.clock, self.ses = laptop, LaterClock(), FickleSes(wiring.tools().post)
        wiring.use(replace(wiring.tools(), clock=self.clock, post=self.ses))

    def sweep(self, schedule: tuple[str, str], **later: float) -> Any:
        self.clock.ahead += timedelta(**later)
        return self.laptop.pump.run_schedule(*schedule)

    def letters_to(self, student: Student) -> list[str]:
        return [mail.subject for mail in self.laptop.mailbox.messages(student.email)]

    def mails(self) -> list[Mail]:
        """The outbox, whole: for assertions only."""
        store, table = wiring.tools().store, self.laptop.stack.address("Records", "Ref")
        items = self.laptop.cloud.client("dynamodb").scan(TableName=table)["Items"]
        found = [store.find(Mail, item["id"]["S"]) for item in items if item["kind"]["S"] == "mail"]
        return [mail for mail in found if mail is not None]


@pytest.fixture
def office() -> Iterator[Office]:
    with Laptop(TEMPLATE) as laptop:
        yield Office(laptop)


def registering(office: Office) -> Student:
    student = newcomer(office.laptop)
    student.fill_in()
    return student


def test_the_sweep_delivers_a_mail_that_the_stream_lost_and_only_once(office: Office) -> None:
    student = registering(office)
    assert office.sweep(MAILS)["looked_at"] == 0  # the stream still has its minute
    assert office.letters_to(student) == []
    office.sweep(MAILS, seconds=61)
    office.sweep(MAILS, minutes=30)
    office.laptop.pump.drain()  # the record was not lost but late
    assert len(office.letters_to(student)) == 1
    assert [(mail.state, mail.to, mail.words) for mail in office.mails()] == [(MailState.DELIVERED, None, {})]


def test_the_sweep_prints_a_certificate_whose_order_the_stream_lost_and_only_once(office: Office) -> None:
    student = ready_to_pay(office.laptop)
    offered = student.start_payment()
    pay_with(offered["url"])
    assert student.payment(offered["payment"])["state"] == "succeeded"
    assert student.send("GET", f"/api/v1/files/{YEAR}/certificate").status_code == 404
    for _ in range(2):
        office.sweep(CERTIFICATES, seconds=61)
    office.laptop.pump.drain()
    person_id = person_of(student)
    store = wiring.tools().store
    certificate = store.find(Certificate, person_id, YEAR)
    assert certificate is not None
    assert (certificate.state, certificate.edition) == (CertificateState.ACTIVE, 1)
    assert [str(one.name) for one in store.all(Entry, person_id, YEAR)].count("certificate_issued") == 1
    assert student.certificate()["number"] == certificate.number


def test_a_mail_service_that_refuses_for_a_while_gets_the_mail_later(office: Office) -> None:
    office.ses.refusals = 2
    student = registering(office)
    office.laptop.pump.drain()
    assert (office.letters_to(student), office.ses.asked) == ([], 1)
    for _ in range(3):
        office.sweep(MAILS, minutes=20)
    assert len(office.letters_to(student)) == 1
    assert office.ses.asked == 3


def test_a_mail_that_never_leaves_is_tried_for_days_and_then_given_up(office: Office) -> None:
    office.ses.refusals = 10_000
    student = registering(office)
    office.laptop.pump.drain()
    assert [mail.state for mail in office.mails()] == [MailState.WAITING]
    office.sweep(MAILS, seconds=TRIED_FOR.total_seconds() - 120)
    assert [mail.state for mail in office.mails()] == [MailState.WAITING]
    office.sweep(MAILS, days=1)
    assert [(mail.state, mail.to) for mail in office.mails()] == [(MailState.ABANDONED, None)]
    assert (office.ses.asked, office.letters_to(student)) == (3, [])


def test_a_letter_that_ses_will_never_take_is_not_tried_again(office: Office) -> None:
    office.ses.refusals, office.ses.refuse_with = 1, Undeliverable
    registering(office)
    office.laptop.pump.drain()
    office.sweep(MAILS, hours=2)
    assert office.ses.asked == 1
    assert [mail.state for mail in office.mails()] == [MailState.ABANDONED]


def test_a_row_that_cannot_be_carried_out_goes_to_the_dead_letters_and_the_others_still_leave(office: Office) -> None:
    table = office.laptop.stack.address("Records", "Ref")
    poison = {"pk": "MAIL#poison", "sk": "MAIL", "kind": "mail", "state": "waiting", "id": "poison", "template": "none"}
    item: dict[str, Any] = {name: {"S": value} for name, value in poison.items()} | {"version": {"N": "1"}}
    office.laptop.cloud.client("dynamodb").put_item(TableName=table, Item=item)
    student = registering(office)
    office.laptop.pump.drain()
    assert len(office.letters_to(student)) == 1
    (letter,) = dead_letters(office.laptop)
    assert letter["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert "poison" not in json.dumps(letter)  # where it stands, never what it says


def dead_letters(laptop: Laptop) -> list[dict[str, Any]]:
    queue = laptop.stack.address("DeadLetters", "Ref")
    received = laptop.cloud.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
    return [json.loads(message["Body"]) for message in received.get("Messages", [])]

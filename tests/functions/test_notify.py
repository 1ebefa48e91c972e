"""The mails in the background: each row of the outbox leaves once, whoever brings it."""

import pytest
from cvec import wiring
from cvec.domain.errors import TryAgain
from cvec.domain.mails import Mail, MailState
from cvec.ports import Undeliverable

from tests.support.calling import app_of, invoke, round_of, rows_event
from tests.support.fakes import World
from tests.support.people import registered


@pytest.fixture
def mails(world: World) -> list[Mail]:
    """Two mails that wait: a code and a welcome."""
    registered(world)
    wiring.use(world)
    return world.store.of(Mail)


def row_of(mail: Mail) -> dict[str, str]:
    return {"kind": "mail", "id": mail.id}


def test_mails_that_the_stream_brings_leave_once(mails: list[Mail], world: World) -> None:
    event = rows_event(*(row_of(mail) for mail in mails))
    assert invoke("notify", event) == invoke("notify", event) == {"batchItemFailures": []}
    assert [letter.id for letter in world.post.sent] == [mail.id for mail in mails]
    assert {(mail.state, mail.to) for mail in world.store.of(Mail)} == {(MailState.SENT, None)}


def test_a_mail_that_cannot_leave_now_comes_again_alone(mails: list[Mail], world: World) -> None:
    world.post.refuse_with = TryAgain
    answer = invoke("notify", rows_event(*(row_of(mail) for mail in mails)))
    assert [one["itemIdentifier"] for one in answer["batchItemFailures"]] == ["1", "2"]
    world.post.refuse_with = None
    world.clock.advance(minutes=10)
    assert round_of("notify", "sweep") == (2, [])
    assert len(world.post.sent) == 2


def test_a_mail_that_never_can_leave_is_abandoned_without_a_retry(mails: list[Mail], world: World) -> None:
    world.post.refuse_with = Undeliverable
    assert invoke("notify", rows_event(row_of(mails[0]))) == {"batchItemFailures": []}
    left = world.store.find(Mail, mails[0].id)
    assert left is not None
    assert (left.state, left.to, left.words) == (MailState.ABANDONED, None, {})


def test_an_unknown_task_is_a_fault_that_lambda_hears_of(mails: list[Mail]) -> None:
    with pytest.raises(KeyError):
        invoke("notify", {"task": "unheard_of"})


def test_notify_has_no_door_on_the_street() -> None:
    assert app_of("notify").operations == []

"""The outbox: each mail leaves once, is never lost, and forgets its address when it has left."""

from datetime import timedelta

import pytest
from cvec.domain.errors import TryAgain
from cvec.domain.mails import LEASE, TRIED_FOR, Mail, MailState, Template
from cvec.domain.overdue import LONGEST_REST
from cvec.ports import Undeliverable
from cvec.usecases import notify
from cvec.usecases.outbox import mail

from tests.support.fakes import World, new_world
from tests.support.people import EMAIL


def written(world: World) -> str:
    row = mail(Template.PASSWORD_LINK, to=EMAIL, tools=world, link="id")
    world.store.commit(row)
    return row.id


def the_mail(world: World) -> Mail:
    [row] = world.store.of(Mail)
    return row


def test_a_mail_leaves_once_and_its_address_is_forgotten() -> None:
    world = new_world()
    mail_id = written(world)
    for _ in range(3):
        notify.deliver(mail_id, tools=world)
    assert [(letter.to, letter.subject) for letter in world.post.sent] == [(EMAIL, "password_link")]
    left = the_mail(world)
    assert (left.state, left.to, left.words, left.look_at) == (MailState.SENT, None, {}, None)
    assert left.left_at == world.clock.now()


def test_a_mail_that_nobody_brought_is_found_by_the_sweep_after_a_minute() -> None:
    world = new_world()
    written(world)
    assert notify.deliver_late_ones(tools=world).looked_at == 0
    world.clock.advance(minutes=1)
    assert notify.deliver_late_ones(tools=world).looked_at == 1
    assert len(world.post.sent) == 1


def test_while_somebody_sends_it_nobody_else_does() -> None:
    world = new_world()
    mail_id = written(world)
    send = world.post.send

    def send_slowly(letter: object) -> None:
        notify.deliver(mail_id, tools=world)
        send(letter)  # type: ignore[arg-type]

    world.post.send = send_slowly  # type: ignore[method-assign]
    notify.deliver(mail_id, tools=world)
    assert len(world.post.sent) == 1


def test_whoever_dies_while_sending_is_replaced_after_a_quarter_of_an_hour() -> None:
    world = new_world()
    mail_id = written(world)

    def die(letter: object) -> None:
        raise KeyboardInterrupt

    send, world.post.send = world.post.send, die  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        notify.deliver(mail_id, tools=world)
    world.post.send = send  # type: ignore[method-assign]
    world.clock.advance(seconds=LEASE.total_seconds() - 1)
    notify.deliver_late_ones(tools=world)
    assert world.post.sent == []
    world.clock.advance(seconds=1)
    notify.deliver_late_ones(tools=world)
    assert len(world.post.sent) == 1


def test_a_service_that_is_busy_is_asked_again_later_and_later_for_days_then_no_more() -> None:
    world = new_world()
    mail_id = written(world)
    world.post.refuse_with = TryAgain
    waits: list[timedelta] = []
    while (row := the_mail(world)).state is MailState.WAITING:
        with pytest.raises(TryAgain):
            notify.deliver(mail_id, tools=world)
        row = the_mail(world)
        if row.look_at:
            waits.append(row.look_at - world.clock.now())
            world.clock.at = row.look_at
    assert waits == sorted(waits)
    assert max(waits) == LONGEST_REST
    assert TRIED_FOR <= world.clock.now() - the_mail(world).written_at < TRIED_FOR + LONGEST_REST
    assert (the_mail(world).state, the_mail(world).to) == (MailState.ABANDONED, None)


def test_a_letter_that_can_never_leave_is_abandoned_at_once() -> None:
    world = new_world()
    mail_id = written(world)
    world.post.refuse_with = Undeliverable
    notify.deliver(mail_id, tools=world)
    assert the_mail(world).state is MailState.ABANDONED


def test_one_mail_that_fails_does_not_stop_the_others() -> None:
    world = new_world()
    first = written(world)
    written(world)
    world.clock.advance(minutes=1)
    send = world.post.send

    def refuse_the_first(letter: object) -> None:
        if getattr(letter, "id", "") == first:
            raise TryAgain
        send(letter)  # type: ignore[arg-type]

    world.post.send = refuse_the_first  # type: ignore[method-assign]
    done = notify.deliver_late_ones(tools=world)
    assert (done.looked_at, done.stopped_by) == (2, ("try_again",))
    assert len(world.post.sent) == 1


def test_an_unknown_mail_is_nothing_to_do() -> None:
    notify.deliver("invented", tools=new_world())

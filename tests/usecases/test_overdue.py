"""What is overdue is counted to the second, after the round had its try, and even while its next try is put off."""

from datetime import timedelta
from typing import ClassVar

import pytest
from cvec.domain.certificates import Certificate
from cvec.domain.errors import TryAgain
from cvec.domain.files import File
from cvec.domain.mails import Mail
from cvec.domain.model import Work
from cvec.domain.overdue import PATIENCE, waiting_since
from cvec.domain.payments import Payment
from cvec.domain.refunds import Refund
from cvec.usecases import certify, notify, settle, watch
from cvec.usecases.overdue import overdue, overdue_count

from tests.support.fakes import World, new_world
from tests.support.people import at_the_page

SECOND = timedelta(seconds=1)


class Chore(Work):
    """Work that no deadline is known for."""

    kind: ClassVar[str] = "chore"
    key_fields: ClassVar[tuple[str, ...]] = ()


def paid(world: World) -> str:
    """Settled, its certificate ordered and not printed."""
    _, offered = at_the_page(world)
    world.cards.pay(f"page-{offered.payment}")
    settle.sync(offered.payment, tools=world)
    return offered.payment


def owed(world: World) -> str:
    """Paid though nothing was owed: a refund, which the provider is slow to carry out."""
    _, offered = at_the_page(world)
    world.cards.pay(f"page-{offered.payment}", cents=1)
    world.cards.refund_status = "pending"
    settle.sync(offered.payment, tools=world)
    return offered.payment


def left_open(world: World) -> str:
    _, offered = at_the_page(world)
    return offered.payment


@pytest.mark.parametrize(("kind", "begin"), [(Certificate, paid), (Mail, paid), (Refund, owed), (Payment, left_open)])
def test_work_is_overdue_one_second_after_its_patience_and_not_before(kind: type[Work], begin: object) -> None:
    world = new_world()
    assert callable(begin)
    begin(world)
    oldest = min(waiting_since(work) for work in world.store.of(kind))
    world.clock.at = oldest + PATIENCE[kind]
    assert overdue(kind, tools=world) == []
    world.clock.at += SECOND
    assert oldest in [waiting_since(work) for work in overdue(kind, tools=world)]


def test_what_is_done_is_never_overdue() -> None:
    world = new_world()
    paid(world)
    certify.issue_late_ones(tools=world)
    world.clock.advance(minutes=2)
    certify.issue_late_ones(tools=world)
    notify.deliver_late_ones(tools=world)
    world.clock.advance(days=3)
    assert overdue_count(*PATIENCE, tools=world) == 1  # the mail that said so, written at the end
    notify.deliver_late_ones(tools=world)
    assert overdue_count(*PATIENCE, tools=world) == 0


def test_a_round_that_catches_up_leaves_nothing_overdue() -> None:
    world = new_world()
    paid(world)
    world.clock.advance(hours=2)
    rounds = certify.issue_late_ones(tools=world), notify.deliver_late_ones(tools=world), watch.reconcile(tools=world)
    assert [done.overdue for done in rounds] == [0, 0, 0]


def test_a_mail_whose_next_try_is_put_off_is_counted_all_the_same() -> None:
    world = new_world()
    paid(world)
    world.post.refuse_with = TryAgain
    for _ in range(4):
        world.clock.advance(minutes=5)
        done = notify.deliver_late_ones(tools=world)
    waiting = [mail for mail in world.store.of(Mail) if mail.look_at]
    assert all(mail.look_at > world.clock.now() for mail in waiting if mail.look_at)
    assert done.overdue == len(waiting) > 0


def test_a_certificate_that_cannot_be_printed_is_counted_by_its_round() -> None:
    world = new_world()
    paid(world)
    (file,) = world.store.of(File)
    world.store.commit(erase=[file])
    world.clock.advance(minutes=5)
    assert certify.issue_late_ones(tools=world).overdue == 0
    world.clock.at += SECOND
    done = certify.issue_late_ones(tools=world)
    assert (done.looked_at, done.stopped_by, done.overdue) == (1, ("no_certificate_yet",), 1)


def test_a_refund_the_provider_is_slow_about_is_counted_after_an_hour() -> None:
    world = new_world()
    owed(world)
    world.clock.advance(minutes=59)
    assert watch.reconcile(tools=world).overdue == 0
    world.clock.advance(minutes=2)
    assert watch.reconcile(tools=world).overdue == 1
    world.cards.refund_status = "succeeded"
    assert watch.reconcile(tools=world).overdue == 0


def test_payments_left_open_by_an_outage_are_counted_once_their_page_is_long_over() -> None:
    world = new_world()
    left_open(world)
    world.cards.is_down = True
    world.clock.advance(minutes=49)
    assert watch.reconcile(tools=world).overdue == 0
    world.clock.advance(minutes=2)
    done = watch.reconcile(tools=world)
    assert (done.stopped_by, done.overdue) == (("card_provider_unavailable",), 1)


def test_a_kind_that_nobody_promised_is_loud() -> None:
    with pytest.raises(LookupError, match="chore"):
        waiting_since(Chore())

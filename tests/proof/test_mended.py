"""Traces that once broke a promise, kept so that they never do again."""

from datetime import timedelta

import pytest
from cvec.domain.ledger import LedgerLine
from cvec.domain.mails import Mail
from cvec.domain.payments import DisputeStatus
from cvec.domain.refunds import Refund, RefundState
from cvec.usecases import files, notify, watch

from tests.proof import scenes
from tests.proof.interleavings import PAIRS, explore
from tests.proof.machine import PARIS
from tests.proof.quiet import quieten, tolerated
from tests.proof.worlds import ProofWorld, proof_world
from tests.support.people import YEAR
from tests.support.promises import check_promises


def test_money_that_goes_back_leaves_the_crous_it_came_in_for_although_the_student_has_moved() -> None:
    world, (student,) = proof_world(1)
    world.cards.refund_status = "pending"
    payment = scenes.mismatched(world, student)
    watch.look_into(payment, tools=world)
    files.prepare_file(student, YEAR, **PARIS, tools=world)
    world.cards.conclude_refunds("failed")
    watch.look_into(payment, tools=world)
    quieten(world)
    assert {line.crous for line in world.store.of(LedgerLine)} == {"LYO"}
    check_promises(world)


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair.name in ("renew × accept", "revoke × accept")])
def test_a_page_opened_while_an_earlier_one_was_being_closed_is_not_overlooked(pair: object) -> None:
    assert explore(pair).violations == []  # type: ignore[arg-type]


def lost(world: ProofWorld, payment: str) -> None:
    """The bank takes the money back for good."""
    world.cards.contest(f"page-{payment}", DisputeStatus.OPEN)
    world.cards.contest(f"page-{payment}", DisputeStatus.LOST)
    tolerated(watch.look_into, payment, tools=world)


def test_an_agent_is_not_asked_to_give_back_what_the_bank_has_taken() -> None:
    world, (student,) = proof_world(1)
    payment = scenes.slow_refund(world, student, "failed")
    for _ in range(12):
        world.clock.advance(minutes=31)
        watch.reconcile(tools=world)
    assert world.store.of(Refund)[0].state is RefundState.MANUAL
    lost(world, payment)
    assert world.store.of(Refund)[0].state is RefundState.DROPPED
    check_promises(world)


def test_a_refund_that_comes_back_after_its_payment_was_lost_is_not_tried_for_ever() -> None:
    world, (student,) = proof_world(1)
    payment = scenes.slow_refund(world, student, "succeeded")
    world.cards.fail_late(f"page-{payment}")
    lost(world, payment)
    quieten(world)
    assert world.store.of(Refund)[0].state is RefundState.DROPPED
    check_promises(world, is_quiet=True)


def test_a_refund_under_way_when_its_payment_is_lost_is_booked_back() -> None:
    world, (student,) = proof_world(1)
    payment = scenes.slow_refund(world, student)
    lost(world, payment)
    quieten(world)
    check_promises(world, is_quiet=True)


def test_a_mail_service_that_is_out_for_a_day_loses_no_mail() -> None:
    from cvec.domain.errors import TryAgain

    world, _ = proof_world(1)
    world.post.refuse_with = TryAgain
    for _ in range(24):
        world.clock.at += timedelta(hours=1)
        notify.deliver_late_ones(tools=world)
    world.post.refuse_with = None
    world.clock.at += timedelta(hours=1)
    notify.deliver_late_ones(tools=world)
    assert {mail.state for mail in world.store.of(Mail)} == {"sent"}

"""A dispute suspends, and only the bank's word restores or revokes; money is never both refunded and charged back."""

import pytest
from cvec.domain.certificates import Certificate, CertificateState
from cvec.domain.facts import Fact
from cvec.domain.files import FILE, File, FileState
from cvec.domain.history import Entry
from cvec.domain.ledger import Mismatch, Movement, day_of
from cvec.domain.mails import Mail, Template
from cvec.domain.payments import DisputeStatus, Payment, PaymentState
from cvec.domain.refunds import Refund, RefundState
from cvec.usecases import certify, pay, reconcile, settle, watch

from tests.support.fakes import World, new_world
from tests.support.people import YEAR, at_the_page


def paid(world: World, *, is_printed: bool = True) -> tuple[str, str]:
    person_id, offered = at_the_page(world)
    world.cards.pay(f"page-{offered.payment}")
    settle.sync(offered.payment, tools=world)
    if is_printed:
        certify.issue(person_id, YEAR, tools=world)
    return person_id, offered.payment


def the(world: World) -> tuple[FileState, CertificateState, PaymentState]:
    (file,), (certificate,), payment = world.store.of(File), world.store.of(Certificate), world.store.of(Payment)[0]
    return file.state, certificate.state, payment.state


def test_a_dispute_suspends_the_certificate_and_keeps_the_file_settled() -> None:
    world = new_world()
    _, payment_id = paid(world)
    world.cards.contest(f"page-{payment_id}", DisputeStatus.OPEN)
    watch.look_into(payment_id, tools=world)
    assert the(world) == (FileState.PAID, CertificateState.SUSPENDED, PaymentState.DISPUTED)


@pytest.mark.parametrize("is_seen_open", [True, False])
def test_a_dispute_that_is_won_restores_it_even_if_we_never_saw_it_open(is_seen_open: bool) -> None:
    world = new_world()
    _, payment_id = paid(world)
    world.cards.contest(f"page-{payment_id}", DisputeStatus.OPEN)
    if is_seen_open:
        watch.look_into(payment_id, tools=world)
    world.cards.contest(f"page-{payment_id}", DisputeStatus.WON)
    watch.look_into(payment_id, tools=world)
    assert the(world) == (FileState.PAID, CertificateState.ACTIVE, PaymentState.WON)


def test_a_dispute_that_is_lost_revokes_it_opens_the_file_and_tells_the_student() -> None:
    world = new_world()
    _, payment_id = paid(world)
    world.cards.contest(f"page-{payment_id}", DisputeStatus.OPEN)
    world.cards.contest(f"page-{payment_id}", DisputeStatus.LOST)
    watch.look_into(payment_id, tools=world)
    assert the(world) == (FileState.OPEN, CertificateState.REVOKED, PaymentState.LOST)
    assert Template.PAYMENT_LOST in [mail.template for mail in world.store.of(Mail)]
    assert world.cards.kept_cents == 0


def test_paying_again_after_a_lost_dispute_brings_the_same_number_back() -> None:
    world = new_world()
    person_id, payment_id = paid(world)
    (before,) = world.store.of(Certificate)
    world.cards.contest(f"page-{payment_id}", DisputeStatus.OPEN)
    world.cards.contest(f"page-{payment_id}", DisputeStatus.LOST)
    watch.look_into(payment_id, tools=world)
    again = pay.pay_by_card(person_id, YEAR, "fr", tools=world)
    world.cards.pay(f"page-{again.payment}")
    settle.sync(again.payment, tools=world)
    certify.issue(person_id, YEAR, tools=world)
    (after,) = world.store.of(Certificate)
    assert (after.number, after.edition, after.state) == (before.number, 2, CertificateState.ACTIVE)
    assert world.cards.kept_cents == 10500


def test_a_certificate_disputed_before_it_was_printed_is_printed_once_it_is_won() -> None:
    world = new_world()
    person_id, payment_id = paid(world, is_printed=False)
    world.cards.contest(f"page-{payment_id}", DisputeStatus.OPEN)
    watch.look_into(payment_id, tools=world)
    certify.issue(person_id, YEAR, tools=world)
    assert the(world)[1] is CertificateState.SUSPENDED
    world.cards.contest(f"page-{payment_id}", DisputeStatus.WON)
    watch.look_into(payment_id, tools=world)
    certify.issue_late_ones(tools=world)
    assert the(world)[1] is CertificateState.ACTIVE


def test_a_surplus_disputed_before_its_refund_is_never_both_refunded_and_charged_back() -> None:
    world = new_world()
    _, offered = at_the_page(world)
    world.cards.pay(f"page-{offered.payment}")
    world.cards.contest(f"page-{offered.payment}", DisputeStatus.OPEN)
    (file,) = world.store.of(File)
    world.store.commit(file.after(Fact.EXEMPTION_GRANTED))
    watch.look_into(offered.payment, tools=world)
    assert world.store.of(Refund)[0].state is RefundState.REQUESTED
    world.cards.contest(f"page-{offered.payment}", DisputeStatus.LOST)
    watch.look_into(offered.payment, tools=world)
    page = world.cards.pages[f"page-{offered.payment}"]
    assert (page.refunded_cents, page.charged_back_cents) == (0, 10500)
    assert world.store.of(Refund)[0].state is RefundState.DROPPED
    assert world.store.of(File)[0].state is FileState.EXEMPT


def test_hearing_of_a_dispute_again_changes_nothing() -> None:
    world = new_world()
    _, payment_id = paid(world)
    world.cards.contest(f"page-{payment_id}", DisputeStatus.OPEN)
    watch.look_into(payment_id, tools=world)
    before = dict(world.store.rows)
    watch.look_into(payment_id, tools=world)
    assert world.store.rows == before


def test_news_that_names_only_the_transaction_finds_the_payment() -> None:
    world = new_world()
    _, payment_id = paid(world)
    world.cards.contest(f"page-{payment_id}", DisputeStatus.OPEN)
    world.clock.advance(minutes=5)
    assert reconcile.read_events(tools=world).looked_at == 1
    assert the(world)[2] is PaymentState.DISPUTED


def test_the_events_are_read_from_a_little_before_where_the_last_round_stopped() -> None:
    world = new_world()
    paid(world)
    seen = []
    for _ in range(3):
        seen.append(reconcile.read_events(tools=world).looked_at)
        world.clock.advance(hours=1)
    assert seen == [1, 1, 0]


def test_a_round_that_was_stopped_is_read_again() -> None:
    world = new_world()
    paid(world)
    world.cards.is_down = True
    assert reconcile.read_events(tools=world).stopped_by == ("card_provider_unavailable",)
    world.cards.is_down = False
    world.clock.advance(hours=2)
    assert reconcile.read_events(tools=world).looked_at == 1


def test_the_accounts_of_a_day_agree_to_the_cent_by_crous() -> None:
    world = new_world()
    paid(world)
    account = reconcile.account_of_day(day_of(world.clock.now()), tools=world)
    assert (account.provider_cents, account.ledger_cents, account.differences) == (10500, 10500, ())
    assert account.ledger_by_crous == {"LYO": 10500}


def test_money_that_only_the_provider_knows_is_found_and_repaired_by_asking_again() -> None:
    world = new_world()
    _, payment_id = paid(world)
    world.cards.contest(f"page-{payment_id}", DisputeStatus.OPEN)
    world.cards.contest(f"page-{payment_id}", DisputeStatus.LOST)
    day = day_of(world.clock.now())
    (difference,) = reconcile.account_of_day(day, tools=world).differences
    assert (difference.mismatch, difference.movement) == (Mismatch.PROVIDER_ONLY, Movement.DISPUTE)
    reconcile.repair_day(day, tools=world)
    assert reconcile.account_of_day(day, tools=world).differences == ()


def test_the_night_says_how_many_differences_are_left_for_somebody_to_see() -> None:
    world = new_world()
    paid(world)
    world.cards.moved.pop()
    world.clock.advance(days=1)
    done = reconcile.close_yesterday(tools=world)
    assert done.overdue == 1


def test_the_history_of_a_disputed_file_replays_to_its_state() -> None:
    world = new_world()
    person_id, payment_id = paid(world)
    for outcome in (DisputeStatus.OPEN, DisputeStatus.LOST):
        world.cards.contest(f"page-{payment_id}", outcome)
        watch.look_into(payment_id, tools=world)
    entries = world.store.all(Entry, person_id, YEAR)
    assert FILE.replay(entry.name for entry in entries) is world.store.of(File)[0].state
    assert [entry.position for entry in entries] == list(range(1, len(entries) + 1))

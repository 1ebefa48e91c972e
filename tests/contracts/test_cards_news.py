"""What the provider tells by itself: disputes, events and accounts of a day, by the real adapter from the stand-in."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from cvec.domain.campaigns import CAMPAIGNS
from cvec.domain.ledger import Movement, day_of
from cvec.domain.payments import DisputeStatus, PageStatus
from cvec.usecases import reconcile, settle, watch
from cvec.usecases.campaigns import change_campaign

from infra.local.card_provider import refunds
from tests.contracts.card_desks import AMOUNT, StripeDesk, attempt, ordered
from tests.support.fakes import FakeClock, World, new_world
from tests.support.people import YEAR, at_the_page

pytest_plugins = ["tests.contracts.card_desks"]

DECLINED, SLOW_REFUND, FAILING_REFUND = "4000000000009995", "4000000000007726", "4000000000005126"
EVIDENCE = {DisputeStatus.WON: "winning_evidence", DisputeStatus.LOST: "losing_evidence"}
MORE_THAN_A_PAGE = 130
"""The provider gives a hundred at a time."""


@pytest.fixture(autouse=True)
def _at_noon(stripe_desk: StripeDesk) -> None:
    """Far from midnight in UTC, where the provider's days begin."""
    tomorrow = datetime.combine(stripe_desk.now().date() + timedelta(days=1), time(12), UTC)
    stripe_desk.advance(tomorrow - stripe_desk.now())


def paid(desk: StripeDesk, name: str = "a1", *, card: str = "4242424242424242") -> str:
    """The page of an attempt that was paid."""
    page = desk.gateway.open_page(attempt(desk, name))
    assert desk.control.pay(page.ref, card) == "paid"
    return page.ref


def contest(desk: StripeDesk, ref: str, outcome: DisputeStatus = DisputeStatus.OPEN) -> None:
    """The holder disputes, and the bank decides if it is to."""
    intent = desk.gateway.fetch(ref).transaction
    [charge] = desk.gateway._client.v1.charges.list({"payment_intent": intent or ""}).data
    dispute = desk.control.open_dispute(charge.id)
    if outcome is not DisputeStatus.OPEN:
        desk.gateway._client.v1.disputes.update(dispute["id"], {"evidence": {"uncategorized_text": EVIDENCE[outcome]}})


def moved(desk: StripeDesk, day: date | None = None) -> Counter[tuple[Movement, int]]:
    return Counter((one.movement, one.amount_cents) for one in desk.gateway.movements(day or day_of(desk.now())))


# ── Disputes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_payment_nobody_disputes_says_nothing_of_disputes(stripe_desk: StripeDesk) -> None:
    assert stripe_desk.gateway.fetch(paid(stripe_desk)).dispute is None


@pytest.mark.parametrize("outcome", list(DisputeStatus))
def test_a_disputed_payment_says_where_its_dispute_stands(stripe_desk: StripeDesk, outcome: DisputeStatus) -> None:
    ref = paid(stripe_desk)
    contest(stripe_desk, ref, outcome)
    truth = stripe_desk.gateway.fetch(ref)
    assert (truth.dispute, truth.status, truth.amount_cents) == (outcome, PageStatus.PAID, AMOUNT)


@pytest.mark.parametrize("outcome", [DisputeStatus.OPEN, DisputeStatus.LOST])
def test_a_disputed_payment_is_not_refunded(stripe_desk: StripeDesk, outcome: DisputeStatus) -> None:
    ref = paid(stripe_desk)
    contest(stripe_desk, ref, outcome)
    assert stripe_desk.gateway.refund(ordered(stripe_desk, ref)).status == "disputed"
    assert stripe_desk.control.state()["refunded_cents"] == 0


def test_a_refund_that_waited_for_a_dispute_is_given_once_it_is_won(stripe_desk: StripeDesk) -> None:
    ref = paid(stripe_desk)
    contest(stripe_desk, ref, DisputeStatus.WON)
    assert stripe_desk.gateway.refund(ordered(stripe_desk, ref)).status == "succeeded"
    assert stripe_desk.kept_cents() == 0


def test_what_was_given_back_by_hand_counts_as_given_back_under_a_name_of_its_own(stripe_desk: StripeDesk) -> None:
    refs = [paid(stripe_desk, name) for name in ("a1", "a2")]
    orders = [ordered(stripe_desk, ref) for ref in refs]
    for order in orders:
        stripe_desk.gateway._client.v1.refunds.create({"payment_intent": order.transaction})
    receipts = [stripe_desk.gateway.refund(order) for order in orders]
    assert [receipt.status for receipt in receipts] == ["succeeded", "succeeded"]
    assert len({receipt.ref for receipt in receipts} - {""}) == 2
    assert stripe_desk.control.state()["refunded_cents"] == 2 * AMOUNT


# ── Events ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_more_events_than_a_page_holds_are_all_read_oldest_first(stripe_desk: StripeDesk) -> None:
    since = stripe_desk.now()
    page = stripe_desk.gateway.open_page(attempt(stripe_desk))
    for _ in range(MORE_THAN_A_PAGE):
        stripe_desk.control.pay(page.ref, DECLINED)
        stripe_desk.advance(timedelta(seconds=1))
    stripe_desk.control.pay(page.ref)
    events = list(stripe_desk.gateway.events(since))
    kinds = [event.kind for event in events]
    assert kinds.count("payment_intent.payment_failed") == MORE_THAN_A_PAGE
    assert kinds[-1] == "checkout.session.completed"
    assert len({event.event_id for event in events}) == len(events)
    moments = [event.happened_at for event in events]
    assert moments == sorted(moments, key=lambda moment: moment or since)
    assert {event.payment_id for event in events} == {"a1"}


def test_events_are_read_from_a_moment_on_and_that_moment_is_included(stripe_desk: StripeDesk) -> None:
    paid(stripe_desk, "before")
    stripe_desk.advance(timedelta(seconds=10))
    since = stripe_desk.now().replace(microsecond=0)
    paid(stripe_desk, "after")
    assert {event.payment_id for event in stripe_desk.gateway.events(since)} == {"after"}
    assert list(stripe_desk.gateway.events(stripe_desk.now() + timedelta(seconds=5))) == []


def test_news_of_a_dispute_points_at_the_transaction(stripe_desk: StripeDesk) -> None:
    since, ref = stripe_desk.now(), paid(stripe_desk)
    contest(stripe_desk, ref, DisputeStatus.LOST)
    told = {event.kind: event for event in stripe_desk.gateway.events(since - timedelta(seconds=1))}
    for kind in ("charge.dispute.created", "charge.dispute.closed"):
        assert told[kind].transaction == stripe_desk.gateway.fetch(ref).transaction


# ── Accounts of a day ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_account_of_a_day_is_every_movement_and_no_fee(stripe_desk: StripeDesk) -> None:
    refs = {name: paid(stripe_desk, name) for name in ("kept", "refunded", "won", "lost", "open")}
    failing = paid(stripe_desk, "failing", card=SLOW_REFUND)
    stripe_desk.gateway.refund(ordered(stripe_desk, refs["refunded"]))
    stripe_desk.end_refund(stripe_desk.gateway.refund(ordered(stripe_desk, failing)), "failed")
    for outcome in DisputeStatus:
        contest(stripe_desk, refs[outcome.value], outcome)
    assert moved(stripe_desk) == Counter(
        {
            (Movement.CAPTURE, AMOUNT): 6,
            (Movement.REFUND, -AMOUNT): 2,
            (Movement.REFUND, AMOUNT): 1,
            (Movement.DISPUTE, -AMOUNT): 3,
            (Movement.DISPUTE, AMOUNT): 1,
        }
    )
    total = sum(one.amount_cents for one in stripe_desk.gateway.movements(day_of(stripe_desk.now())))
    assert total == stripe_desk.kept_cents() == 3 * AMOUNT


def test_each_movement_belongs_to_one_day_in_utc(stripe_desk: StripeDesk) -> None:
    first = day_of(stripe_desk.now())
    ref = paid(stripe_desk)
    stripe_desk.advance(timedelta(days=1))
    stripe_desk.gateway.refund(ordered(stripe_desk, ref))
    assert moved(stripe_desk, first) == Counter({(Movement.CAPTURE, AMOUNT): 1})
    assert moved(stripe_desk, first + timedelta(days=1)) == Counter({(Movement.REFUND, -AMOUNT): 1})
    assert moved(stripe_desk, first - timedelta(days=1)) == Counter()


def test_more_movements_than_a_page_holds_are_all_counted(stripe_desk: StripeDesk) -> None:
    ref = paid(stripe_desk)
    intent, ledger = stripe_desk.gateway.fetch(ref).transaction, stripe_desk.control._ledger
    with ledger.transaction():
        for _ in range(MORE_THAN_A_PAGE):
            refunds.create(ledger, {"payment_intent": intent, "amount": 1})
    found = list(stripe_desk.gateway.movements(day_of(stripe_desk.now())))
    assert sum(one.amount_cents for one in found) == stripe_desk.kept_cents() == AMOUNT - MORE_THAN_A_PAGE
    assert len(found) == MORE_THAN_A_PAGE + 1
    assert {one.transaction for one in found} == {intent}


# ── Our ledger against it ────────────────────────────────────────────────────────────────────────────────────────────


class StandInClock(FakeClock):
    """The stand-in's time, which both sides then share."""

    def __init__(self, desk: StripeDesk) -> None:
        self._desk = desk

    @property
    def at(self) -> datetime:
        return self._desk.now()

    @at.setter
    def at(self, moment: datetime) -> None:
        self._desk.advance(moment - self._desk.now())


@pytest.fixture
def world(stripe_desk: StripeDesk) -> World:
    """Our side, with the real adapter; its campaign is open whatever today is."""
    world = new_world(cards=stripe_desk.gateway, clock=StandInClock(stripe_desk))
    always = CAMPAIGNS[YEAR].model_copy(update={"closes": date(2999, 8, 31)})
    change_campaign(always, by="tests", reason="whatever today is", tools=world)
    return world


def differences(world: World) -> list[tuple[str, Movement]]:
    account = reconcile.account_of_day(day_of(world.clock.now()), tools=world)
    return [(one.mismatch.value, one.movement) for one in account.differences]


@pytest.mark.parametrize("outcome", list(DisputeStatus))
@pytest.mark.parametrize("is_seen_open", [True, False])
def test_both_accounts_agree_wherever_a_dispute_stands(
    stripe_desk: StripeDesk, world: World, outcome: DisputeStatus, is_seen_open: bool
) -> None:
    _, offered = at_the_page(world)
    ref = settle.sync(offered.payment, tools=world).provider_ref or ""
    stripe_desk.control.pay(ref)
    watch.look_into(offered.payment, tools=world)
    contest(stripe_desk, ref, outcome)
    if is_seen_open:
        watch.look_into(offered.payment, tools=world)
    watch.look_into(offered.payment, tools=world)
    assert differences(world) == []


def test_both_accounts_agree_while_a_refund_is_pending_and_after_it_failed(
    stripe_desk: StripeDesk, world: World
) -> None:
    _, offered = at_the_page(world)
    payment = settle.sync(offered.payment, tools=world)
    world.store.commit(payment.next(amount_cents=payment.amount_cents + 1))  # so that the money must go back
    stripe_desk.control.pay(payment.provider_ref or "", SLOW_REFUND)
    watch.look_into(payment.id, tools=world)
    assert differences(world) == []
    [refund] = stripe_desk.gateway._client.v1.refunds.list().data
    assert refund.status == "pending"
    stripe_desk.control.settle_refund(refund.id, has_failed=True)
    watch.look_into(payment.id, tools=world)
    assert differences(world) == []
    assert stripe_desk.kept_cents() == AMOUNT


def test_money_only_the_provider_knows_of_is_found_by_its_events_and_its_account(
    stripe_desk: StripeDesk, world: World
) -> None:
    _, offered = at_the_page(world)
    payment = settle.sync(offered.payment, tools=world)
    stripe_desk.control.pay(payment.provider_ref or "")
    assert differences(world) == [("provider_only", Movement.CAPTURE)]
    assert reconcile.read_events(tools=world).looked_at == 1
    assert differences(world) == []
    contest(stripe_desk, payment.provider_ref or "", DisputeStatus.LOST)
    assert differences(world) == [("provider_only", Movement.DISPUTE)]
    reconcile.repair_day(day_of(world.clock.now()), tools=world)
    assert differences(world) == []

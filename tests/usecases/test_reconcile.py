"""What one side alone knows of is found: by the provider's events within the hour, by the accounts within the day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from cvec.domain.cursors import Cursor
from cvec.domain.errors import CardProviderUnavailable
from cvec.domain.files import File, FileState
from cvec.domain.ledger import LedgerLine, Mismatch, Movement, ProviderMovement, day_of
from cvec.ports import Pointer
from cvec.usecases import files, pay, settle
from cvec.usecases.reconcile import (
    EVENTS,
    FIRST_LOOK_BACK,
    OVERLAP,
    account_of_day,
    close_yesterday,
    read_events,
    repair_day,
)

from tests.support.fakes import CAMPAIGN_DAY, World, new_world
from tests.support.people import LYON, YEAR, ready_to_pay, with_password

TODAY = day_of(CAMPAIGN_DAY)
OTHER = {"email": "other@example.org", "ine": "0494004062M"}
LILLE = LYON | {"commune": "59350", "postcode": "59000"}


def paid(world: World, person_id: str | None = None) -> str:
    """Paid at the provider; nobody told us."""
    offered = pay.pay_by_card(person_id or ready_to_pay(world), YEAR, "fr", tools=world)
    world.cards.pay(f"page-{offered.payment}")
    return offered.payment


def points_to(world: World, *pointers: Pointer) -> list[datetime]:
    """Let the provider tell these events; since when it was asked."""
    asked: list[datetime] = []

    def events(since: datetime) -> list[Pointer]:
        asked.append(since)
        return list(pointers)

    world.cards.events = events  # type: ignore[method-assign]
    return asked


def about(payment: str | None = None, transaction: str | None = None) -> Pointer:
    return Pointer(event_id="e", kind="k", payment_id=payment, transaction=transaction)


# ── Events ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_payment_whose_every_notification_was_lost_is_settled_by_the_events() -> None:
    world = new_world()
    payment = paid(world)
    points_to(world, about(payment))
    assert read_events(tools=world).looked_at == 1
    assert world.store.of(File)[0].state is FileState.PAID


def test_the_first_round_looks_a_day_back_and_the_next_from_a_little_before_the_last() -> None:
    world = new_world()
    asked = points_to(world)
    rounds = []
    for _ in range(3):
        rounds.append(world.clock.now())
        read_events(tools=world)
        world.clock.advance(hours=1)
    assert asked == [rounds[0] - FIRST_LOOK_BACK, rounds[0] - OVERLAP, rounds[1] - OVERLAP]


def test_after_a_long_silence_nothing_is_skipped() -> None:
    world = new_world()
    asked = points_to(world)
    began = world.clock.now()
    read_events(tools=world)
    world.clock.advance(days=20)
    read_events(tools=world)
    assert asked[-1] == began - OVERLAP


def test_many_events_of_one_payment_are_one_look() -> None:
    world = new_world()
    payment = paid(world)
    settle.sync(payment, tools=world)
    points_to(world, *[about(payment)] * 5, *[about(transaction=f"transaction-page-{payment}")] * 5)
    assert read_events(tools=world).looked_at == 1


def test_events_about_nothing_of_ours_are_passed_over() -> None:
    world = new_world()
    points_to(world, about(), about(transaction="another shop's"))
    done = read_events(tools=world)
    assert (done.looked_at, done.stopped_by) == (0, ())
    assert world.store.find(Cursor, EVENTS) is not None


def test_an_event_about_a_payment_we_do_not_know_stops_nobody_else() -> None:
    world = new_world()
    payment = paid(world)
    points_to(world, about("nobody-s"), about(payment))
    done = read_events(tools=world)
    assert (done.looked_at, done.stopped_by) == (2, ("unknown_payment",))
    assert world.store.of(File)[0].state is FileState.PAID


def test_a_provider_that_does_not_tell_its_events_leaves_the_place_where_it_was() -> None:
    world = new_world()
    read_events(tools=world)
    before = world.store.find(Cursor, EVENTS)

    def no_answer(since: datetime) -> list[Pointer]:
        raise CardProviderUnavailable

    world.cards.events = no_answer  # type: ignore[method-assign]
    world.clock.advance(hours=1)
    with pytest.raises(CardProviderUnavailable):
        read_events(tools=world)
    assert world.store.find(Cursor, EVENTS) == before


# ── Accounts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def two_crous(world: World) -> list[str]:
    """A payment for Lyon and one for Lille, both settled."""
    lille = with_password(world, **OTHER)
    files.prepare_file(lille, YEAR, **LILLE, tools=world)
    payments = [paid(world), paid(world, lille)]
    for payment in payments:
        settle.sync(payment, tools=world)
    return payments


def test_the_account_says_what_each_crous_holds() -> None:
    world = new_world()
    two_crous(world)
    account = account_of_day(TODAY, tools=world)
    assert account.ledger_by_crous == {"LYO": 10500, "LIL": 10500}
    assert account.provider_cents == account.ledger_cents == 21000
    assert account.differences == ()


def test_what_was_taken_and_given_back_the_same_day_is_nought_to_all() -> None:
    world = new_world()
    offered = pay.pay_by_card(ready_to_pay(world), YEAR, "fr", tools=world)
    world.cards.pay(f"page-{offered.payment}", cents=7000)
    settle.sync(offered.payment, tools=world)
    account = account_of_day(TODAY, tools=world)
    assert (account.provider_cents, account.ledger_by_crous, account.differences) == (0, {"LYO": 0}, ())
    assert [line.movement for line in world.store.of(LedgerLine)] == [Movement.CAPTURE, Movement.REFUND]


def test_two_refunds_of_one_crous_and_day_are_two_lines() -> None:
    world = new_world()
    for person_id in (ready_to_pay(world), _another(world)):
        offered = pay.pay_by_card(person_id, YEAR, "fr", tools=world)
        world.cards.pay(f"page-{offered.payment}", cents=7000)
        settle.sync(offered.payment, tools=world)
    assert len(world.store.all(LedgerLine, TODAY.isoformat(), "LYO")) == 4
    assert account_of_day(TODAY, tools=world).differences == ()


def _another(world: World) -> str:
    person_id = with_password(world, **OTHER)
    files.prepare_file(person_id, YEAR, **LYON, tools=world)
    return person_id


def test_a_day_without_movements_is_empty() -> None:
    account = account_of_day(date(2020, 1, 1), tools=new_world())
    assert (account.provider_cents, account.ledger_cents, account.ledger_by_crous) == (0, 0, {})


def test_a_repair_asks_only_about_what_differs_and_once() -> None:
    world = new_world()
    first, second = two_crous(world)
    lost = ProviderMovement(transaction=f"transaction-page-{second}", movement=Movement.REFUND, amount_cents=-1)
    world.cards.moved += [(world.clock.now(), lost)] * 3
    fetched: list[str] = []
    fetch = world.cards.fetch
    world.cards.fetch = lambda ref: (fetched.append(ref), fetch(ref))[1]  # type: ignore[method-assign,func-returns-value]
    assert repair_day(TODAY, tools=world).looked_at == 1
    assert (set(fetched), first in fetched[0]) == ({f"page-{second}"}, False)


def test_a_repair_never_writes_a_figure_that_the_provider_does_not_explain() -> None:
    world = new_world()
    two_crous(world)
    before = world.store.of(LedgerLine)
    world.cards.moved.append(
        (world.clock.now(), ProviderMovement(transaction="strange", movement=Movement.CAPTURE, amount_cents=10500))
    )
    repair_day(TODAY, tools=world)
    assert world.store.of(LedgerLine) == before
    [difference] = account_of_day(TODAY, tools=world).differences
    assert (difference.mismatch, difference.transaction) == (Mismatch.PROVIDER_ONLY, "strange")


@pytest.mark.parametrize(
    ("night", "closed"),
    [
        (datetime(2026, 7, 2, 3, 30, tzinfo=UTC), True),
        (datetime(2026, 7, 2, 23, 59, tzinfo=UTC), True),
        (datetime(2026, 7, 3, 0, 0, tzinfo=UTC), False),
    ],
)
def test_a_night_closes_the_day_before_it_in_utc(night: datetime, closed: bool) -> None:
    world = new_world()
    two_crous(world)
    world.cards.moved.pop()
    world.clock.at = night
    assert close_yesterday(tools=world).overdue == (1 if closed else 0)


def test_money_that_moved_just_before_midnight_and_was_booked_just_after_wakes_nobody() -> None:
    world = new_world()
    world.clock.at = datetime(2026, 7, 1, 23, 59, 58, tzinfo=UTC)
    payment = paid(world)
    world.clock.advance(seconds=5)
    settle.sync(payment, tools=world)
    assert len(account_of_day(TODAY, tools=world).differences) == 1
    for _ in range(2):
        world.clock.at = datetime.combine(day_of(world.clock.now()), time(3, 30), UTC)
        assert close_yesterday(tools=world).overdue == 0
        world.clock.advance(days=1)


def test_another_amount_on_the_other_side_of_midnight_wakes_somebody() -> None:
    world = new_world()
    world.clock.at = datetime(2026, 7, 1, 23, 59, 58, tzinfo=UTC)
    payment = paid(world)
    world.clock.advance(seconds=5)
    settle.sync(payment, tools=world)
    at, moved = world.cards.moved.pop()
    world.cards.moved.append((at, moved.model_copy(update={"amount_cents": 10501})))
    world.clock.advance(hours=4)
    assert close_yesterday(tools=world).overdue == 1


def test_a_night_that_repairs_everything_leaves_nothing_to_see() -> None:
    world = new_world()
    payments = two_crous(world)
    world.clock.at = CAMPAIGN_DAY + timedelta(days=1)
    for payment in payments:
        assert settle.sync(payment, tools=world)
    done = close_yesterday(tools=world)
    assert (done.looked_at, done.overdue) == (0, 0)

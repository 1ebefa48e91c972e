"""Paying by card: one page at a time, whatever the clicks, the races and the outages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cvec.domain.accounts import Account, AccountState
from cvec.domain.errors import (
    AccountBlocked,
    AlreadyInOrder,
    CampaignNotOpen,
    CardProviderUnavailable,
    FileNotReady,
    InvalidFields,
    PageOpening,
    UnknownCampaign,
    UnknownPayment,
)
from cvec.domain.files import File
from cvec.domain.payments import LEAST_USEFUL_LIFE, PAGE_LIFE, Payment, PaymentState
from cvec.ports import PageBusy, PaymentPage
from cvec.usecases import files, pay, settle
from cvec.usecases.answers import PageOffered

from tests.support.fakes import FakeCards, FakeClock, World, new_world
from tests.support.people import LYON, YEAR, at_the_page, ready_to_pay, with_password


def pay_now(world: World, person_id: str) -> PageOffered:
    return pay.pay_by_card(person_id, YEAR, "fr", tools=world)


def test_a_file_nobody_touched_is_open_and_costs_the_campaigns_amount() -> None:
    world = new_world()
    view = files.my_file(with_password(world), YEAR, tools=world)
    assert (view.state, view.amount_cents, view.study_city) == ("open", 10500, None)
    assert view.identity.birth_name == "N'DIAYE"


def test_the_study_city_decides_the_crous() -> None:
    world = new_world()
    view = files.prepare_file(with_password(world), YEAR, **LYON, tools=world)
    assert view.study_city is not None
    assert (view.study_city.label, view.study_city.crous) == ("Lyon (69001)", "Crous de Lyon")


@pytest.mark.parametrize(
    ("city", "field", "code"),
    [
        ({"commune": "00000"}, "commune", "unknown_commune"),
        ({"postcode": "75001"}, "postcode", "not_of_this_commune"),
        ({"commune": "98818", "postcode": "98800"}, "commune", "no_crous"),
        ({"terms_version": "2018-01"}, "terms_version", "other_terms_in_force"),
    ],
)
def test_a_city_or_terms_that_will_not_do_are_named(city: dict[str, str], field: str, code: str) -> None:
    world = new_world()
    person_id = with_password(world)
    with pytest.raises(InvalidFields) as refusal:
        files.prepare_file(person_id, YEAR, **(LYON | city), tools=world)
    assert [(one.field, one.code) for one in refusal.value.fields] == [(field, code)]
    assert world.store.of(File) == []


def test_paying_before_the_file_is_ready_is_refused_and_opens_no_page() -> None:
    world = new_world()
    with pytest.raises(FileNotReady):
        pay_now(world, with_password(world))
    assert world.cards.pages == {}


@pytest.mark.parametrize(
    ("now", "year", "refusal"),
    [
        (datetime(2026, 4, 30, 10, tzinfo=UTC), YEAR, CampaignNotOpen),
        (datetime(2027, 9, 1, 10, tzinfo=UTC), YEAR, CampaignNotOpen),
        (datetime(2026, 7, 1, 10, tzinfo=UTC), "2035-2036", UnknownCampaign),
    ],
)
def test_a_campaign_that_is_not_open_takes_no_payment(now: datetime, year: str, refusal: type[Exception]) -> None:
    world = new_world()
    person_id = ready_to_pay(world)
    world.clock.at = now
    with pytest.raises(refusal):
        pay.pay_by_card(person_id, year, "fr", tools=world)


def test_in_summer_two_campaigns_are_open_at_once() -> None:
    world = new_world()
    person_id = with_password(world)
    views = [files.prepare_file(person_id, year, **LYON, tools=world) for year in ("2025-2026", "2026-2027")]
    assert [view.year for view in views] == ["2025-2026", "2026-2027"]


def test_clicking_twice_gives_the_same_page() -> None:
    world = new_world()
    person_id, first = at_the_page(world)
    assert pay_now(world, person_id) == first
    assert len(world.cards.pages) == 1


def test_a_page_with_little_time_left_is_closed_and_replaced() -> None:
    world = new_world()
    person_id, first = at_the_page(world)
    world.clock.at += PAGE_LIFE - LEAST_USEFUL_LIFE
    second = pay_now(world, person_id)
    assert second.payment != first.payment
    assert [page.payment.id for page in world.cards.open_pages] == [second.payment]


def test_a_page_that_was_paid_at_the_last_minute_is_not_replaced() -> None:
    world = new_world()
    person_id, first = at_the_page(world)
    world.cards.pay(f"page-{first.payment}")
    world.clock.at += PAGE_LIFE
    with pytest.raises(AlreadyInOrder):
        pay_now(world, person_id)
    assert len(world.cards.pages) == 1


def test_the_amount_is_frozen_when_the_first_payment_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    from cvec.domain.campaigns import CAMPAIGNS

    world = new_world()
    person_id, _ = at_the_page(world)
    dearer = CAMPAIGNS[YEAR].model_copy(update={"amount_cents": 99900})
    monkeypatch.setitem(CAMPAIGNS, YEAR, dearer)
    world.clock.at += PAGE_LIFE
    assert pay_now(world, person_id).amount_cents == 10500


def test_an_outage_of_the_provider_loses_nothing_and_a_later_try_opens_the_one_page() -> None:
    world = new_world()
    person_id = ready_to_pay(world)
    world.cards.is_down = True
    with pytest.raises(CardProviderUnavailable):
        pay_now(world, person_id)
    world.cards.is_down = False
    offered = pay_now(world, person_id)
    assert [page.payment.id for page in world.cards.open_pages] == [offered.payment]
    assert len(world.store.of(Payment)) == 1


class LostReplies(FakeCards):
    """The provider opens the page, and its answer is lost once."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.lose = 1

    def open_page(self, payment: Payment) -> PaymentPage:
        page = super().open_page(payment)
        if self.lose:
            self.lose -= 1
            raise CardProviderUnavailable
        return page


def test_a_lost_answer_of_the_provider_leaves_one_page_not_two() -> None:
    clock = FakeClock()
    world = new_world(clock=clock, cards=LostReplies(clock))
    person_id = ready_to_pay(world)
    with pytest.raises(CardProviderUnavailable):
        pay_now(world, person_id)
    pay_now(world, person_id)
    assert len(world.cards.pages) == 1


def test_an_attempt_whose_page_was_never_opened_in_time_is_closed_and_another_starts() -> None:
    world = new_world()
    person_id = ready_to_pay(world)
    world.cards.is_down = True
    with pytest.raises(CardProviderUnavailable):
        pay_now(world, person_id)
    world.cards.is_down = False
    world.clock.advance(minutes=20)
    offered = pay_now(world, person_id)
    states = sorted(payment.state for payment in world.store.of(Payment))
    assert states == [PaymentState.EXPIRED, PaymentState.PENDING]
    assert [page.payment.id for page in world.cards.open_pages] == [offered.payment]


class Busy(FakeCards):
    """The provider is at the same request already."""

    def open_page(self, payment: Payment) -> PaymentPage:
        raise PageBusy


def test_a_page_being_opened_by_another_click_is_said_so_and_nothing_else_starts() -> None:
    clock = FakeClock()
    world = new_world(clock=clock, cards=Busy(clock))
    person_id = ready_to_pay(world)
    for _ in range(2):
        with pytest.raises(PageOpening) as refusal:
            pay_now(world, person_id)
        assert refusal.value.details["retry_after"] == 1
    assert len(world.store.of(Payment)) == 1


class ClosedMeanwhile(FakeCards):
    """While the page is being opened, something else closes the attempt."""

    world: World

    def open_page(self, payment: Payment) -> PaymentPage:
        page = super().open_page(payment)
        current = self.world.store.find(Payment, payment.id)
        if current and current.state is PaymentState.CREATED:
            self.world.store.commit(current.next(state=PaymentState.CANCELLED))
        return page


def test_a_page_opened_for_an_attempt_closed_meanwhile_is_closed_too() -> None:
    clock = FakeClock()
    cards = ClosedMeanwhile(clock)
    world = new_world(clock=clock, cards=cards)
    cards.world = world
    person_id = ready_to_pay(world)
    with pytest.raises(Exception, match="stale"):
        pay_now(world, person_id)
    assert world.cards.open_pages == []


def test_a_blocked_account_starts_no_payment_but_a_settled_file_keeps_its_certificate() -> None:
    world = new_world()
    person_id = ready_to_pay(world)
    account = world.store.find(Account, person_id)
    assert account is not None
    world.store.commit(account.next(state=AccountState.BLOCKED))
    with pytest.raises(AccountBlocked):
        pay_now(world, person_id)


def test_somebody_elses_payment_is_unknown() -> None:
    world = new_world()
    _, offered = at_the_page(world)
    with pytest.raises(UnknownPayment):
        pay.read_payment(offered.payment, person_id="somebody-else", tools=world)


@pytest.mark.parametrize(
    ("paid", "later", "taken"), [(True, {}, True), (False, {}, None), (False, {"hours": 1}, False)]
)
def test_the_payer_is_always_told_whether_money_was_taken(
    paid: bool, later: dict[str, Any], taken: bool | None
) -> None:
    world = new_world()
    person_id, offered = at_the_page(world)
    if paid:
        world.cards.pay(f"page-{offered.payment}")
    world.clock.advance(**later)
    assert pay.read_payment(offered.payment, person_id=person_id, tools=world).is_money_taken is taken


def test_every_parameter_of_the_page_is_stored_before_the_provider_hears_of_it() -> None:
    world = new_world()
    person_id = ready_to_pay(world)
    world.cards.is_down = True
    with pytest.raises(CardProviderUnavailable):
        pay_now(world, person_id)
    (payment,) = world.store.of(Payment)
    assert payment.state is PaymentState.CREATED
    assert payment.page_expires_at == (world.clock.now() + PAGE_LIFE).replace(microsecond=0)


def test_a_page_expired_here_but_open_there_is_closed_there_before_it_is_forgotten() -> None:
    world = new_world()
    _, offered = at_the_page(world)
    page = world.cards.pages[f"page-{offered.payment}"]
    page.payment = page.payment.next(page_expires_at=page.payment.page_expires_at + timedelta(hours=5))
    world.clock.at += PAGE_LIFE
    settle.sync(offered.payment, tools=world)
    assert world.cards.open_pages == []
    assert world.store.of(Payment)[0].state is PaymentState.EXPIRED


def test_the_sweep_does_not_open_pages_twice() -> None:
    world = new_world()
    person_id = ready_to_pay(world)
    world.cards.is_down = True
    with pytest.raises(CardProviderUnavailable):
        pay_now(world, person_id)
    world.cards.is_down = False
    (payment,) = world.store.of(Payment)
    settle.sync(payment.id, tools=world)
    offered = pay_now(world, person_id)
    assert (len(world.cards.pages), offered.payment) == (1, payment.id)


def test_tools_are_replaceable_one_by_one() -> None:
    world = new_world()
    later = replace(world, clock=FakeClock(world.clock.at + timedelta(days=1)))
    assert later.clock.now() - world.clock.now() == timedelta(days=1)

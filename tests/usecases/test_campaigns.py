"""A campaign is what was last decided of it; what it was, who changed it and why is kept; frozen amounts stay."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from cvec.domain.campaigns import CAMPAIGNS, Campaign, CampaignEdition
from cvec.domain.errors import CampaignNotOpen, FieldError, InvalidFields, Stale, UnknownCampaign
from cvec.domain.files import File
from cvec.usecases import pay
from cvec.usecases.campaigns import campaign_of, change_campaign, open_campaign_today

from tests.support.fakes import World, new_world
from tests.support.people import YEAR, at_the_page, ready_to_pay

PUBLISHED = CAMPAIGNS[YEAR]


def changed(world: World, reason: str = "arrêté", **changes: Any) -> CampaignEdition:
    campaign = campaign_of(YEAR, tools=world).model_copy(update=changes)
    return change_campaign(campaign, by="alix", reason=reason, tools=world)


def test_a_campaign_nobody_changed_is_the_published_one() -> None:
    assert campaign_of(YEAR, tools=new_world()) == PUBLISHED


def test_a_changed_campaign_is_in_force_at_once() -> None:
    world = new_world()
    changed(world, amount_cents=10600)
    assert campaign_of(YEAR, tools=world).amount_cents == 10600
    ready_to_pay(world)
    person_id = world.store.of(File)[0].person_id
    assert pay.pay_by_card(person_id, YEAR, "fr", tools=world).amount_cents == 10600


def test_an_amount_that_is_frozen_does_not_change() -> None:
    world = new_world()
    person_id, offered = at_the_page(world)
    changed(world, amount_cents=10600)
    world.cards.close_page(f"page-{offered.payment}")
    world.clock.advance(hours=1)
    assert pay.pay_by_card(person_id, YEAR, "fr", tools=world).amount_cents == 10500


def test_every_edition_is_kept_in_order_with_who_and_why() -> None:
    world = new_world()
    changed(world, "first", amount_cents=10600)
    world.clock.advance(days=1)
    changed(world, "second", amount_cents=10700)
    edition = changed(world, "third", closes=date(2027, 8, 15))
    assert [one.reason for one in edition.earlier] == ["first", "second"]
    assert [one.campaign.amount_cents for one in edition.earlier] == [10600, 10700]
    assert {one.changed_by for one in edition.earlier} == {"alix"}
    assert edition.earlier[0].changed_at < edition.earlier[1].changed_at == edition.changed_at
    assert (edition.reason, edition.version) == ("third", 3)


def test_of_two_administrators_at_the_same_moment_one_is_told() -> None:
    world = new_world()
    find = world.store.find

    def overtaken(kind: type[CampaignEdition], *key: str) -> CampaignEdition | None:
        found = find(kind, *key)
        if kind is CampaignEdition:
            world.store.find = find  # type: ignore[method-assign]
            change_campaign(PUBLISHED, by="sacha", reason="faster", tools=world)
        return found

    world.store.find = overtaken  # type: ignore[method-assign,assignment]
    with pytest.raises(Stale):
        change_campaign(PUBLISHED, by="alix", reason="slower", tools=world)
    assert [edition.changed_by for edition in world.store.of(CampaignEdition)] == ["sacha"]


def test_a_year_without_campaign_is_unknown_until_an_administrator_makes_it() -> None:
    world = new_world()
    with pytest.raises(UnknownCampaign):
        campaign_of("2031-2032", tools=world)
    made = PUBLISHED.model_copy(update={"year": "2031-2032", "closes": date(2032, 8, 31)})
    change_campaign(made, by="alix", reason="new", tools=world)
    assert campaign_of("2031-2032", tools=world) == made


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (datetime(2026, 4, 30, 21, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 5, 1, 12, tzinfo=UTC), True),
        (datetime(2027, 8, 31, 12, tzinfo=UTC), True),
        (datetime(2027, 9, 1, 12, tzinfo=UTC), False),
    ],
)
def test_it_may_be_paid_from_its_first_day_to_its_last(moment: datetime, is_open: bool) -> None:
    world = new_world()
    world.clock.at = moment
    if is_open:
        assert open_campaign_today(YEAR, tools=world) == PUBLISHED
    else:
        with pytest.raises(CampaignNotOpen) as refused:
            open_campaign_today(YEAR, tools=world)
        assert dict(refused.value.details) == {"opens": "2026-05-01", "closes": "2027-08-31"}


def test_a_day_that_is_moved_opens_and_closes_it() -> None:
    world = new_world()
    changed(world, closes=date(2026, 6, 30))
    with pytest.raises(CampaignNotOpen):
        open_campaign_today(YEAR, tools=world)


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"amount_cents": 0}, [("amount_cents", "not_positive")]),
        ({"amount_cents": -10500}, [("amount_cents", "not_positive")]),
        ({"closes": date(2026, 4, 30)}, [("closes", "before_it_opens")]),
        ({"refund_until": date(2026, 4, 30)}, [("refund_until", "before_it_opens")]),
        (
            {"amount_cents": 0, "opens": date(2028, 1, 1)},
            [("amount_cents", "not_positive"), ("closes", "before_it_opens"), ("refund_until", "before_it_opens")],
        ),
    ],
)
def test_nonsense_is_named_and_nothing_changes(changes: dict[str, Any], faults: list[tuple[str, str]]) -> None:
    world = new_world()
    with pytest.raises(InvalidFields) as refused:
        changed(world, **changes)
    assert list(refused.value.fields) == [FieldError(*fault) for fault in faults]
    assert world.store.of(CampaignEdition) == []


def test_a_campaign_of_one_day_is_none_the_worse() -> None:
    world = new_world()
    day = date(2026, 7, 1)
    changed(world, opens=day, closes=day, refund_until=day)
    assert open_campaign_today(YEAR, tools=world).opens == day


@pytest.mark.parametrize("campaign", CAMPAIGNS.values(), ids=CAMPAIGNS)
def test_the_published_campaigns_are_sound(campaign: Campaign) -> None:
    assert campaign.faults == ()

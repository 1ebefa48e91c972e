"""What each year costs, and the days on which it may be paid."""

from datetime import date

import pytest
from cvec.domain.campaigns import CAMPAIGNS

THIS_YEAR = CAMPAIGNS["2026-2027"]


@pytest.mark.parametrize(
    ("year", "euros"),
    [
        ("2018-2019", 90),
        ("2019-2020", 91),
        ("2020-2021", 92),
        ("2021-2022", 92),
        ("2022-2023", 95),
        ("2023-2024", 100),
        ("2024-2025", 103),
        ("2025-2026", 105),
        ("2026-2027", 105),
    ],
)
def test_the_published_amounts(year: str, euros: int) -> None:
    assert CAMPAIGNS[year].amount_cents == euros * 100


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 4, 30), False),
        (date(2026, 5, 1), True),
        (date(2027, 8, 31), True),
        (date(2027, 9, 1), False),
    ],
)
def test_a_campaign_is_open_from_its_first_to_its_last_day(day: date, is_open: bool) -> None:
    assert THIS_YEAR.is_open(day) is is_open


def test_refunds_are_asked_before_31_may_of_the_year() -> None:
    assert THIS_YEAR.refund_until == date(2027, 5, 31)


def test_a_campaign_bears_the_name_of_its_year_and_closes_after_it_opens() -> None:
    for year, campaign in CAMPAIGNS.items():
        assert campaign.year == year
        assert campaign.opens < campaign.closes

"""`cvec campaign`: set with a reason, kept with what it was, and never nonsense."""

import pytest
from cvec.domain.campaigns import CAMPAIGNS, CampaignEdition

from tests.contracts.command_line.conftest import Cvec
from tests.support.fakes import World

NEW = ("--amount-cents", "10700", "--opens", "2027-05-03", "--closes", "2028-08-31", "--refund-until", "2028-05-31")
WHY = ("--reason", "arrêté du 3 mars 2027", "--by", "alix")
SET = ("campaign", "set", "2027-2028", *NEW, *WHY)


def test_the_published_campaigns_are_listed_as_such(cvec: Cvec, world: World) -> None:
    campaigns = cvec("campaign", "list").facts["campaigns"]
    assert [one["year"] for one in campaigns] == sorted(CAMPAIGNS)
    assert {one["source"] for one in campaigns} == {"published"}
    assert campaigns[-1]["amount_cents"] == 10500


def test_a_new_year_is_made_and_listed(cvec: Cvec, world: World) -> None:
    said = cvec(*SET)
    assert said.code == 0
    assert said.facts == {
        "year": "2027-2028",
        "amount_cents": 10700,
        "opens": "2027-05-03",
        "closes": "2028-08-31",
        "refund_until": "2028-05-31",
        "source": "administrator",
    }
    assert cvec("campaign", "list").facts["campaigns"][-1] == said.facts
    assert cvec("campaign", "show", "2027-2028").facts == said.facts


def test_what_is_not_given_stays_and_every_edition_is_remembered(cvec: Cvec, world: World) -> None:
    cvec("campaign", "set", "2026-2027", "--amount-cents", "10600", "--reason", "first", "--by", "alix")
    cvec("campaign", "set", "2026-2027", "--opens", "2026-05-15", "--reason", "second", "--by", "sacha")
    editions = cvec("campaign", "history", "2026-2027").facts["editions"]
    assert [(one["amount_cents"], one["opens"], one["by"], one["reason"]) for one in editions] == [
        (10500, "2026-05-01", None, "published"),
        (10600, "2026-05-01", "alix", "first"),
        (10600, "2026-05-15", "sacha", "second"),
    ]


def test_the_history_of_a_year_that_was_never_published_begins_with_its_first_edition(cvec: Cvec, world: World) -> None:
    cvec(*SET)
    assert [one["reason"] for one in cvec("campaign", "history", "2027-2028").facts["editions"]] == [WHY[1]]


@pytest.mark.parametrize(
    ("change", "because"),
    [
        (("--closes", "2026-04-30"), "closes: before_it_opens"),
        (("--refund-until", "2026-04-30"), "refund_until: before_it_opens"),
        (("--amount-cents", "-1"), "amount_cents: not_positive"),
        (("--amount-cents", "0"), "amount_cents: not_positive"),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(
    cvec: Cvec, world: World, change: tuple[str, str], because: str
) -> None:
    said = cvec("campaign", "set", "2026-2027", *change, *WHY)
    assert (said.code, said.facts) == (2, {"refused": "invalid_fields", "because": [because]})
    assert world.store.of(CampaignEdition) == []


@pytest.mark.parametrize("year", ["2027", "2027-2029", "27-28", "2026-2027 ", "nonsense"])
@pytest.mark.parametrize("act", [("show",), ("history",), ("set", *NEW, *WHY)])
def test_a_year_that_is_none_is_refused(cvec: Cvec, world: World, act: tuple[str, ...], year: str) -> None:
    said = cvec("campaign", act[0], year, *act[1:])
    assert (said.code, said.facts["refused"]) == (2, "unknown_campaign")
    assert world.store.rows == {}


def test_a_new_year_needs_everything(cvec: Cvec, world: World) -> None:
    said = cvec("campaign", "set", "2027-2028", "--amount-cents", "10700", *WHY)
    assert (said.code, said.facts["refused"]) == (2, "unknown_campaign")


@pytest.mark.parametrize(
    "words",
    [
        ("campaign", "set", "2026-2027", "--amount-cents", "10600"),
        ("campaign", "set", "2026-2027", "--amount-cents", "10600", "--reason", " "),
        ("campaign", "set", "2026-2027", "--amount-cents", "105.5", "--reason", "x"),
        ("campaign", "set", "2026-2027", "--opens", "1 May", "--reason", "x"),
        ("campaign",),
        ("accounts", "yesterday"),
        (),
    ],
)
def test_words_that_mean_nothing_are_told_how_to_mean_something(
    cvec: Cvec, world: World, words: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit) as left:
        cvec(*words)
    assert left.value.code == 2
    assert world.store.rows == {}

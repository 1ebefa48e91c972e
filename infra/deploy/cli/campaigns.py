"""`cvec campaign`: what a year costs and when it may be paid, as published or as an administrator has set it."""

from typing import Any

from cvec.domain.academic_year import AcademicYear, parse_year, start_year
from cvec.domain.campaigns import CAMPAIGNS, Campaign, CampaignEdition, EditionSummary
from cvec.domain.errors import UnknownCampaign
from cvec.ports import Tools
from cvec.usecases.campaigns import campaign_of, change_campaign

from infra.deploy.cli.deployments import Asked
from infra.deploy.cli.reports import Report

YEARS_AHEAD = 3
"""How far beyond the published campaigns `list` looks for those an administrator has made."""


def listed(asked: Asked, tools: Tools) -> Report:
    """Every campaign in force."""
    del asked
    last = start_year(max(CAMPAIGNS))
    ahead = [f"{year}-{year + 1}" for year in range(last + 1, last + 1 + YEARS_AHEAD)]
    found = [(year, tools.store.find(CampaignEdition, year)) for year in [*sorted(CAMPAIGNS), *ahead]]
    return Report({"campaigns": [_plain(year, edition) for year, edition in found if edition or year in CAMPAIGNS]})


def shown(asked: Asked, tools: Tools) -> Report:
    """One campaign in force. Raises UnknownCampaign."""
    year = parse_year(asked.year)
    campaign_of(year, tools=tools)
    return Report(_plain(year, tools.store.find(CampaignEdition, year)))


def history(asked: Asked, tools: Tools) -> Report:
    """What a campaign has been, from the published one to the one in force. Raises UnknownCampaign."""
    year = parse_year(asked.year)
    campaign_of(year, tools=tools)
    edition = tools.store.find(CampaignEdition, year)
    changes = [_change(one) for one in (*edition.earlier, edition.summary)] if edition else []
    return Report({"year": year, "editions": [*_published(year), *changes]})


def changed(asked: Asked, tools: Tools) -> Report:
    """Set what was given and keep the rest; a new year needs everything. Raises UnknownCampaign, InvalidFields."""
    year = parse_year(asked.year)
    names = ("amount_cents", "opens", "closes", "refund_until")
    given = {name: getattr(asked, name) for name in names if getattr(asked, name) is not None}
    before = _before(year, is_complete=len(given) == len(names), tools=tools)
    campaign = Campaign.model_validate({**before, **given, "year": year})
    change_campaign(campaign, by=asked.by, reason=asked.reason, tools=tools)
    return shown(asked, tools)


def _before(year: AcademicYear, *, is_complete: bool, tools: Tools) -> dict[str, Any]:
    try:
        return campaign_of(year, tools=tools).model_dump()
    except UnknownCampaign:
        if is_complete:
            return {}
        raise


def _plain(year: AcademicYear, edition: CampaignEdition | None) -> dict[str, Any]:
    campaign = edition.campaign if edition else CAMPAIGNS[year]
    return {"year": year, **_money_and_days(campaign), "source": "administrator" if edition else "published"}


def _money_and_days(campaign: Campaign) -> dict[str, Any]:
    return campaign.model_dump(mode="json", exclude={"year"})


def _published(year: AcademicYear) -> list[dict[str, Any]]:
    """The edition that came with the service, where it has one."""
    if year not in CAMPAIGNS:
        return []
    return [{**_money_and_days(CAMPAIGNS[year]), "at": None, "by": None, "reason": "published"}]


def _change(edition: EditionSummary) -> dict[str, Any]:
    said = {"at": edition.changed_at.isoformat(), "by": edition.changed_by, "reason": edition.reason}
    return {**_money_and_days(edition.campaign), **said}

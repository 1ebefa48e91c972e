"""The campaigns as an administrator has set them, with what they were before."""

from cvec.domain.academic_year import AcademicYear
from cvec.domain.campaigns import CAMPAIGNS, Campaign, CampaignEdition
from cvec.domain.errors import CampaignNotOpen, InvalidFields, UnknownCampaign
from cvec.ports import Tools


def campaign_of(year: AcademicYear, *, tools: Tools) -> Campaign:
    """The campaign in force for a year: the last edition an administrator made, else the published one.

    Raises UnknownCampaign.
    """
    current = tools.store.find(CampaignEdition, year)
    campaign = current.campaign if current else CAMPAIGNS.get(year)
    if campaign is None:
        raise UnknownCampaign
    return campaign


def open_campaign_today(year: AcademicYear, *, tools: Tools) -> Campaign:
    """The campaign of a year, if it may be paid today. Raises UnknownCampaign, CampaignNotOpen."""
    campaign = campaign_of(year, tools=tools)
    if not campaign.is_open(tools.clock.now().date()):
        raise CampaignNotOpen(opens=campaign.opens.isoformat(), closes=campaign.closes.isoformat())
    return campaign


def change_campaign(campaign: Campaign, *, by: str, reason: str, tools: Tools) -> CampaignEdition:
    """Set a campaign, keeping what it was. Files whose amount is frozen do not change.

    Raises InvalidFields; Stale when somebody else changed it at the same moment.
    """
    if campaign.faults:
        raise InvalidFields(*campaign.faults)
    before = tools.store.find(CampaignEdition, campaign.year)
    edition = CampaignEdition(
        year=campaign.year,
        campaign=campaign,
        changed_at=tools.clock.now(),
        changed_by=by,
        reason=reason,
        earlier=(*before.earlier, before.summary) if before else (),
        version=before.version + 1 if before else 1,
    )
    tools.store.commit(edition)
    return edition

"""The campaigns: what a year costs and when it may be paid. Configuration with its sources, never computed.

Amounts: article L.841-5 of the Code de l'éducation and the yearly rates published by the ministry (DOMAIN.md §2.1).
Opening days before 2027 that are not published to the day are set to 1 May, when the service opens in practice.
"""

from datetime import date

from cvec.domain.academic_year import AcademicYear, start_year
from cvec.domain.errors import CampaignNotOpen, UnknownCampaign
from cvec.domain.model import Value


class Campaign(Value):
    """One academic year's campaign. Days are calendar days in Europe/Paris, both ends included."""

    year: AcademicYear
    amount_cents: int
    opens: date
    closes: date
    refund_until: date

    def is_open(self, today: date) -> bool:
        """Whether files of this year may be paid today."""
        return self.opens <= today <= self.closes


def _campaign(year: AcademicYear, amount_euros: int, opens: date) -> Campaign:
    ends = start_year(year) + 1
    return Campaign(
        year=year,
        amount_cents=amount_euros * 100,
        opens=opens,
        closes=date(ends, 8, 31),
        refund_until=date(ends, 5, 31),  # article D.841-4
    )


CAMPAIGNS: dict[AcademicYear, Campaign] = {
    campaign.year: campaign
    for campaign in (
        _campaign("2018-2019", 90, date(2018, 7, 1)),
        _campaign("2019-2020", 91, date(2019, 5, 1)),
        _campaign("2020-2021", 92, date(2020, 5, 1)),
        _campaign("2021-2022", 92, date(2021, 5, 1)),
        _campaign("2022-2023", 95, date(2022, 5, 2)),
        _campaign("2023-2024", 100, date(2023, 5, 17)),
        _campaign("2024-2025", 103, date(2024, 5, 2)),
        _campaign("2025-2026", 105, date(2025, 5, 1)),
        _campaign("2026-2027", 105, date(2026, 5, 1)),
    )
}


def campaign_of(year: AcademicYear) -> Campaign:
    """The campaign of a year. Raises UnknownCampaign."""
    campaign = CAMPAIGNS.get(year)
    if campaign is None:
        raise UnknownCampaign
    return campaign


def open_campaign(year: AcademicYear, today: date) -> Campaign:
    """The campaign of a year, if it may be paid today. Raises UnknownCampaign, CampaignNotOpen."""
    campaign = campaign_of(year)
    if not campaign.is_open(today):
        raise CampaignNotOpen(opens=campaign.opens.isoformat(), closes=campaign.closes.isoformat())
    return campaign

"""The campaigns: what a year costs and when it may be paid. Configuration with its sources, never computed.

Amounts: article L.841-5 of the Code de l'éducation and the yearly rates published by the ministry (DOMAIN.md §2.1).
Opening days before 2027 that are not published to the day are set to 1 May, when the service opens in practice.
"""

from datetime import date, datetime
from typing import ClassVar

from cvec.domain.academic_year import AcademicYear, start_year
from cvec.domain.errors import FieldError
from cvec.domain.model import Row, Value


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

    @property
    def faults(self) -> tuple[FieldError, ...]:
        """What makes it no campaign: nothing to pay, or days in the wrong order."""
        found = {
            FieldError("amount_cents", "not_positive"): self.amount_cents <= 0,
            FieldError("closes", "before_it_opens"): self.closes < self.opens,
            FieldError("refund_until", "before_it_opens"): self.refund_until < self.opens,
        }
        return tuple(fault for fault, is_so in found.items() if is_so)


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


class EditionSummary(Value):
    """What a campaign was before it was changed, and who changed it why."""

    campaign: Campaign
    changed_at: datetime
    changed_by: str
    reason: str


class CampaignEdition(Row):
    """A campaign as an administrator has set it, with every edition before."""

    kind: ClassVar[str] = "campaign"
    key_fields: ClassVar[tuple[str, ...]] = ("year",)
    year: AcademicYear
    campaign: Campaign
    changed_at: datetime
    changed_by: str
    reason: str
    earlier: tuple[EditionSummary, ...] = ()

    @property
    def summary(self) -> EditionSummary:
        """This edition, as the next one will remember it."""
        return EditionSummary(
            campaign=self.campaign, changed_at=self.changed_at, changed_by=self.changed_by, reason=self.reason
        )

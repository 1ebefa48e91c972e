"""How an academic year is written, and what is none."""

import pytest
from cvec.domain.academic_year import AcademicYear, parse_year, start_year, year_label
from cvec.domain.errors import UnknownCampaign
from pydantic import TypeAdapter, ValidationError

BAD = (
    "",
    "2026",
    "2026-2028",
    "2027-2026",
    "2026-27",
    "2026/2027",
    " 2026-2027",
    "2026-2027\n",
    "20٢٦-20٢٧",
    "20٢٦-2027",
    "2099-2000",
)


@pytest.mark.parametrize("year", ["2018-2019", "2026-2027", "2098-2099"])
def test_a_year_begins_in_september_and_ends_in_the_next(year: str) -> None:
    assert parse_year(year) == year
    assert start_year(year) == int(year[:4])
    assert year_label(year) == year.replace("-", " - ")


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_year_has_no_campaign(text: str) -> None:
    with pytest.raises(UnknownCampaign):
        parse_year(text)
    with pytest.raises(ValidationError):
        TypeAdapter(AcademicYear).validate_python(text)

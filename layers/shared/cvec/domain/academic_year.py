"""The academic year: from 1 September to 31 August, written 2026-2027."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, WithJsonSchema

from cvec.domain.errors import UnknownCampaign

_FORM = re.compile(r"20([0-9]{2})-20([0-9]{2})")


def parse_year(text: str) -> "AcademicYear":
    """Read "2026-2027". Raises UnknownCampaign for anything else, since no campaign has that name.

    >>> parse_year("2026-2027")
    '2026-2027'
    """
    form = _FORM.fullmatch(text)
    if form is None or int(form[2]) != int(form[1]) + 1:
        raise UnknownCampaign
    return text


def start_year(year: "AcademicYear") -> int:
    """The calendar year in which it begins.

    >>> start_year("2026-2027")
    2026
    """
    return int(year[:4])


def year_label(year: "AcademicYear") -> str:
    """As the certificate prints it.

    >>> year_label("2026-2027")
    '2026 - 2027'
    """
    return year.replace("-", " - ")


def _checked(text: str) -> Any:
    try:
        return parse_year(text)
    except UnknownCampaign:
        raise ValueError("academic_year") from None


AcademicYear = Annotated[
    str,
    AfterValidator(_checked),
    WithJsonSchema({"type": "string", "pattern": r"^20\d\d-20\d\d$", "examples": ["2026-2027"]}),
]

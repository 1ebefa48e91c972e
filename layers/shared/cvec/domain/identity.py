"""Who the student is, as the civil register says it; place and country as they existed on the day of birth."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from cvec.domain.countries import FRANCE, CountryCode
from cvec.domain.errors import FieldError, InvalidFields
from cvec.domain.model import Value
from cvec.domain.text import Line60, Name40, Name60

MIN_AGE, MAX_AGE = 14, 100

# [0-9], never \d, which takes the digits of every script
_DEPARTMENT = r"^(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-8]|98[46-9])$"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


DepartmentCode = Annotated[str, Field(pattern=_DEPARTMENT)]


def _written_day(day: object) -> object:
    """Refuse what is not written 1998-05-23: a number would be read as seconds since 1970."""
    if isinstance(day, date) or (isinstance(day, str) and _DAY.fullmatch(day)):
        return day
    raise ValueError("not_a_day")


Day = Annotated[date, BeforeValidator(_written_day)]


class Civility(StrEnum):
    """How the certificate addresses its holder."""

    MR = "M"
    MRS = "Mme"


class MaritalStatus(StrEnum):
    """The family situation, as the guide's first screen asks it."""

    SINGLE = "single"
    MARRIED = "married"
    PACS = "pacs"
    COHABITING = "cohabiting"
    SEPARATED = "separated"
    DIVORCED = "divorced"
    WIDOWED = "widowed"


class Identity(Value):
    """The first screen. Optional names are None, never empty text."""

    marital_status: MaritalStatus
    civility: Civility
    birth_name: Name60
    usage_name: Name60 | None = None
    birth_date: Day
    first_name: Name40
    second_name: Name40 | None = None
    third_name: Name40 | None = None
    birth_country: CountryCode
    birth_department: DepartmentCode | None = None
    birth_place: Line60
    nationality: CountryCode

    @model_validator(mode="after")
    def _department_goes_with_france(self) -> Self:
        """A department is asked of people born in France, and of nobody else."""
        if (self.birth_country == FRANCE) != (self.birth_department is not None):
            raise ValueError("birth_department")
        return self

    @property
    def first_names(self) -> str:
        """All first names, in the register's order.

        >>> Identity.model_construct(first_name="Ana", second_name=None, third_name="Lou").first_names
        'Ana Lou'
        """
        return " ".join(filter(None, (self.first_name, self.second_name, self.third_name)))

    @property
    def names(self) -> dict[str, str]:
        """The names the certificate may print, by field."""
        fields = ("birth_name", "usage_name", "first_name", "second_name", "third_name")
        return {field: value for field in fields if (value := getattr(self, field)) is not None}


def age_on(day: date, *, born: date) -> int:
    """Completed years.

    >>> age_on(date(2026, 5, 22), born=date(1998, 5, 23))
    27
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def check_age(identity: Identity, today: date) -> None:
    """Refuse an age under 14 or over 100, which is a typing mistake. Raises InvalidFields."""
    if not MIN_AGE <= age_on(today, born=identity.birth_date) <= MAX_AGE:
        raise InvalidFields(FieldError("birth_date", "unlikely_age"))

"""How to reach the student: a mobile unless there is none, and a postal address."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StrictBool, model_validator

from cvec.domain.countries import FRANCE, CountryCode
from cvec.domain.model import Value
from cvec.domain.text import Line10, Line38

_E164 = r"^\+[1-9][0-9]{6,14}$"


def _dialable(number: str) -> str:
    """Refuse a number no country has. The kind is not checked: mobiles are written in the landline's field too."""
    from phonenumbers import NumberParseException, is_possible_number, parse

    try:
        possible = is_possible_number(parse(number))
    except NumberParseException:
        possible = False
    if not possible:
        raise ValueError("not_a_phone_number")
    return number


Phone = Annotated[str, Field(pattern=_E164, examples=["+33785098907"]), AfterValidator(_dialable)]
"""A number in international form (E.164)."""


class Contact(Value):
    """The contact screen. Address lines hold 38 characters, the postal norm (NF Z10-011)."""

    mobile_phone: Phone | None = None
    has_no_mobile: StrictBool = False
    landline_phone: Phone | None = None
    address_line1: Line38
    address_line2: Line38 | None = None
    postal_code: Line10 | None = None
    city: Line38
    country: CountryCode

    @model_validator(mode="after")
    def _one_way_to_phone_or_none(self) -> Self:
        if (self.mobile_phone is None) != self.has_no_mobile:
            raise ValueError("mobile_phone")
        return self

    @model_validator(mode="after")
    def _french_postcode(self) -> Self:
        if self.country == FRANCE and not re.fullmatch(r"[0-9]{5}", self.postal_code or ""):
            raise ValueError("postal_code")
        return self

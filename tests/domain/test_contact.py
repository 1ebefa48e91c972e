"""How to reach somebody: phones of the whole world, and addresses as the post wants them."""

from typing import Any

import pytest
from cvec.domain.contact import Contact
from pydantic import ValidationError

from tests.support.people import CONTACT

SAID: dict[str, Any] = CONTACT.model_dump()


def contact(**changes: Any) -> Contact:
    return Contact.model_validate(SAID | changes)


@pytest.mark.parametrize(
    "phone",
    ["+33639980001", "+33139980001", "+262692980001", "+14155550123", "+221770000001", "+8613800138000", "+4930123456"],
)
def test_a_phone_of_any_country_is_taken(phone: str) -> None:
    assert contact(mobile_phone=phone).mobile_phone == phone


@pytest.mark.parametrize(
    "phone",
    [
        "0639980001",
        "+33",
        "+3363998000",
        "+336399800011",
        "+0033639980001",
        "+33 6 39 98 00 01",
        "+99999999",
        "",
        "+33\u0666\u0663\u0669980001",
        "x",
    ],
)
def test_what_no_country_has_is_no_phone(phone: str) -> None:
    with pytest.raises(ValidationError):
        contact(mobile_phone=phone)


@pytest.mark.parametrize(
    ("mobile", "has_none", "is_fit"),
    [("+33639980001", False, True), (None, True, True), (None, False, False), ("+33639980001", True, False)],
)
def test_there_is_a_mobile_or_it_is_said_that_there_is_none(mobile: str | None, has_none: bool, is_fit: bool) -> None:
    given = {"mobile_phone": mobile, "has_no_mobile": has_none}
    if is_fit:
        assert contact(**given).mobile_phone == mobile
    else:
        with pytest.raises(ValidationError, match="mobile_phone"):
            contact(**given)


@pytest.mark.parametrize("said", ["yes", "true", 0, 1, None, "on"])
def test_having_no_mobile_is_said_by_true_or_false(said: object) -> None:
    with pytest.raises(ValidationError):
        contact(has_no_mobile=said)


@pytest.mark.parametrize("postcode", [None, "", "6900", "690011", "2A004", "69 001", "٦٩٠٠١"])
def test_a_french_address_has_five_digits(postcode: str | None) -> None:
    with pytest.raises(ValidationError):
        contact(postal_code=postcode)


@pytest.mark.parametrize("postcode", [None, "SW1A 1AA", "10115", "BP 1234"])
def test_a_foreign_address_has_what_its_country_writes(postcode: str | None) -> None:
    assert contact(country="SN", postal_code=postcode).postal_code == postcode


@pytest.mark.parametrize(("length", "is_fit"), [(38, True), (39, False)])
def test_an_address_line_holds_38_characters(length: int, is_fit: bool) -> None:
    if is_fit:
        assert contact(address_line1="x" * length).address_line1 == "x" * length
    else:
        with pytest.raises(ValidationError):
            contact(address_line1="x" * length)

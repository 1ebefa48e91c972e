"""Who somebody is: ages, departments, and names as the register writes them."""

from datetime import date
from typing import Any

import pytest
from cvec.domain.errors import InvalidFields
from cvec.domain.identity import Identity, age_on, check_age
from pydantic import ValidationError

from tests.support.people import FRANCOIS

SAID: dict[str, Any] = FRANCOIS.model_dump()
NAMES = (
    "N'DIAYE",
    "N’Diaye",
    "d'Aboville",
    "Le Goff-Ménard",
    "Saint-Exupéry",
    "O'Brien",
    "Nguyễn",
    "Łukasz",
    "Þórðarson",
    "İstanbullu",
    "Müller-Lüdenscheidt",
    "Ångström",
    "Ćwiąkała",
    "J.-P.",
    "-",
    "Σωκράτης",
    "Достоевский",
    "محمد",
    "王",
    "김",
    "देवी",
    "Ọlábísí",
)


def identity(**changes: Any) -> Identity:
    return Identity.model_validate(SAID | changes)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_kept_letter_for_letter(name: str) -> None:
    assert identity(birth_name=name, first_name=name).birth_name == name


@pytest.mark.parametrize(
    "name",
    ["", " ", "'", "--", ".", "R2D2", "Ana3", "a@b", "Ana_Lou", "Ana\u200bLou", "\u202eAna", "Ana\0", "😀", "x" * 61],
)
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        identity(birth_name=name)


def test_spaces_are_made_one_and_accents_joined() -> None:
    assert identity(birth_name="  Le   Goff\u0308 ").birth_name == "Le Goff\u0308"
    assert identity(first_name="Zoe\u0308").first_name == "Zoë"


@pytest.mark.parametrize(
    "department",
    ["01", "09", "10", "2A", "2B", "69", "95", "971", "974", "976", "978", "984", "986", "987", "988", "989"],
)
def test_every_department_may_be_a_birthplace(department: str) -> None:
    assert identity(birth_country="FR", birth_department=department).birth_department == department


@pytest.mark.parametrize("department", ["00", "2a", "96", "99", "979", "985", "1", "069", "6\u0669", "", "2C", "69\n"])
def test_what_is_no_department_is_refused(department: str) -> None:
    with pytest.raises(ValidationError):
        identity(birth_country="FR", birth_department=department)


@pytest.mark.parametrize(("country", "department"), [("FR", None), ("SN", "69"), ("XK", "2A")])
def test_a_department_goes_with_france_and_with_nothing_else(country: str, department: str | None) -> None:
    with pytest.raises(ValidationError, match="birth_department"):
        identity(birth_country=country, birth_department=department)


@pytest.mark.parametrize("country", ["ZZ", "fr", "FRA", "", "F", "UK", "EU"])
def test_what_is_no_country_is_refused(country: str) -> None:
    with pytest.raises(ValidationError):
        identity(nationality=country)


@pytest.mark.parametrize(
    "day", [0, 896313600, 1.5, True, "1998-02-30", "23/05/1998", "1998-5-23", "1998-05-23T00:00:00"]
)
def test_a_birth_date_is_written_year_month_day(day: object) -> None:
    with pytest.raises(ValidationError):
        identity(birth_date=day)


@pytest.mark.parametrize("day", ["1998-05-23", date(1998, 5, 23)])
def test_a_written_day_and_a_day_are_the_same(day: object) -> None:
    assert identity(birth_date=day).birth_date == date(1998, 5, 23)


@pytest.mark.parametrize(
    ("day", "age"),
    [
        (date(2026, 5, 22), 27),
        (date(2026, 5, 23), 28),
        (date(1998, 5, 23), 0),
        (date(1998, 5, 22), -1),
    ],
)
def test_age_counts_completed_years(day: date, age: int) -> None:
    assert age_on(day, born=date(1998, 5, 23)) == age


def test_somebody_born_on_29_february_is_older_on_1_march() -> None:
    assert [age_on(date(2026, *day), born=date(2008, 2, 29)) for day in ((2, 28), (3, 1))] == [17, 18]


@pytest.mark.parametrize(
    ("born", "is_likely"),
    [
        (date(2012, 7, 1), True),
        (date(2012, 7, 2), False),
        (date(1925, 7, 2), True),
        (date(1925, 7, 1), False),
        (date(2030, 1, 1), False),
    ],
)
def test_ages_from_14_to_100_are_likely(born: date, is_likely: bool) -> None:
    person = identity(birth_date=born)
    if is_likely:
        check_age(person, date(2026, 7, 1))
    else:
        with pytest.raises(InvalidFields) as refused:
            check_age(person, date(2026, 7, 1))
        assert [(one.field, one.code) for one in refused.value.fields] == [("birth_date", "unlikely_age")]


def test_first_names_are_joined_in_order_without_holes() -> None:
    person = identity(first_name="Ana", second_name=None, third_name="Lou")
    assert person.first_names == "Ana Lou"
    assert person.names == {"birth_name": "N'DIAYE", "first_name": "Ana", "third_name": "Lou"}

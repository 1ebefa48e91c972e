"""The 26 Crous share out the departments: each has one, or is named as having none."""

from collections import Counter

import pytest
from cvec.domain.crous import CROUS, DEPARTMENTS, WITHOUT_CROUS, crous_of, get_crous

MAINLAND = {f"{number:02}" for number in range(1, 96)} - {"20"} | {"2A", "2B"}
OVERSEAS = {"971", "972", "973", "974", "975", "976", "977", "978"}


def test_there_are_26_crous_with_distinct_codes_and_names() -> None:
    assert len(CROUS) == len({crous.code for crous in CROUS}) == len({crous.name for crous in CROUS}) == 26


def test_every_code_is_three_capital_letters() -> None:
    assert all(len(crous.code) == 3 and crous.code.isalpha() and crous.code.isupper() for crous in CROUS)


def test_every_department_belongs_to_one_crous_only() -> None:
    held = Counter(department for crous in CROUS for department in crous.departments)
    assert set(held.values()) == {1}
    assert set(held) == MAINLAND | OVERSEAS


def test_the_exceptions_have_no_crous_and_are_named() -> None:
    assert set(WITHOUT_CROUS) == {"984", "986", "987", "988", "989"}
    assert [crous_of(department) for department in WITHOUT_CROUS] == [None] * 5
    assert MAINLAND | OVERSEAS | set(WITHOUT_CROUS) == DEPARTMENTS


@pytest.mark.parametrize("unknown", ["", "20", "96", "980", "99", "1", "2a"])
def test_what_is_no_department_has_no_crous(unknown: str) -> None:
    assert crous_of(unknown) is None


@pytest.mark.parametrize(
    ("department", "code"),
    [("94", "CRE"), ("92", "VER"), ("84", "AIX"), ("2A", "COR"), ("976", "REU"), ("978", "ANG"), ("975", "NOR")],
)
def test_a_department_finds_its_crous(department: str, code: str) -> None:
    assert crous_of(department) is get_crous(code)


def test_the_name_reads_on_after_rattachee_au() -> None:
    assert all(crous.name.startswith("Crous ") for crous in CROUS)
    assert get_crous("CRE").name == "Crous de Créteil"


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(KeyError):
        get_crous("XXX")

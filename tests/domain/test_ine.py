"""The INE's kinds and keys, and how people type them."""

import pytest
from cvec.domain.ine import Ine, IneKind, bea_key, ina_key, ine_kind
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

INE = TypeAdapter(Ine)


@pytest.mark.parametrize(
    ("ine", "kind"),
    [
        ("1409002949V", IneKind.BEA),
        ("0494004062M", IneKind.BEA),
        ("0123456789" + ina_key("0123456789"), IneKind.INA),
        ("0ABCDEFGH0" + ina_key("0ABCDEFGH0"), IneKind.INA),
        ("223120671JH", IneKind.RNIE),
        ("000000001AA", IneKind.RNIE),
        ("1234A56789B", IneKind.APPRENTICE),
    ],
)
def test_each_kind_is_recognised(ine: str, kind: IneKind) -> None:
    assert ine_kind(ine) is kind


@pytest.mark.parametrize("letter", "ABCDEFGHJKLMNPRSTUWXYZIOQ")
def test_no_other_key_letter_is_taken_for_a_bea_number(letter: str) -> None:
    assert ine_kind(f"1409002949{letter}") is None


@pytest.mark.parametrize("digit", "012346789")
def test_no_other_key_digit_is_taken_for_an_ina_number(digit: str) -> None:
    assert ina_key("0123456789") == "5"
    assert ine_kind(f"0123456789{digit}") is None


@given(st.integers(min_value=0, max_value=10**10 - 1), st.integers(min_value=0, max_value=9), st.integers(1, 9))
def test_one_wrong_digit_in_a_bea_number_is_always_seen(number: int, place: int, shift: int) -> None:
    right = f"{number:010d}"
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    assert bea_key(right) != bea_key(wrong)


@pytest.mark.parametrize(
    "ine", ["0" * 11, "1" * 10 + "A", "0000000000A", "AAAAAAAAAAA", "9999999999" + bea_key("9999999999")]
)
def test_a_number_of_one_repeated_character_is_nobody_s(ine: str) -> None:
    assert ine_kind(ine) is None


@pytest.mark.parametrize(
    "typed", ["1409002949V", "1409002949v", " 1409 002 949 V ", "1409-002-949-v", "1409.002.949.V"]
)
def test_case_spaces_and_hyphens_do_not_matter(typed: str) -> None:
    assert INE.validate_python(typed) == "1409002949V"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "ine_form"),
        ("1409002949", "ine_form"),
        ("1409002949VV", "ine_form"),
        ("1409002949É", "ine_form"),
        ("١٤٠٩٠٠٢٩٤٩V", "ine_form"),
        ("1409002949V\0", "ine_form"),
        ("1" * 41, "ine_form"),
        ("1409002949A", "ine_key"),
        ("1409002949O", "ine_key"),
        ("ABCDEFGHIJK", "ine_key"),
    ],
)
def test_what_is_no_ine_is_refused_with_its_reason(typed: str, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        INE.validate_python(typed)

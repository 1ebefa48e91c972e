"""The certificate number, and the letters of the surname given with it."""

import string

import pytest
from cvec.domain.certificate_number import ALPHABET, CertificateNumber, InvalidCertificateNumber, surname_key
from hypothesis import assume, given
from hypothesis import strategies as st

SAMPLE = CertificateNumber.draw("CRE", 2018, "DTGBLX")
SAMPLE_OF_THE_GUIDE = "CRE8 DTGBLX 76"

numbers = st.builds(
    CertificateNumber.draw,
    st.text(string.ascii_uppercase, min_size=3, max_size=3),
    st.integers(2018, 2100),
    st.text(ALPHABET, min_size=6, max_size=6),
)


def test_the_number_is_written_like_the_one_of_the_guide() -> None:
    assert str(SAMPLE)[:-2] == SAMPLE_OF_THE_GUIDE[:-2]
    assert len(str(SAMPLE)) == len(SAMPLE_OF_THE_GUIDE)


def test_the_guides_own_sample_does_not_pass_our_check_digits() -> None:
    assert SAMPLE.check_digits == "70"
    with pytest.raises(InvalidCertificateNumber, match="check digits"):
        CertificateNumber.parse(SAMPLE_OF_THE_GUIDE)


def test_no_letter_of_a_number_is_read_as_a_digit() -> None:
    assert set(string.ascii_uppercase) - set(ALPHABET) == set("IOQ")
    assert len(ALPHABET) == 23


@given(numbers)
def test_a_number_satisfies_the_congruence_of_iso_7064(number: CertificateNumber) -> None:
    assert int("".join(str(int(char, 36)) for char in number.compact)) % 97 == 1


def test_a_small_check_value_keeps_its_leading_zero() -> None:
    drawn = (CertificateNumber.draw("LYO", 2026, f"AAAAA{letter}") for letter in ALPHABET)
    assert all(len(number.compact) == 12 for number in drawn)
    assert any(CertificateNumber.draw("LYO", 2026, f"AAA{a}{b}B").check_digits < "10" for a in "ABC" for b in ALPHABET)


@given(numbers)
def test_a_number_reads_back_from_each_way_of_writing_it(number: CertificateNumber) -> None:
    assert CertificateNumber.parse(str(number)) == number
    assert CertificateNumber.parse(number.compact) == number


@pytest.mark.parametrize(
    "typed",
    [
        "cre8 dtgblx 70",
        "  CRE8DTGBLX70\n",
        "CRE8-DTGBLX-70",
        "CRE8\u00a0DTGBLX\u202f70",
        "CRE8–DTGBLX–70",
        "CRE 8 DTG BLX 7 0",
        "CRE8 DTGBLX 70 / NDIAY",
        "cre8dtgblx70/o",
        "CRE8 DTGBLX 70 / -",
        "ＣＲＥ８ ＤＴＧＢＬＸ ７０",
    ],
)
def test_a_number_is_read_as_people_type_it(typed: str) -> None:
    assert CertificateNumber.parse(typed) == SAMPLE


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "CRE8",
        "CRE8 DTGBLX",
        "CRE8 DTGBLX 7",
        "CRE8 DTGBLX 700",
        "CRE8 DTGBIX 70",
        "CR88 DTGBLX 70",
        "CRE8 DTGBLX 7O",
        "CRE8 DTGBLX 70 NDIAY",
        "CRE8 DTGBLX 70 / NDIAYES",
        "CRE8 DTGBLX 70 / 12",
        "CRE٨ DTGBLX 70",
        "🎓" * 12,
        "CRE8 DTGBLX 70" + " " * 100,
        "CRE8 DTGBLX 70" + " " * 100 + "X",
        "0" * 100_000,
    ],
)
def test_what_has_not_the_form_of_a_number_is_refused(typed: str) -> None:
    with pytest.raises(InvalidCertificateNumber):
        CertificateNumber.parse(typed)


@given(st.text(string.printable + "é–\u00a0٨", max_size=40))
def test_any_text_is_either_a_number_or_refused(text: str) -> None:
    try:
        number = CertificateNumber.parse(text)
    except InvalidCertificateNumber:
        return
    assert CertificateNumber.parse(str(number)) == number


@given(numbers, st.integers(0, 11), st.sampled_from(string.ascii_uppercase + string.digits))
def test_one_wrong_character_is_always_caught(number: CertificateNumber, place: int, char: str) -> None:
    compact = number.compact
    assume(compact[place] != char)
    with pytest.raises(InvalidCertificateNumber):
        CertificateNumber.parse(compact[:place] + char + compact[place + 1 :])


@given(numbers, st.integers(0, 10))
def test_two_swapped_neighbours_are_always_caught(number: CertificateNumber, place: int) -> None:
    head, left, right, tail = (
        number.compact[:place],
        *number.compact[place : place + 2],
        number.compact[place + 2 :],
    )
    assume(left != right)
    with pytest.raises(InvalidCertificateNumber):
        CertificateNumber.parse(head + right + left + tail)


@pytest.mark.parametrize(
    ("crous_code", "letters"), [("CR", "DTGBLX"), ("cre", "DTGBLX"), ("CRE", "DTGBLO"), ("CRE", "DTGBL")]
)
def test_a_number_is_not_drawn_from_parts_without_their_form(crous_code: str, letters: str) -> None:
    with pytest.raises(InvalidCertificateNumber):
        CertificateNumber.draw(crous_code, 2026, letters)


@pytest.mark.parametrize(
    ("surname", "key"),
    [
        ("N'DIAYE", "NDIAY"),
        ("n’diaye", "NDIAY"),
        ("Ö", "O"),
        ("-", "-"),
        ("", "-"),
        ("Le Goff", "LEGOF"),
        ("Saint-Exupéry", "SAINT"),
        ("E\u0301mile-Zola", "EMILE"),
        ("Œdème", "OEDEM"),
        ("Lætitia", "LAETI"),
        ("Weiß", "WEISS"),
        ("Łukasiewicz", "LUKAS"),
        ("Ørsted", "ORSTE"),
        ("Đặng", "DANG"),
        ("Þórsson", "THORS"),
        ("Işık", "ISIK"),
        ("ﬁlleul", "FILLE"),
        ("王", "-"),
    ],
)
def test_the_key_of_a_surname_is_its_first_five_plain_letters(surname: str, key: str) -> None:
    assert surname_key(surname) == key

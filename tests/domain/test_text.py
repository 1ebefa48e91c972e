"""Text is kept as people write it, in one form, and without what cannot be seen."""

import unicodedata

import pytest
from cvec.domain.text import Line38, Name40, tidy
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

LINE, NAME = TypeAdapter(Line38), TypeAdapter(Name40)


@given(st.text())
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@given(st.text(max_size=60))
def test_what_is_taken_is_visible_and_in_one_form(text: str) -> None:
    try:
        line = LINE.validate_python(text)
    except ValidationError:
        return
    assert unicodedata.is_normalized("NFC", line)
    assert all(unicodedata.category(character)[0] != "C" for character in line)
    assert line == line.strip()


@pytest.mark.parametrize(
    "text",
    ["a\0b", "a\u200bb", "a\u202eb", "\ud800", "a\u00adb", "\ue000", "\u2066a", "a\x1b[31m", "\ufffe", "", "   "],
)
def test_what_cannot_be_seen_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        LINE.validate_python(text)


@pytest.mark.parametrize("text", ["a\tb", "a\nb", "a\u00a0b", "a\u2028b", "a \r\n b"])
def test_every_kind_of_space_becomes_one_space(text: str) -> None:
    assert LINE.validate_python(text) == "a b"


@pytest.mark.parametrize("thing", [None, 1, True, ["text"], {"a": 1}])
def test_what_is_no_text_is_not_made_text(thing: object) -> None:
    with pytest.raises(ValidationError):
        LINE.validate_python(thing)


def test_a_hyphen_alone_stands_for_no_name() -> None:
    assert NAME.validate_python(" - ") == "-"

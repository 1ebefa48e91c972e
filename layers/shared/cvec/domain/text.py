"""Text as people write it: kept as typed (accents, apostrophes, hyphens), but in one Unicode form and without traps."""

import re
import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

_SPACES = re.compile(r"\s+")
_NAME_MARKS = frozenset("'’ -.")


def tidy(text: Any) -> Any:
    """One canonical form (NFC), no outer spaces, inner runs of spaces as one. Other types pass untouched.

    >>> tidy("  Zoe\\u0308   N'DIAYE ")
    "Zoë N'DIAYE"
    """
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip() if isinstance(text, str) else text


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def as_visible(text: str) -> str:
    """What of a text can be seen, tidy: for words that must never be refused.

    >>> as_visible(" soft\\u00adhyphen,  two\\nlines ")
    'softhyphen, two lines'
    """
    kept = (character for character in text if character.isspace() or not _is_invisible(character))
    return str(tidy("".join(kept)))


def _visible(text: str) -> str:
    """Refuse what cannot be seen: control and formatting characters, right-to-left overrides, lone surrogates."""
    if any(_is_invisible(character) for character in text):
        raise ValueError("invisible_characters")
    return text


def _is_mark(character: str) -> bool:
    """Whether it is an accent or a vowel sign, which some scripts write apart from their letter."""
    return unicodedata.category(character).startswith("M")


def _name(text: str) -> str:
    """Refuse what is not a name: letters of any script, with apostrophes, hyphens, full stops and spaces between."""
    if not all(character.isalpha() or _is_mark(character) or character in _NAME_MARKS for character in text):
        raise ValueError("not_a_name")
    if text != "-" and not any(character.isalpha() for character in text):
        raise ValueError("not_a_name")
    return text


Line = Annotated[str, BeforeValidator(tidy), AfterValidator(_visible)]
"""One line of free text."""

Name = Annotated[str, BeforeValidator(tidy), AfterValidator(_visible), AfterValidator(_name)]
"""A name as the register has it; "-" stands for no name, as the certificate API has it."""

Line10 = Annotated[Line, Field(min_length=1, max_length=10)]
Line38 = Annotated[Line, Field(min_length=1, max_length=38)]
Line60 = Annotated[Line, Field(min_length=1, max_length=60)]
Line120 = Annotated[Line, Field(min_length=1, max_length=120)]
Name40 = Annotated[Name, Field(min_length=1, max_length=40, examples=["François"])]
Name60 = Annotated[Name, Field(min_length=1, max_length=60, examples=["N'DIAYE"])]

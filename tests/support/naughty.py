"""Thousands of strings that break programs, in families, made at run time: what Unicode and mischief allow.

`FAMILIES` names each family and makes its strings; `corpus()` is all of them, each once.
"""

import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import chain, product

from tests.support.naughty_attacks import ATTACKS, WRAPPERS
from tests.support.naughty_names import FRENCH_SENTENCES, NAMES

FEWEST = 12_000
_HOSTS = ("Ana", "N'DIAYE", "12 rue de Lyon", "é")
_DIRECTIONS = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_UNSEEN = "\u200b\u200c\u200d\u2060\u2061\u2063\ufeff\u00ad\u034f\u115f\u1160\u17b4\u180e\u2800\u3164\uffa0\ufe0f"
_SPACES = "".join(chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace())
_LENGTHS = (1, 9, 10, 11, 37, 38, 39, 40, 41, 59, 60, 61, 119, 120, 121, 199, 200, 201, 255, 256, 1_024, 1_025, 10_000)
_LOOKALIKES = {
    "a": "аαａ𝐚ⓐɑ",
    "e": "еεｅ𝐞ⓔҽ",
    "o": "оοｏ𝐨ⓞ०",
    "i": "іιｉ𝐢ⓘı",
    "c": "сϲｃ𝐜ⓒⅽ",
    "p": "рρｐ𝐩ⓟƿ",
    "A": "АΑＡ𝐀ⒶᎪ",
    "E": "ЕΕＥ𝐄ⒺᎬ",
    "I": "ІΙＩ𝐈ⒾⅠ",
    "N": "ΝＮ𝐍ⓃꓠИ",
}
_PEOPLE = ("👩", "👨", "🧑", "👧", "🏳️", "❤️", "💻", "🏿", "🇫🇷", "1️⃣")


def _plane_edges() -> Iterator[str]:
    """The first, last and some middle code points of each of the seventeen planes, alone and between letters."""
    for plane in range(17):
        edges = (*range(8), *range(0xFFF8, 0x10000), *range(0x400, 0xFC00, 0x800))
        codes = (plane * 0x10000 + edge for edge in edges)
        yield from (text for code in codes for text in (chr(code), f"a{chr(code)}b"))


def _corners() -> Iterator[str]:
    """Two code points of every row of 256 in the first two planes."""
    yield from (chr(row + place) * 2 for row in range(0, 0x20000, 0x100) for place in (0x41, 0x80))


def _combining() -> Iterator[str]:
    for mark, base, run in product(range(0x300, 0x370), "aeN", (1, 3, 20)):
        yield base + chr(mark) * run
    yield from ("\u0301", "\u0301" * 30, "e\u0301\u0323", "e\u0323\u0301", "Z͑ͫ̓a̴l̡g͟o̕")


def _placed(characters: Iterable[str]) -> Iterator[str]:
    """Each character alone, and before, within and after ordinary words."""
    for character, host in product(characters, _HOSTS):
        yield from (character, character + host, f"{host[:1]}{character}{host[1:]}", host + character)


def _emoji() -> Iterator[str]:
    yield from (*_PEOPLE, *("\u200d".join(pair) for pair in product(_PEOPLE, _PEOPLE)))
    yield from ("".join(pair) for pair in product(_PEOPLE, _PEOPLE))
    yield from (
        "👩\u200d👩\u200d👧\u200d👦",
        "\u200d".join(_PEOPLE * 3),
        "🏴\U000e0067\U000e0062\U000e007f",
        "Merci 🎓 !",
    )


def _lookalikes() -> Iterator[str]:
    for word, letter in product(("Ana Nicole", "AINE", "paice", "francois@example.org", "admin"), _LOOKALIKES):
        yield from (word.replace(letter, other) for other in _LOOKALIKES[letter] if letter in word)


def _normal_forms() -> Iterator[str]:
    """Characters that Unicode may write in several ways, in each of the ways."""
    changing = [chr(code) for code in range(0xA0, 0x2FA1E) if unicodedata.decomposition(chr(code))]
    for character in changing[::7]:
        yield from (unicodedata.normalize(form, f"a{character}") for form in ("NFC", "NFD", "NFKC", "NFKD"))
        yield f"a{character}"


def _surrogates() -> Iterator[str]:
    lone = [chr(code) for code in (0xD800, 0xD83D, 0xDBFF, 0xDC00, 0xDE00, 0xDFFF)]
    yield from _placed(lone)
    yield from ("".join(reversed(pair)) for pair in product(lone[:3], lone[3:]))


def _controls() -> Iterator[str]:
    yield from _placed(map(chr, (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)))


def _nowhere() -> Iterator[str]:
    """Private, unassigned and never-a-character code points; tags; variation selectors."""
    codes = (0xE000, 0xF8FF, 0xFDD0, 0xFDEF, 0xFFFE, 0xFFFF, 0x378, 0xE0001, 0xE0020, 0xE007F, 0xE0100, 0xF0000)
    yield from _placed(map(chr, (*codes, 0x10FFFF, 0xFFF9, 0xFFFC, 0xFFFD)))


def _long() -> Iterator[str]:
    for length, character in product(_LENGTHS, ("x", "é", "'", " ", "王", "👩", "e\u0301", "<", "-", "ﷺ", "ß")):
        yield character * length
        yield ("ab " * length)[:length]


def _digits() -> Iterator[str]:
    """Every digit of every script, alone and as a number; fractions, Roman and circled ones."""
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if character.isdigit() or (character.isnumeric() and code < 0x3000):
            yield from (character, f"{character}{character} rue")
    yield from ("0x1F", "1e400", "-0", "1,000.5", "1_000", "+33639980001", "٠٦١٢٣٤٥٦٧٨", "９９９９９", "٣٤٥")


def _names() -> Iterator[str]:
    for given, family in NAMES.values():
        yield from (*given, *family)
        for first, last in product(given, family):
            yield from (f"{first} {last}", f"{first}-{last}", f"{last}, {first}", unicodedata.normalize("NFD", last))


def _french() -> Iterator[str]:
    variants: tuple[Callable[[str], str], ...] = (
        str,
        str.upper,
        lambda text: text.replace("'", "’"),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace(" ", "\u202f"),
        lambda text: f"« {text} »",
        lambda text: f"“{text}”",
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace("-", "\u2011"),
        lambda text: text.replace("-", " – "),
    )
    yield from (variant(text) for text, variant in product(FRENCH_SENTENCES, variants))


def _attacks(kind: str) -> Callable[[], Iterator[str]]:
    return lambda: (wrapper.replace("@", attack) for attack, wrapper in product(ATTACKS[kind], WRAPPERS))


FAMILIES: Mapping[str, Callable[[], Iterator[str]]] = {
    "plane edges": _plane_edges,
    "corners of planes": _corners,
    "combining marks": _combining,
    "directions": lambda: _placed(_DIRECTIONS),
    "unseen": lambda: _placed(_UNSEEN),
    "spaces": lambda: _placed(_SPACES),
    "emoji": _emoji,
    "lookalikes": _lookalikes,
    "normal forms": _normal_forms,
    "surrogates": _surrogates,
    "controls": _controls,
    "nowhere": _nowhere,
    "long": _long,
    "digits": _digits,
    "names": _names,
    "french": _french,
    **{kind: _attacks(kind) for kind in ATTACKS},
}


@cache
def family(name: str) -> tuple[str, ...]:
    """The strings of a family, each once."""
    return tuple(dict.fromkeys(FAMILIES[name]()))


def corpus() -> set[str]:
    """Every string of every family."""
    return set(chain.from_iterable(map(family, FAMILIES)))

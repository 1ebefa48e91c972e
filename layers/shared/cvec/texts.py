"""What people read, in French and in English: one catalogue per language, and the forms of dates, times and money."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

FRENCH, ENGLISH = "fr", "en"
LANGUAGES = (FRENCH, ENGLISH)
_BABEL = {FRENCH: "fr_FR", ENGLISH: "en_US"}
_PARIS = ZoneInfo("Europe/Paris")
_LOCALES = Path(__file__).parent / "locales"


@cache
def catalogue(language: str) -> Mapping[str, Any]:
    """Every text of a language, by section: the files of its folder, each about one part of the street."""
    texts: dict[str, Any] = {}
    for file in sorted((_LOCALES / language).glob("*.toml")):
        written = file.read_text(encoding="utf-8")
        _join(texts, tomllib.loads(_with_french_spaces(written) if language == FRENCH else written))
    return texts


def _join(texts: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Add a file's texts to those of the others. Raises KeyError where two say the same thing."""
    for name, said in more.items():
        if isinstance(said, Mapping):
            _join(texts.setdefault(name, {}), said)
        elif name in texts:
            raise KeyError(name)
        else:
            texts[name] = said


def _with_french_spaces(written: str) -> str:
    """No-break spaces where French typography has them, so that no line begins with a colon or a closing quote.

    >>> _with_french_spaces("Attention : « oui » ?")
    'Attention\xa0: «\xa0oui\xa0»\xa0?'
    """
    return re.sub(r"(?<=«) | (?=[:;!?»])", "\N{NO-BREAK SPACE}", written)


def text(language: str, key: str, **words: object) -> str:
    """The text of a dotted key, with its words in place. Raises KeyError for a key that is not in the catalogue."""
    entry: Any = catalogue(language)
    for part in key.split("."):
        entry = entry[part]
    return str(entry).format(**words)


def best_language(accept_language: str) -> str:
    """The language to answer in: the first of ours that the header names, French otherwise.

    >>> best_language("de, en-GB;q=0.8, fr;q=0.5"), best_language(""), best_language("zh")
    ('en', 'fr', 'fr')
    """
    wanted = (part.partition(";")[0].strip()[:2].lower() for part in accept_language.split(","))
    return next((language for language in wanted if language in LANGUAGES), FRENCH)


def money_text(cents: int, language: str) -> str:
    """An amount in euros.

    >>> money_text(10500, "fr"), money_text(10500, "en")
    ('105,00\\xa0€', '€105.00')
    """
    from babel.numbers import format_currency

    return str(format_currency(cents / 100, "EUR", locale=_BABEL[language]))


def day_text(day: date, language: str) -> str:
    """A day as people say it.

    >>> day_text(date(1999, 5, 4), "fr"), day_text(date(1999, 5, 4), "en")
    ('4 mai 1999', 'May 4, 1999')
    """
    from babel.dates import format_date

    return str(format_date(day, "long", locale=_BABEL[language]))


def moment_text(moment: datetime, language: str) -> str:
    """A moment as a clock in Paris shows it.

    >>> from datetime import UTC
    >>> moment_text(datetime(2026, 6, 22, 9, 32, tzinfo=UTC), "fr")
    '22 juin 2026 à 11:32'
    """
    here = moment.astimezone(_PARIS)
    joiner = "à" if language == FRENCH else "at"
    return f"{day_text(here.date(), language)} {joiner} {here:%H:%M}"

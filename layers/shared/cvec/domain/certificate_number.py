"""The certificate number: drawn once, typed by many hands, never read for another.

``CRE8 DTGBLX 70`` is three letters of the Crous, the last digit of the year the campaign starts, six letters
drawn at random and two check digits (PROCESS.md §3). The check digits are ISO 7064 MOD 97-10, letters valued
A = 10 … Z = 35: they catch every single wrong character and every swap of two neighbours.
The year digit comes back every ten years: keep the academic year beside the number, never deduce it from it.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Self

ALPHABET = "ABCDEFGHJKLMNPRSTUVWXYZ"
"""The 23 letters a number is drawn from: no I, O or Q, which are read as 1 or 0."""

LETTERS_LENGTH = 6
SURNAME_KEY_LENGTH = 5

_BODY = re.compile(rf"([A-Z]{{3}})([0-9])([{ALPHABET}]{{{LETTERS_LENGTH}}})")
_TYPED = re.compile(r"([A-Z0-9]{10})([0-9]{2})(?:/[A-Z]{0,6})?")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
_LONGEST_TYPED = 60

# Letters that Unicode does not decompose into a base letter and an accent.
_UNDECOMPOSED = str.maketrans(
    {
        "Æ": "AE",
        "Œ": "OE",
        "Ø": "O",
        "Đ": "D",
        "Ð": "D",
        "Ł": "L",
        "Þ": "TH",
        "ẞ": "SS",
        "Ħ": "H",
        "Ŋ": "N",
        "Ŧ": "T",
    }
)


class InvalidCertificateNumber(ValueError):
    """The text is not a certificate number of ours: wrong form or wrong check digits."""


@dataclass(frozen=True, slots=True)
class CertificateNumber:
    """The number of a certificate, valid by construction.

    >>> number = CertificateNumber.draw("CRE", 2018, "DTGBLX")
    >>> str(number), number.compact, number.year_digit
    ('CRE8 DTGBLX 70', 'CRE8DTGBLX70', '8')
    >>> CertificateNumber.parse("cre8-dtgblx-70 / ndiay") == number
    True

    Raises InvalidCertificateNumber when a part has not its form.
    """

    crous_code: str
    year_digit: str
    letters: str

    def __post_init__(self) -> None:
        if not _BODY.fullmatch(self._body):
            raise InvalidCertificateNumber("a number is 3 letters, 1 digit and 6 letters without I, O and Q")

    @classmethod
    def draw(cls, crous_code: str, start_year: int, letters: str) -> Self:
        """Make the number of a certificate of the campaign that starts in `start_year`.

        Chance is given: `letters` are six independent draws from ALPHABET, 148 million per Crous and year.
        """
        return cls(crous_code, str(start_year % 10), letters)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a number as people type it: any case, spaces, hyphens, then perhaps "/ NDIAY" or "/ -".

        Raises InvalidCertificateNumber when the form or the check digits are wrong.
        """
        typed = _TYPED.fullmatch(_without_separators(text))
        body = _BODY.fullmatch(typed[1]) if typed else None
        if typed is None or body is None:
            raise InvalidCertificateNumber("not the form of a certificate number")
        number = cls(*body.groups())
        if number.check_digits != typed[2]:
            raise InvalidCertificateNumber("the check digits do not match")
        return number

    @property
    def check_digits(self) -> str:
        """The two digits that end the number."""
        return _check_digits(self._body)

    @property
    def compact(self) -> str:
        """The twelve characters without spaces, for keys and addresses: "CRE8DTGBLX70"."""
        return self._body + self.check_digits

    def __str__(self) -> str:
        return f"{self.crous_code}{self.year_digit} {self.letters} {self.check_digits}"

    @property
    def _body(self) -> str:
        return f"{self.crous_code}{self.year_digit}{self.letters}"


def surname_key(surname: str) -> str:
    """Return the first five letters A–Z of a surname: what an institution gives with the number to check it.

    A person without a surname is registered as "-" and has the key "-" (DOMAIN.md §1.3).

    >>> [surname_key(name) for name in ("N'DIAYE", "Le Gall-Œuvrard", "Ö", "Straße", "-")]
    ['NDIAY', 'LEGAL', 'O', 'STRAS', '-']
    """
    capitals = unicodedata.normalize("NFKD", surname.upper()).translate(_UNDECOMPOSED)
    letters = [char for char in capitals if "A" <= char <= "Z"]
    return "".join(letters[:SURNAME_KEY_LENGTH]) or "-"


def _without_separators(text: str) -> str:
    """Fold width and case, drop spaces and hyphens; nothing is left of a text far too long to be a number."""
    typed = text if len(text) <= _LONGEST_TYPED else ""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed).upper())


def _check_digits(body: str) -> str:
    """Return the ISO 7064 MOD 97-10 check digits of letters and digits, zero-padded.

    >>> _check_digits("CRE8DTGBLX")
    '70'
    """
    value = int("".join(str(int(char, 36)) for char in body))
    return f"{98 - value * 100 % 97:02d}"

"""The gazetteer: every commune of France, found by postcode or by name as fast as it is typed.

Nothing is parsed, folded or sorted at a cold start: `infra/deploy/communes` did it when the file was made.
The file is a gzip of UTF-8 sections divided by blank lines, in the order of `Gazette`'s fields. A commune is
known by its row, its place in the order of INSEE codes.
"""

import gzip
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, takewhile
from pathlib import Path
from threading import Lock

from cvec.domain.communes import Commune, CommuneMatch, bare_key, commune_code, department_of_code, name_key

SHIPPED = Path(__file__).parents[1] / "data" / "communes.txt.gz"
MOST = 20  # lines in the longest answer; no name is borne by more than 12 communes
SHORTEST = 2  # letters or digits to type before anything is searched
WIDTH = 5  # characters of an INSEE code, of a postcode, of a row number
NO_POSTCODE = "-"

_AFTER = "~"  # sorts after every letter and digit, so it closes the range of keys that begin alike
_WORD_WITH_DIGIT = re.compile(r"\S*[0-9]\S*")
_NOT_DIGIT = re.compile("[^0-9]+")


class Column:
    """Words of one width set end to end, read where they lie instead of being split into objects."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __len__(self) -> int:
        return len(self._text) // WIDTH

    def __getitem__(self, place: int) -> str:
        return self._text[place * WIDTH : (place + 1) * WIDTH]


@dataclass(frozen=True)
class Index:
    """Rows in the order of a key; the key is asked only for the places a bisection looks at."""

    rows: Column
    key_at: Callable[[int], str]

    def beginning(self, prefix: str) -> set[int]:
        """The rows whose key begins so."""
        return {int(self.rows[place]) for place in range(self._first(prefix), self._first(prefix + _AFTER))}

    def equal(self, key: str) -> set[int]:
        """The rows whose key is this one."""
        places = range(self._first(key), len(self.rows))
        return {int(self.rows[place]) for place in takewhile(lambda place: self.key_at(place) == key, places)}

    def _first(self, key: str) -> int:
        return bisect_left(range(len(self.rows)), key, key=self.key_at)


@dataclass(frozen=True)
class Gazette:
    """The sections of the file, in order.

    codes, names, postcodes ("69001 69002") and sizes (one character, the greater the bigger the town) by row;
    the rows in the order of their names, and of their names without article where there is one; every pair of
    postcode and row, in order; the beginnings shared by more communes than may be sorted while someone types,
    each with its best rows ("saint 33063 …").
    """

    codes: Column
    names: list[str]
    postcodes: list[str]
    sizes: str
    rows_by_name: Column
    rows_by_bare_name: Column
    postal_codes: Column
    postal_rows: Column
    crowded: list[str]

    @classmethod
    def read(cls, file: Path) -> "Gazette":
        """The gazette of a file made by the generator."""
        # Split before decoding: the one œ of a name would make every column a string of two bytes a character.
        sections = gzip.decompress(file.read_bytes()).split(b"\n\n")
        codes, names, postcodes, sizes, *columns, crowded = (section.decode() for section in sections)
        by_name, by_bare_name, postal_codes, postal_rows = map(Column, columns)
        by_row = (Column(codes), names.split("\n"), postcodes.split("\n"), sizes)
        return cls(*by_row, by_name, by_bare_name, postal_codes, postal_rows, crowded.split("\n"))

    @cached_property
    def by_name(self) -> Index:
        """Communes by whole name: "larochelle"."""
        rows = self.rows_by_name
        return Index(rows, lambda place: name_key(self.names[int(rows[place])]))

    @cached_property
    def by_bare_name(self) -> Index:
        """Communes whose name has an article, by the rest of it: "rochelle"."""
        rows = self.rows_by_bare_name
        return Index(rows, lambda place: bare_key(self.names[int(rows[place])]))

    @cached_property
    def by_postcode(self) -> Index:
        """Communes by each of their postcodes."""
        return Index(self.postal_rows, self.postal_codes.__getitem__)

    def named(self, prefix: str) -> set[int]:
        """The rows whose name begins so, with or without its article."""
        return self.by_name.beginning(prefix) | self.by_bare_name.beginning(prefix)

    def best(self, prefix: str) -> list[int]:
        """The rows that begin so, by name or by postcode: exact names first, then the bigger towns."""
        place = bisect_left(self.crowded, prefix + " ")
        key, *rows = next(iter(self.crowded[place : place + 1]), "").split(" ")
        if key == prefix:
            return [int(row) for row in rows]
        if prefix.isdecimal():
            return self.ranked(self.by_postcode.beginning(prefix))
        return self.ranked(self.named(prefix), prefix)

    def ranked(self, rows: Iterable[int], name: str = "") -> list[int]:
        """These rows: those that bear exactly this name first, then by size of town, then by code."""
        exact = self.by_name.equal(name) | self.by_bare_name.equal(name) if name else ()
        return sorted(rows, key=lambda row: (row not in exact, -ord(self.sizes[row]), row))

    def commune(self, row: int) -> Commune:
        """The commune of a row."""
        code, postcodes = self.codes[row], self.postcodes[row]
        own = () if postcodes == NO_POSTCODE else tuple(postcodes.split(" "))
        return Commune(code, self.names[row], department_of_code(code), own)


class CommuneGazetteer:
    """Finds communes; the file is read once, by the first who asks. Safe to share between threads."""

    def __init__(self, file: Path = SHIPPED) -> None:
        self._file = file
        self._reading = Lock()
        self._gazette: Gazette | None = None

    def get(self, code: str) -> Commune:
        """The commune with this INSEE code, or that has this municipal arrondissement. Raises KeyError."""
        gazette, wanted = self._open(), commune_code(code)
        row = bisect_left(gazette.codes, wanted)
        if gazette.codes[row] != wanted:
            raise KeyError(code)
        return gazette.commune(row)

    def search(self, text: str, limit: int = 10) -> tuple[CommuneMatch, ...]:
        """The communes a person may mean, at most `limit` and never more than MOST; each commune once.

        Understood: the beginning of a name or of a postcode, from two characters ("st den", "rochelle",
        "690"), and both at once ("saint-denis 93", "Lyon 7e", "Lyon (69007)"). Digits that suit no commune of
        that name are overlooked. CEDEX postcodes find nothing: see `towns`.
        """
        digits = _NOT_DIGIT.sub("", text)
        rows = _rows(self._open(), name=name_key(_WORD_WITH_DIGIT.sub(" ", text)), digits=digits)
        return self._matches(rows[: min(limit, MOST)], digits)

    def towns(self, department: str, limit: int = 10) -> tuple[CommuneMatch, ...]:
        """The biggest towns of a department ("69", "2A", "974"): the way out when a postcode is nobody's."""
        gazette = self._open()
        rows = range(bisect_left(gazette.codes, department), bisect_left(gazette.codes, department + _AFTER))
        return self._matches(gazette.ranked(rows)[: min(limit, MOST)], digits="")

    def _matches(self, rows: list[int], digits: str) -> tuple[CommuneMatch, ...]:
        communes = map(self._open().commune, rows)
        return tuple(CommuneMatch(commune, _shown(commune.postcodes, digits)) for commune in communes)

    def _open(self) -> Gazette:
        if self._gazette is None:
            with self._reading:
                self._gazette = self._gazette or Gazette.read(self._file)
        return self._gazette


def _rows(gazette: Gazette, *, name: str, digits: str) -> list[int]:
    if len(name) < SHORTEST:
        return gazette.best(digits) if len(digits) >= SHORTEST else []
    if len(digits) < SHORTEST:
        return gazette.best(name)
    both = gazette.named(name) & gazette.by_postcode.beginning(digits)
    return gazette.ranked(both, name) or gazette.best(name)


def _shown(postcodes: tuple[str, ...], digits: str) -> str | None:
    """The postcode that begins with the digits typed, or ends so (the 7 of "Lyon 7e"), or else the first."""
    opening = (code for code in postcodes if code.startswith(digits))
    closing = (code for code in postcodes if code.endswith(digits.zfill(2)))
    return next(chain(opening, closing, postcodes), None)

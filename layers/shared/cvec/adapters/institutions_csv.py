"""The list of institutions as a CSV file: ours, or the ministry's open-data export as it is downloaded.

Read: UTF-8 with or without a byte-order mark, fields apart by `;` or `,`, columns in any order, named as below
(`fr-esr-principaux-etablissements-enseignement-superieur`, as labels or as API names). A bad row is told by its line
and never guessed at; a file that is no such list is refused whole. Written: our five columns, in the order of UAIs.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from cvec.domain.communes import fold
from cvec.domain.errors import FieldError, InvalidFields
from cvec.domain.institutions import CatalogueInstitution

LARGEST_FILE = 4 * 1024 * 1024
"""Bytes; the ministry's export has a third of a megabyte."""

MOST_ROWS = 10_000
COLUMNS = ("uai", "name", "commune", "department_code", "also")
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"

_KNOWN_AS: Mapping[str, tuple[str, ...]] = {
    "uai": ("uai", "uai identifiant"),
    "name": ("name", "libelle", "uo lib"),
    "commune": ("commune", "com nom"),
    "department": ("department code", "code departement", "dep id"),
    "also": ("also", "nom court", "sigle"),
}
"""Our fields, and the folded names of the columns they are read from; `also` gathers several, the others want one."""


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be an institution: the line it begins on (the titles are line 1), and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class Reading:
    """What a file holds: the good rows, and the others by line."""

    institutions: tuple[CatalogueInstitution, ...]
    bad: tuple[BadRow, ...]


def read_institutions(raw: bytes) -> Reading:
    """Read a file. Raises InvalidFields on `file` where it cannot be read as a whole: nothing is taken then."""
    rows = list(_rows(_text(raw)))
    if len(rows) < len(("titles", "one institution")):
        raise _refused("no_rows")
    if len(rows) > MOST_ROWS:
        raise _refused("too_many_rows")
    return _read(rows[1:], _places(rows[0][1]), width=len(rows[0][1]))


def write_institutions(institutions: Iterable[CatalogueInstitution]) -> bytes:
    """The file of a list; the same list makes the same bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in sorted(institutions, key=lambda one: one.uai):
        writer.writerow((one.uai, one.name, one.commune, one.department, one.also))
    return text.getvalue().encode()


def _text(raw: bytes) -> str:
    if len(raw) > LARGEST_FILE:
        raise _refused("too_large")
    try:
        return raw.decode("utf-8").removeprefix(_BOM)
    except UnicodeDecodeError:
        raise _refused("not_utf8") from None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with the line it begins on. An open quote would swallow the rest: refused."""
    titles = text.partition("\n")[0]
    separator = ";" if titles.count(";") > titles.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for row in reader:
            if any(row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error:
        raise _refused("unreadable_row", line=line) from None


def _places(titles: Sequence[str]) -> Mapping[str, tuple[int, ...]]:
    """Where each field stands in a row."""
    folded = [fold(title) for title in titles]
    places = {
        field: tuple(place for name in names for place, title in enumerate(folded) if title == name)
        for field, names in _KNOWN_AS.items()
    }
    torn = [field for field, found in places.items() if field != "also" and len(found) != 1]
    if torn:
        raise InvalidFields(*(FieldError("file", f"no_single_column_{field}") for field in torn))
    return places


def _read(rows: Sequence[tuple[int, list[str]]], places: Mapping[str, tuple[int, ...]], *, width: int) -> Reading:
    good: dict[str, tuple[int, CatalogueInstitution]] = {}
    bad: list[BadRow] = []
    for line, row in rows:
        read = _institution(row, places) if len(row) == width else "columns"
        if isinstance(read, str):
            bad.append(BadRow(line, read))
        elif read.uai in good:
            bad.append(BadRow(line, f"uai: same as line {good[read.uai][0]}"))
        else:
            good[read.uai] = (line, read)
    return Reading(tuple(one for _, one in good.values()), tuple(bad))


def _institution(row: Sequence[str], places: Mapping[str, tuple[int, ...]]) -> CatalogueInstitution | str:
    """The institution of a row, or why it is none."""
    given = {field: " ".join(row[place].strip() for place in where).strip() for field, where in places.items()}
    if not given["uai"] or ";" in given["uai"]:  # eighteen rows of the export have none, or two in one field
        return "uai: several" if given["uai"] else "uai: none"
    try:
        return CatalogueInstitution.model_validate(given | {"department": _department(given["department"])})
    except ValidationError as error:
        return ", ".join(sorted({_reason(str(one["loc"][0]), one["type"], one["msg"]) for one in error.errors()}))


def _department(code: str) -> str:
    """The department's code as people write it: the export's D069 is 69, its D02A is 2A; a spreadsheet's 6 is 06.

    >>> _department("D069"), _department("D02A"), _department("974"), _department("6")
    ('69', '2A', '974', '06')
    """
    bare = code.removeprefix("D").zfill(2)
    return bare[1:] if len(bare) == len("069") and bare[0] == "0" else bare


def _reason(field: str, kind: str, said: str) -> str:
    return f"{field}: {said.removeprefix('Value error, ') if kind == 'value_error' else kind}"


def _refused(code: str, *, line: int | None = None) -> InvalidFields:
    return InvalidFields(FieldError("file" if line is None else f"file, line {line}", code))

"""`cvec institutions`: replace the list that students choose from by a file, such as the ministry's open-data export.

All or nothing: with one bad row the list in use stays, unless bad rows are to be left out. The list before can be
brought back (docs/runbook.md).
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cvec.adapters.institutions_csv import LARGEST_FILE, BadRow, read_institutions
from cvec.domain.institutions import CatalogueInstitution
from cvec.ports import Tools

from infra.deploy.cli.deployments import Asked
from infra.deploy.cli.reports import REFUSED, TO_SEE, WELL, Report, refusal

Listed = Iterable[CatalogueInstitution]


def imported(asked: Asked, tools: Tools) -> Report:
    """Make the file the list, unless it is only to be tried. Raises InvalidFields for a file that is no list."""
    try:
        raw = _bytes_of(asked.file)
    except OSError as fault:
        return refusal("unreadable_file", [str(fault)])
    reading = read_institutions(raw)
    told = _told(reading.institutions, reading.bad, before=tools.institutions.listed())
    if asked.dry_run:
        return Report({"imported": False, **told}, TO_SEE if reading.bad else WELL)
    if reading.bad and not asked.skip_bad:
        return Report({"refused": "bad_rows", "imported": False, **told}, REFUSED)
    tools.institutions.replace(reading.institutions)
    return Report({"imported": True, **told}, TO_SEE if reading.bad else WELL)


def _bytes_of(path: Path) -> bytes:
    """The file, or just enough of it to be refused as too large."""
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _told(after: Listed, bad: Iterable[BadRow], *, before: Listed) -> Mapping[str, Any]:
    """How many rows are good, which are bad and why, and what the list would gain, lose and change."""
    old, new = ({one.uai: one for one in listed} for listed in (before, after))
    changed = sorted(uai for uai in old.keys() & new.keys() if old[uai] != new[uai])
    return {
        "good": len(new),
        "bad": [{"line": one.line, "why": one.reason} for one in bad],
        "added": [_row(new[uai]) for uai in sorted(new.keys() - old.keys())],
        "removed": [_row(old[uai]) for uai in sorted(old.keys() - new.keys())],
        "changed": [{"uai": uai, "from": _said(old[uai]), "to": _said(new[uai])} for uai in changed],
    }


def _row(one: CatalogueInstitution) -> Mapping[str, str]:
    return {"uai": one.uai, "department": one.department, "name": one.name}


def _said(one: CatalogueInstitution) -> str:
    return ", ".join((one.name, one.commune, one.department, *filter(None, (one.also,))))

"""The figures of docs/reliability.md: read by the tests, which measure them anew, and written by `report`."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
REMEDY = "write it again: python -m tests.proof.report"


def check(name: str, measured: int) -> None:
    """Raise AssertionError unless the page says so."""
    said = stated().get(name)
    assert said == measured, f"docs/reliability.md says {said} {name}, the run {measured}: {REMEDY}"


def stated() -> dict[str, int]:
    """What the page says, by name."""
    found = re.findall(r"^\| ([^|]+?) \| ([\d,]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: int(figure.replace(",", "")) for name, figure in found}

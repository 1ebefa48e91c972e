"""What a command answers: plain values, the same in JSON for programs and in columns for people."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WELL, TO_SEE, REFUSED = 0, 1, 2
"""Exit codes: all is well; something is for somebody to see; refused, or could not be asked."""


@dataclass(frozen=True)
class Report:
    """Facts under their names: words, numbers, or rows of words and numbers."""

    facts: Mapping[str, Any]
    code: int = WELL


def refusal(code: str, reasons: Sequence[str]) -> Report:
    """A no, with its code and what it is about."""
    return Report({"refused": code, "because": list(reasons)}, REFUSED)


def text(report: Report, *, as_json: bool) -> str:
    """The report as it is printed."""
    if as_json:
        return json.dumps(report.facts, indent=2, ensure_ascii=False, default=str)
    return "\n".join(line for name, value in report.facts.items() for line in _lines(name, value))


def _lines(name: str, value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [line for key, inner in value.items() for line in _lines(f"{name}.{key}", inner)]
    if isinstance(value, list):
        return [f"{name}: {len(value) or 'none'}", *_rows(value)]
    return [f"{name}: {'–' if value is None else value}"]


def _rows(rows: Sequence[Any]) -> list[str]:
    """Rows in columns, as wide as their widest word."""
    cells = [[_cell(one) for one in row.values()] if isinstance(row, Mapping) else [_cell(row)] for row in rows]
    titles = [list(rows[0])] if rows and isinstance(rows[0], Mapping) else []
    widths = [max(map(len, column)) for column in zip(*titles, *cells, strict=True)]
    padded = (
        "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)) for row in [*titles, *cells]
    )
    return [f"  {line.rstrip()}" for line in padded]


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{key}={inner}" for key, inner in value.items()) or "–"
    return "–" if value is None else str(value)

"""docs/security.md says the limits that the code keeps, and points at rooms that exist."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from cvec.domain import limits
from cvec.domain.limits import Limit, Window

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
LIMITS = [one for one in vars(limits).values() if isinstance(one, Limit)]


def spoken(window: Window) -> str:
    minutes = window.span // timedelta(minutes=1)
    return f"{window.max_tries} in {minutes} min" if minutes < 60 else f"{window.max_tries} in {minutes // 60} h"


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_every_limit_stands_on_the_page_as_it_is_kept(limit: Limit) -> None:
    assert f"| `{limit.name}` | {', '.join(map(spoken, limit.windows))} |" in PAGE


def test_the_page_names_no_limit_that_is_gone() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == {limit.name for limit in LIMITS}


def test_every_control_is_where_the_page_says() -> None:
    named = {name for line in PAGE.splitlines() if line.startswith("| T") for name in re.findall(r"`([\w/.]+)`", line)}
    paths = {name for name in named if "/" in name or name.endswith((".py", ".yaml"))}
    missing = {name for name in paths if not ((ROOT / "layers/shared/cvec" / name).exists() or (ROOT / name).exists())}
    assert paths
    assert missing == set()

"""What the README promises exists: commands, targets, links, and tables that the code wrote."""

import re
from functools import cache
from pathlib import Path

import pytest

from infra.deploy import docs
from tests.house.building import ROOT

PAGES = ("README.md", "CONTRIBUTING.md", "DECISIONS.md", "CHANGELOG.md")
FIRST_LINES = 5
"""Within which the README must have said its two commands."""

_FENCE = re.compile(r"^```\w*\n(.*?)^```", re.DOTALL | re.MULTILINE)
_INDENTED = re.compile(r"(?<=\n\n)((?: {4}.*\n)+)")
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def commands(page: str) -> str:
    """What a page shows as code: blocks and spans."""
    text = text_of(page)
    return "\n".join([*_FENCE.findall(text), *_INDENTED.findall(text), *_SPAN.findall(_FENCE.sub("", text))])


def anchors(page: Path) -> set[str]:
    """The anchors that a page's titles make, as GitHub writes them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@cache
def targets() -> set[str]:
    return set(re.findall(r"^([a-z][\w-]*):(?!=)", text_of("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES)
def test_the_make_targets_a_page_names_exist(page: str) -> None:
    unknown = set(re.findall(r"\bmake ([a-z][\w-]*)", commands(page))) - targets()
    assert not unknown, f"{page} names make {sorted(unknown)}: write the target, or correct the page"


@pytest.mark.parametrize("page", [*PAGES, "Makefile"])
def test_the_modules_a_page_runs_exist(page: str) -> None:
    said = text_of(page) if page == "Makefile" else commands(page)
    ours = {name for name in re.findall(r"python -m ([\w.]+)", said) if name.partition(".")[0] == "infra"}
    places = {name: ROOT / name.replace(".", "/") for name in ours}
    written = {one for one, at in places.items() if at.with_suffix(".py").is_file() or (at / "__main__.py").is_file()}
    missing = sorted(ours - written)
    assert not missing, f"{page} runs {missing}, which do not exist"


@pytest.mark.parametrize("page", [*PAGES, "Makefile"])
def test_the_scripts_a_page_runs_exist(page: str) -> None:
    said = text_of(page) if page == "Makefile" else commands(page)
    named = set(re.findall(r"(?<![\w/.])(?:infra|bench|\.ci)/[\w./-]+\b", said))
    missing = sorted(one for one in named if not (ROOT / one).exists())
    assert not missing, f"{page} names {missing}, which do not exist"


@pytest.mark.parametrize("page", PAGES)
def test_relative_links_lead_somewhere(page: str) -> None:
    broken = []
    for link in _LINK.findall(text_of(page)):
        place, _, anchor = link.partition("#")
        target = ROOT / place if place else ROOT / page
        if "://" in link or link.startswith("mailto:"):
            continue
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            broken.append(link)
    assert not broken, f"{page}: {broken} lead nowhere"


def test_the_readme_begins_with_its_two_commands() -> None:
    beginning = "\n".join(text_of("README.md").splitlines()[:FIRST_LINES])
    assert "make run" in beginning
    assert "make test" in beginning


@pytest.mark.parametrize("block", ["settings", "routes"])
def test_the_readme_has_a_place_for_each_table(block: str) -> None:
    assert f"<!-- generated:{block} -->\n" in text_of("README.md"), (
        f"put <!-- generated:{block} --> … <!-- end --> back"
    )


def test_the_tables_of_the_readme_are_current() -> None:
    assert text_of("README.md") == docs.readme(text_of("README.md")), "README.md has old tables: run `make docs`"


def test_the_table_of_settings_names_every_setting_once() -> None:
    table = text_of("README.md").partition("<!-- generated:settings -->")[2].partition("<!-- end -->")[0]
    assert sorted(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == sorted(docs.given_settings()), "run `make docs`"


def test_an_unknown_block_is_loud() -> None:
    with pytest.raises(KeyError, match="weather"):
        docs.readme("<!-- generated:weather -->\n<!-- end -->\n")

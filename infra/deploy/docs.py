"""Rewrite what README.md and docs/ derive from the code: `python -m infra.deploy.docs`.

In README.md, what stands between `<!-- generated:settings -->` (or `generated:routes`) and `<!-- end -->` is replaced;
docs/lifecycles.md is written whole: one diagram per lifecycle of the law, found wherever it is declared.
"""

import re
from collections.abc import Iterable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import cvec.domain
from cvec.config import Settings
from cvec.domain.lifecycle import Lifecycle
from cvec.web.callers import Caller

from infra.deploy.contract import ROOT, STEPS
from infra.local import template_yaml

README = ROOT / "README.md"
LIFECYCLES = ROOT / "docs" / "lifecycles.md"
TEMPLATE = ROOT / "template.yaml"

_BLOCK = re.compile(r"(<!-- generated:(\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_WHO = {
    Caller.ANYONE: "anyone",
    Caller.DRAFT: "a registration's browser",
    Caller.STUDENT: "a signed-in student",
    Caller.PROVIDER: "the card provider, by its signature",
}


def write() -> None:
    """Bring README.md and docs/lifecycles.md up to date."""
    README.write_text(readme(README.read_text(encoding="utf-8")), encoding="utf-8")
    LIFECYCLES.write_text(lifecycles_page(), encoding="utf-8")


def readme(text: str) -> str:
    """The README with its generated blocks made anew. Raises KeyError for a block that nothing generates."""
    return _BLOCK.sub(lambda found: f"{found[1]}{_TABLES[found[2]]()}\n{found[3]}", text)


def settings_table() -> str:
    """Every setting, where the template takes it from, and what it is."""
    given = given_settings()
    lines = (
        (f"`{name.upper()}`", _source(given[name.upper()]), field.description or "")
        for name, field in Settings.model_fields.items()
    )
    return _table(("Setting", "Comes from", "Is"), lines)


def routes_table() -> str:
    """Every route of every step, who may call it, and what it is for."""
    lines = (
        (f"`{'`, `'.join(one.methods)}`", f"`{one.path}`", _WHO[one.who], one.summary)
        for step in STEPS
        for one in sorted(_app(step).operations, key=lambda one: (one.path, one.methods))
    )
    return _table(("Method", "Path", "Who may call it", "For"), lines)


def given_settings() -> Mapping[str, Any]:
    """The settings that the template gives to every function, as it writes them."""
    variables: Mapping[str, Any] = template_yaml.read(TEMPLATE)["Globals"]["Function"]["Environment"]["Variables"]
    return variables


def lifecycles() -> list[Lifecycle[Any]]:
    """Every lifecycle that a module of the law declares, by name."""
    modules = (import_module(f"cvec.domain.{found.name}") for found in iter_modules(cvec.domain.__path__))
    declared = {id(one): one for module in modules for one in vars(module).values() if isinstance(one, Lifecycle)}
    return sorted(declared.values(), key=lambda one: one.name)


def lifecycles_page() -> str:
    """The page of diagrams."""
    return "\n".join((_LIFECYCLES_TITLE, *map(_drawn, lifecycles())))


def _drawn(life: Lifecycle[Any]) -> str:
    return f"## {life.name.capitalize().replace('_', ' ')}\n\n```mermaid\n{life.mermaid()}\n```\n"


def _app(step: str) -> Any:
    return import_module(f"functions.{step}.app").app


def _source(written: Any) -> str:
    """Where a value comes from, in words: a parameter or resource of the template, or the value itself."""
    match written:
        case {"Ref": name} | {"Fn::Sub": name}:
            return f"`{name}`"
        case "":
            return "empty"
        case _:
            return f"always `{written}`"


def _table(titles: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in (titles, ("---",) * len(titles), *lines))


_TABLES = {"settings": settings_table, "routes": routes_table}

_LIFECYCLES_TITLE = """# Lifecycles

Each is one literal table of `layers/shared/cvec/domain/`: state × fact → state. Guards, replay and these diagrams are
derived from it. `python -m infra.deploy.docs` draws this page again.
"""

if __name__ == "__main__":
    write()

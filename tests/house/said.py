"""What the code says it will say: refusals with their details, and keys of the catalogues."""

import ast
import re
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any

from cvec.domain.errors import Refusal

from tests.house.building import LAYER, sources, tree

_KEY = re.compile(r"""["']((?:page|error|reason|mail)\.[\w.]*)["']""")


def leaves(texts: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Every text of a catalogue with its dotted key."""
    for name, value in texts.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{above}{name}.")
        else:
            yield above + name, value


def placeholders(said: Any) -> set[str]:
    """The words a text leaves room for.

    >>> sorted(placeholders("From {opens} to {closes}")), placeholders(["{year}", "x"]), placeholders(True)
    (['closes', 'opens'], {'year'}, set())
    """
    lines = said if isinstance(said, list) else [said] if isinstance(said, str) else []
    return {name for line in lines for _, name, _, _ in Formatter().parse(line) if name}


def refusals(family: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """Every refusal that is raised: the leaves of the tree."""
    for child in family.__subclasses__():
        yield from refusals(child) if child.__subclasses__() else [child]


def keys_in_code() -> set[str]:
    """Every quoted key, in code and in page templates; one that ends in a dot is the beginning of several."""
    files = [*sources("layers/shared/cvec", "functions"), *(LAYER / "templates" / "pages").glob("*.html")]
    return {key for one in files for key in _KEY.findall(one.read_text(encoding="utf-8"))}


def details_of(refusal: type[Refusal]) -> set[str]:
    """The details that the refusal has wherever it is raised."""
    raised = [_details(node) for one in _trees() for node in ast.walk(one) if _raises(node, refusal.__name__)]
    return set.intersection(*raised) if raised else set()


def _raises(node: ast.AST, name: str) -> bool:
    said = node.exc if isinstance(node, ast.Raise) else None
    called = said.func if isinstance(said, ast.Call) else said
    return called is not None and ast.unparse(called).rpartition(".")[2] == name


def _details(node: ast.AST) -> set[str]:
    said = node.exc if isinstance(node, ast.Raise) else None
    return {one.arg for one in said.keywords if one.arg} if isinstance(said, ast.Call) else set()


def _trees() -> Iterator[ast.Module]:
    return (tree(source) for source in sources("layers/shared/cvec/usecases", "layers/shared/cvec/domain"))

"""Stripe's form encoding: `line_items[0][price_data][currency]=eur` read into nested dictionaries."""

import re
from collections.abc import Iterable

from infra.local.card_provider.refusals import invalid

BRACKETED = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
Nested = dict[str, "Nested | str"]


def steps(name: str) -> list[str]:
    """The path a bracketed name spells; raises Refused if the brackets do not close.

    >>> steps("expand[]"), steps("a[0][b]")
    (['expand', ''], ['a', '0', 'b'])
    """
    match = BRACKETED.fullmatch(name)
    if match is None:
        raise invalid(f"Invalid parameter name: {name}", param=name)
    return [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]


def nest(pairs: Iterable[tuple[str, str]]) -> Nested:
    """All pairs as one tree of strings; lists stay dictionaries keyed by their index.

    >>> nest([("limit", "3"), ("expand[]", "data.charge"), ("expand[]", "data.refund")])
    {'limit': '3', 'expand': {'0': 'data.charge', '1': 'data.refund'}}
    """
    tree: Nested = {}
    for name, value in pairs:
        *path, last = steps(name)
        place = _descend(tree, path, name)
        place[last or str(len(place))] = value
    return tree


def _descend(tree: Nested, path: list[str], name: str) -> Nested:
    for step in path:
        below = tree.setdefault(step or str(len(tree)), {})
        if isinstance(below, str):
            raise invalid(f"Invalid object: {name} is given twice, in two shapes", param=name)
        tree = below
    return tree

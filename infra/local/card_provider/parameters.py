"""Strict parameters: what Stripe's published parameter trees do not name, the stand-in refuses.

The trees are those of `stripe_subset.json`; its licence file explains their letters.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from infra.local.card_provider.form import Nested
from infra.local.card_provider.refusals import Json, Refused, invalid

SUBSET = Path(__file__).with_name("stripe_subset.json")
ONLY_EXPAND: Json = {"o": {"expand": {"a": {"t": "s"}}}}
MAX_METADATA = {"names": 50, "name": 40, "value": 500}  # docs.stripe.com/api/metadata


@cache
def subset() -> Json:
    """Stripe's document, pruned: `version`, `requests` and `$defs`."""
    document: Json = json.loads(SUBSET.read_text("utf-8"))
    return document


def typed(operation: str, given: Nested) -> Json:
    """The parameters of an operation such as `POST /v1/refunds`, typed; raises Refused at the first fault."""
    # The pruned document lacks a few plain reads (one webhook endpoint): they take `expand` and nothing else.
    tree = subset()["requests"].get(operation, ONLY_EXPAND)
    return _object(tree, given, "")


def _value(tree: Json, given: Nested | str, name: str) -> Any:
    for mark, reader in READERS.items():
        if mark in tree:
            return reader(tree, given, name)
    return given


def _object(tree: Json, given: Nested | str, name: str) -> Json:
    if isinstance(given, str):
        raise invalid("Invalid object", param=name)
    known = tree.get("o", {})
    for unknown in given.keys() - known.keys():
        where = _inside(name, unknown)
        raise invalid(f"Received unknown parameter: {where}", param=where, code="parameter_unknown")
    for absent in [needed for needed in tree.get("r", []) if needed not in given]:
        where = _inside(name, absent)
        raise invalid(f"Missing required param: {where}.", param=where, code="parameter_missing")
    return {step: _value(known[step], value, _inside(name, step)) for step, value in given.items()}


def _array(tree: Json, given: Nested | str, name: str) -> list[Any]:
    if isinstance(given, str) or not all(step.isdigit() for step in given):
        raise invalid("Invalid array", param=name)
    in_order = sorted(given.items(), key=lambda item: int(item[0]))
    return [_value(tree["a"], value, f"{name}[{index}]") for index, value in in_order]


def _map(_tree: Json, given: Nested | str, name: str) -> dict[str, str]:
    if isinstance(given, str):
        raise invalid("Invalid object", param=name)
    if len(given) > MAX_METADATA["names"]:
        raise invalid("You can only specify up to 50 metadata keys.", param=name)
    return {key: _metadata(key, value, f"{name}[{key}]") for key, value in given.items()}


def _metadata(key: str, value: Nested | str, name: str) -> str:
    if not isinstance(value, str):
        raise invalid("Metadata values must be strings.", param=name)
    if len(key) > MAX_METADATA["name"] or len(value) > MAX_METADATA["value"]:
        raise invalid("Metadata keys have up to 40 characters, values up to 500.", param=name)
    return value


def _any(tree: Json, given: Nested | str, name: str) -> Any:
    refusals = []
    for shape in tree["any"]:
        try:
            return _value(shape, given, name)
        except Refused as refused:
            refusals.append(refused)
    # The last shape is the plain one (`created=…`), whose words fit a plain value best.
    raise refusals[0] if isinstance(given, dict) else refusals[-1]


def _scalar(tree: Json, given: Nested | str, name: str) -> str | int | float | bool:
    if not isinstance(given, str):
        raise invalid(f"Invalid {WORDS[tree['t']]}", param=name)
    if given == "":
        text = f"You passed an empty string for '{name}'; '{name}' cannot be unset."
        raise invalid(text, param=name, code="parameter_invalid_empty")
    return _string(tree, given, name) if tree["t"] == "s" else _number(tree["t"], given, name)


def _string(tree: Json, given: str, name: str) -> str:
    if "e" in tree and given not in tree["e"]:
        raise invalid(f"Invalid {name}: must be one of {', '.join(tree['e'])}", param=name)
    if len(given) > tree.get("m", 5000):
        raise invalid(f"Invalid string: must be at most {tree.get('m', 5000)} characters", param=name)
    return given


def _number(kind: str, given: str, name: str) -> int | float | bool:
    if re.fullmatch(PATTERNS[kind], given) is None:
        code = "parameter_invalid_integer" if kind == "i" else None
        raise invalid(f"Invalid {WORDS[kind]}: {given}", param=name, code=code)
    return CONVERTERS[kind](given)


def _inside(name: str, step: str) -> str:
    return f"{name}[{step}]" if name else step


WORDS = {"s": "string", "i": "integer", "n": "number", "b": "boolean"}
CONVERTERS: dict[str, Callable[[str], int | float | bool]] = {"i": int, "n": float, "b": lambda word: word == "true"}
PATTERNS = {"i": r"-?\d{1,18}", "n": r"-?\d+(\.\d+)?", "b": "true|false"}
READERS = {"any": _any, "map": _map, "a": _array, "o": _object, "t": _scalar}

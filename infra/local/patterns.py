"""Which stream records a function wants to see: Lambda's FilterCriteria, played exactly or refused loudly."""

from collections.abc import Callable, Mapping
from typing import Any

MISSING = object()
"""Stands for a key that the record does not have."""


class UnknownPatternError(Exception):
    """A filter uses an operator that the laptop's cloud cannot play, or one that Lambda has no use for."""


def _anything_but(found: Any, operand: Any) -> bool:
    if found is MISSING:
        return False
    if isinstance(operand, dict):
        return not _operates(found, operand)
    return found not in (operand if isinstance(operand, list) else [operand])


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "prefix": lambda found, operand: isinstance(found, str) and found.startswith(operand),
    "suffix": lambda found, operand: isinstance(found, str) and found.endswith(operand),
    "equals-ignore-case": lambda found, operand: isinstance(found, str) and found.lower() == operand.lower(),
    "exists": lambda found, operand: (found is not MISSING) is operand,
    "anything-but": _anything_but,
}
"""Operator to rule. `numeric` is absent on purpose: DynamoDB writes numbers as text, on which it never holds."""


def _operates(found: Any, rule: Mapping[str, Any]) -> bool:
    [(operator, operand)] = rule.items()
    return OPERATORS[operator](found, operand)


def _equals(found: Any, wanted: Any) -> bool:
    """Same JSON value: `true` is not 1."""
    return type(found) is type(wanted) and bool(found == wanted)


def _leaf_holds(found: Any, rules: list[Any]) -> bool:
    """One rule suffices; when the record holds a list, one of its values suffices."""
    values = found if isinstance(found, list) else [found]
    return any(
        _operates(value, rule) if isinstance(rule, dict) else _equals(value, rule)
        for value in values or [MISSING]
        for rule in rules
    )


def holds(pattern: Mapping[str, Any], record: Any) -> bool:
    """Tell whether a record passes: every key of the pattern must, at every depth.

    >>> row = {"kind": {"S": "mail"}, "sent": {"NULL": True}}
    >>> holds({"kind": {"S": ["mail", "order"]}, "state": {"S": [{"exists": False}]}}, row)
    True
    >>> holds({"kind": {"S": [{"prefix": "or"}]}}, row)
    False
    """
    return all(_key_holds(rules, _value(record, key)) for key, rules in pattern.items() if key != "$or") and (
        "$or" not in pattern or any(holds(one, record) for one in pattern["$or"])
    )


def _value(record: Any, key: str) -> Any:
    return record.get(key, MISSING) if isinstance(record, dict) else MISSING


def _key_holds(rules: Any, found: Any) -> bool:
    return holds(rules, found) if isinstance(rules, dict) else _leaf_holds(found, rules)


def check(pattern: Any) -> None:
    """Raise UnknownPatternError unless every leaf is a list of values or of operators known here."""
    for key, rules in pattern.items():
        if key == "$or":
            for one in rules:
                check(one)
        elif isinstance(rules, dict):
            check(rules)
        else:
            _check_leaf(key, rules)


def _check_leaf(key: str, rules: Any) -> None:
    if not isinstance(rules, list) or not rules:
        raise UnknownPatternError(f"{key} must hold a list of values, not {rules!r}")
    for rule in rules:
        if isinstance(rule, dict) and not (len(rule) == 1 and rule.keys() <= OPERATORS.keys()):
            raise UnknownPatternError(f"{key}: the laptop's cloud cannot play {rule!r}")

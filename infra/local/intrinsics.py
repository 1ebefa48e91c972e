"""What CloudFormation's intrinsic functions mean: Ref, GetAtt, Sub, Join, If and the conditions."""

import re
from collections.abc import Callable, Mapping
from typing import Any

Address = Callable[[str, str], str]
"""From a resource's logical name and an attribute (`Ref` for its own) to the value AWS would give."""

NO_VALUE = object()
"""What `AWS::NoValue` becomes: the key that holds it disappears."""

_PLACEHOLDER = re.compile(r"\$\{(!?)([^}]+)\}")


class UnresolvableError(Exception):
    """The template says something that this reader does not understand: an unknown name or function."""


def nominal(logical: str, attribute: str) -> str:
    """An address good enough to read a template without a cloud.

    >>> nominal("Records", "Ref"), nominal("Records", "Arn")
    ('Records', 'Records.Arn')
    """
    return logical if attribute == "Ref" else f"{logical}.{attribute}"


class Intrinsics:
    """Resolves values of one template, with its parameters, its conditions and the addresses of its resources."""

    def __init__(
        self,
        *,
        names: Mapping[str, Any],
        conditions: Mapping[str, Any],
        resources: frozenset[str],
        address: Address = nominal,
    ) -> None:
        self._names, self._conditions, self._resources, self._address = names, conditions, resources, address

    def resolve(self, value: Any) -> Any:
        """The value with every function applied, keys holding `AWS::NoValue` dropped. Raises UnresolvableError."""
        if isinstance(value, dict):
            return self._function(value) if _is_function(value) else self._mapping(value)
        if isinstance(value, list):
            return [item for item in map(self.resolve, value) if item is not NO_VALUE]
        return value

    def holds(self, condition: str) -> bool:
        """Tell whether a named condition is true. Raises UnresolvableError when there is none of that name."""
        if condition not in self._conditions:
            raise UnresolvableError(f"no condition is called {condition}")
        return bool(self.resolve(self._conditions[condition]))

    def _mapping(self, value: dict[str, Any]) -> dict[str, Any]:
        resolved = {key: self.resolve(item) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not NO_VALUE}

    def _function(self, value: dict[str, Any]) -> Any:
        [(name, argument)] = value.items()
        known: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Condition": self.holds,
            "Fn::GetAtt": self._attribute,
            "Fn::Sub": self._sub,
            "Fn::Join": lambda a: a[0].join(map(str, self.resolve(a[1]))),
            "Fn::If": lambda a: self.resolve(a[1] if self.holds(a[0]) else a[2]),
            "Fn::Equals": lambda a: self.resolve(a[0]) == self.resolve(a[1]),
            "Fn::Not": lambda a: not self.resolve(a[0]),
            "Fn::And": lambda a: all(self.resolve(a)),
            "Fn::Or": lambda a: any(self.resolve(a)),
        }
        if name not in known:
            raise UnresolvableError(f"the laptop's cloud does not know {name}")
        return known[name](argument)

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        return self._names[name] if name in self._names else self._of_resource(name, "Ref")

    def _attribute(self, argument: list[str]) -> str:
        return self._of_resource(argument[0], argument[1])

    def _of_resource(self, logical: str, attribute: str) -> str:
        if logical not in self._resources:
            raise UnresolvableError(f"nothing in the template is called {logical}")
        return self._address(logical, attribute)

    def _sub(self, argument: str | list[Any]) -> str:
        text, extra = (argument, {}) if isinstance(argument, str) else (argument[0], self.resolve(argument[1]))

        def put(found: re.Match[str]) -> str:
            literal, name = found.groups()
            if literal:
                return f"${{{name}}}"
            return str(extra[name] if name in extra else self._named(name))

        return _PLACEHOLDER.sub(put, text)

    def _named(self, name: str) -> Any:
        logical, dot, attribute = name.partition(".")
        return self._of_resource(logical, attribute) if dot else self._ref(name)


def _is_function(value: dict[str, Any]) -> bool:
    """A mapping of one key that is a function's name. A policy's own `Condition: {...}` is none: it holds a mapping."""
    if len(value) != 1:
        return False
    [(name, argument)] = value.items()
    return name == "Ref" or name.startswith("Fn::") or (name == "Condition" and isinstance(argument, str))

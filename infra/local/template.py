"""The SAM template, read: one source of routes, settings, tables, queues and schedules, for the laptop and for tests.

template = Template.load(Path("template.yaml"))
template.routes()                  every (method, path, function)
template.environment()             the settings all functions share
template.resources_of("AWS::DynamoDB::Table")
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from infra.local import event_sources, template_yaml
from infra.local.event_sources import EventSources, Route
from infra.local.intrinsics import Address, Intrinsics, nominal

FUNCTION = "AWS::Serverless::Function"
API = "AWS::Serverless::Api"

PSEUDO_PARAMETERS = {
    "AWS::Region": "eu-west-3",
    "AWS::Partition": "aws",
    "AWS::AccountId": "123456789012",
    "AWS::StackName": "cvec",
    "AWS::StackId": "cvec",
    "AWS::URLSuffix": "amazonaws.com",
}


class UnevenEnvironmentError(Exception):
    """Two functions have different settings; on one laptop they share one process, hence one environment."""


@dataclass(frozen=True)
class Function:
    """One Lambda function. `folder` holds its source, `handler` is `module.attribute` inside it."""

    name: str
    folder: Path
    handler: str
    timeout_seconds: int
    memory_mb: int
    environment: dict[str, str]
    events: EventSources


def merged(common: Any, own: Any) -> Any:
    """SAM's rule for Globals: mappings merge, lists add up, anything else is replaced by the function's own.

    >>> merged({"a": {"x": 1}, "l": [1]}, {"a": {"y": 2}, "l": [2]})
    {'a': {'x': 1, 'y': 2}, 'l': [1, 2]}
    """
    if isinstance(common, dict) and isinstance(own, dict):
        both = {key: merged(common[key], own[key]) for key in common.keys() & own.keys()}
        return {key: both.get(key, own.get(key, common.get(key))) for key in [*common, *(own.keys() - common)]}
    if isinstance(common, list) and isinstance(own, list):
        return common + own
    return own


class Template:
    """A template with its parameters chosen; values are resolved when asked for."""

    def __init__(
        self, document: dict[str, Any], folder: Path, names: Mapping[str, Any], address: Address = nominal
    ) -> None:
        self._document, self.folder, self._names = document, folder, names
        declared: dict[str, Any] = document["Resources"]
        self._intrinsics = Intrinsics(
            names=names,
            conditions=document.get("Conditions", {}),
            resources=frozenset(declared),
            address=address,
        )
        self.resources: dict[str, dict[str, Any]] = {
            name: self._with_globals(one)
            for name, one in declared.items()
            if "Condition" not in one or self._intrinsics.holds(one["Condition"])
        }
        """Logical name to resource, as written: Globals merged, functions not yet applied."""

    @classmethod
    def load(cls, path: Path, parameters: Mapping[str, str] | None = None) -> Self:
        """Read a template and choose its parameters. Raises KeyError for one that is neither given nor defaulted."""
        document = template_yaml.read(path)
        names: dict[str, Any] = dict(PSEUDO_PARAMETERS)
        for name, declared in document.get("Parameters", {}).items():
            given = (parameters or {}).get(name, declared.get("Default"))
            if given is None:
                raise KeyError(f"parameter {name} has no default and was not given")
            names[name] = given
        return cls(document, path.resolve().parent, names)

    def at(self, address: Address, **names: str) -> Self:
        """The same template once its resources exist: addresses are real."""
        return type(self)(self._document, self.folder, {**self._names, **names}, address)

    @property
    def functions(self) -> tuple[Function, ...]:
        """Every function, in the template's order."""
        return tuple(self._function(name) for name in self.resources_of(FUNCTION))

    def routes(self) -> tuple[Route, ...]:
        """Every route of every function, in the template's order."""
        return tuple(route for function in self.functions for route in function.events.routes)

    def environment(self) -> dict[str, str]:
        """The settings that all functions share. Raises UnevenEnvironmentError when they do not."""
        first, *others = self.functions
        for other in others:
            if uneven := dict(first.environment.items() ^ other.environment.items()):
                raise UnevenEnvironmentError(f"{first.name} and {other.name} differ in {', '.join(sorted(uneven))}")
        return first.environment

    def resources_of(self, kind: str) -> tuple[str, ...]:
        """Logical names of the resources of one type."""
        return tuple(name for name, one in self.resources.items() if one["Type"] == kind)

    def properties(self, logical: str) -> dict[str, Any]:
        """A resource's properties with functions applied. Raises KeyError or UnresolvableError."""
        resolved: dict[str, Any] = self._intrinsics.resolve(self.resources[logical].get("Properties", {}))
        return resolved

    def _with_globals(self, resource: dict[str, Any]) -> dict[str, Any]:
        if resource["Type"] != FUNCTION:
            return resource
        common = copy.deepcopy(self._document.get("Globals", {}).get("Function", {}))
        return {**resource, "Properties": merged(common, resource.get("Properties", {}))}

    def _function(self, name: str) -> Function:
        own = self.properties(name)
        variables = own.get("Environment", {}).get("Variables", {})
        return Function(
            name=name,
            folder=self._folder(name, own),
            handler=own["Handler"],
            timeout_seconds=int(own.get("Timeout", 3)),
            memory_mb=int(own.get("MemorySize", 128)),
            environment={key: _setting(value) for key, value in variables.items()},
            events=event_sources.read(name, own.get("Events", {})),
        )

    def _folder(self, name: str, own: dict[str, Any]) -> Path:
        """Built by the Makefile, a function has the whole tree as its source and lives in the folder of its name."""
        if own["CodeUri"] in {".", "./"}:
            return self.folder / "functions" / name.removesuffix("Function").lower()
        return self.folder / str(own["CodeUri"])


def _setting(value: Any) -> str:
    """A setting as Lambda hands it over: text, and `true` for a YAML boolean."""
    return str(value).lower() if isinstance(value, bool) else str(value)

"""Which route a request is for, exactly as the template writes them: literal segments first, then parameters."""

from collections.abc import Iterable
from dataclasses import dataclass

from infra.local.event_sources import Route


@dataclass(frozen=True)
class Match:
    """A route, and what its parameters hold, percent-encoded as sent."""

    route: Route
    path_parameters: dict[str, str]


class AmbiguousRoutesError(Exception):
    """Two functions claim the same method and path."""


def _segments(path: str) -> tuple[str, ...]:
    return tuple(path.removeprefix("/").split("/"))


def _is_parameter(segment: str) -> bool:
    return segment.startswith("{") and segment.endswith("}")


class RouteTable:
    """Finds the route of a request. Raises AmbiguousRoutesError when two routes are the same."""

    def __init__(self, routes: Iterable[Route]) -> None:
        # False sorts before True: at every place a literal segment wins over a parameter.
        self._routes = sorted(routes, key=lambda route: [_is_parameter(s) for s in _segments(route.path)])
        self._refuse_twins()

    def _refuse_twins(self) -> None:
        seen: dict[tuple[str, str], Route] = {}
        for route in self._routes:
            twin = seen.setdefault((route.method, route.path), route)
            if twin is not route:
                raise AmbiguousRoutesError(f"{route.method} {route.path}: {twin.event} and {route.event}")

    def find(self, method: str, path: str) -> Match | None:
        """The route for a method and a raw path, or None."""
        asked = _segments(path)
        for route in self._routes:
            if route.method in {method, "ANY"}:
                parameters = self._parameters(_segments(route.path), asked)
                if parameters is not None:
                    return Match(route, parameters)
        return None

    @staticmethod
    def _parameters(declared: tuple[str, ...], asked: tuple[str, ...]) -> dict[str, str] | None:
        if len(declared) != len(asked):
            return None
        found: dict[str, str] = {}
        for wanted, given in zip(declared, asked, strict=True):
            if _is_parameter(wanted) and given:
                found[wanted[1:-1]] = given
            elif wanted != given:
                return None
        return found

"""The doors as one WSGI application, for tools that speak HTTP: every request becomes a REST event, in this process."""

from collections.abc import Iterable
from typing import Any

from werkzeug.wrappers import Request, Response

from tests.support.calling import Browser, operations
from tests.support.fakes import World


class InProcess:
    """Serves a world that is as it was before each request."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rows = dict(world.store.rows)

    def rewind(self) -> None:
        """Make the world what it was at first."""
        self._world.store.rows = dict(self._rows)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        path = str(environ["REQUEST_URI"]).partition("?")[0]
        resource = _resource_of(path)
        if resource is None:
            return Response("{}", 404, content_type="application/problem+json")(environ, start_response)
        self.rewind()
        reply = Browser(self._world).call(
            request.method,
            path,
            resource=resource,
            query=request.query_string.decode("latin-1"),
            body=request.get_data(),
            headers=dict(request.headers.items()),
            content_type=None,
        )
        response = Response(reply.text, reply.status)
        response.headers.remove("Content-Type")
        response.headers.extend(reply.headers)
        return response(environ, start_response)


def _resource_of(path: str) -> str | None:
    """The route of a path whatever the method; literal segments first, as API Gateway reads them."""
    given = path.strip("/").split("/")
    fitting = [one.path for _, one in operations() if _fits(one.path.strip("/").split("/"), given)]
    return min(fitting, key=lambda route: route.count("{"), default=None)


def _fits(declared: list[str], given: list[str]) -> bool:
    return len(declared) == len(given) and all(
        (wanted.startswith("{") and bool(value)) or wanted == value
        for wanted, value in zip(declared, given, strict=True)
    )

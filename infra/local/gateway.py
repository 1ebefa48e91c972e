"""API Gateway on this laptop: the template's routes, full events, its refusals, and one log line without a path."""

import logging
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from infra.local import answers
from infra.local.events import rest_event
from infra.local.functions import Fleet
from infra.local.refusals import Refusals, filled
from infra.local.routes import Match, RouteTable
from infra.local.server import RAW_HEADERS, LoopbackServer
from infra.local.template import API, Template

LARGEST_BODY = 10 * 1024 * 1024
"""Bytes API Gateway takes at most."""

ACCESS_FORMAT = "$context.httpMethod $context.resourcePath $context.status $context.responseLatency ms"

log = logging.getLogger(__name__)


class GatewayRequest(Request):
    """A request whose body may not be larger than API Gateway's."""

    max_content_length = LARGEST_BODY
    max_form_memory_size = None


class Gateway:
    """Serves the API of one template. `after_answer` runs when a function has answered, before the caller knows."""

    def __init__(self, template: Template, *, port: int = 0, after_answer: Callable[[], None] = lambda: None) -> None:
        self._read(template)
        self._fleets: Mapping[str, Fleet] = {}
        self._after_answer = after_answer
        self._server = LoopbackServer(self, port=port)

    def _read(self, template: Template) -> None:
        api = next((template.properties(name) for name in template.resources_of(API)), {})
        self._refusals = Refusals(api)
        self._stage: str = api.get("StageName", "test")
        self._binary_types = [kind.replace("~1", "/") for kind in api.get("BinaryMediaTypes", [])]
        self._access_format: str = api.get("AccessLogSetting", {}).get("Format", ACCESS_FORMAT)
        self._routes = RouteTable(template.routes())

    @property
    def url(self) -> str:
        """Where people reach the service, without a trailing slash; known before it answers."""
        return self._server.url

    def start(self, fleets: Mapping[str, Fleet]) -> None:
        """Begin to answer with these functions."""
        self._fleets = fleets
        self._server.start()

    def stop(self) -> None:
        """Answer no more."""
        self._server.stop()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """One request, as WSGI brings it."""
        request, started = GatewayRequest(environ), time.perf_counter()
        path = str(environ.get("REQUEST_URI", request.path)).partition("?")[0]
        match = self._routes.find(request.method, path)
        context = {
            "requestId": str(uuid.uuid4()),
            "httpMethod": request.method,
            "resourcePath": match.route.path if match else "-",
        }
        response = self._answer(request, path, match, context)
        self._note(context, response, started)
        return response(environ, start_response)

    def _answer(self, request: Request, path: str, match: Match | None, context: dict[str, str]) -> Response:
        if match is None:
            return self._refusals.answer("MISSING_AUTHENTICATION_TOKEN", context)
        try:
            event = self._event(request, path, match)
        except RequestEntityTooLarge:
            return self._refusals.answer("REQUEST_TOO_LARGE", context)
        event["requestContext"]["requestId"] = context["requestId"]
        return self._call(match.route.function, event, request, context)

    def _event(self, request: Request, path: str, match: Match) -> dict[str, Any]:
        return rest_event(
            request.method,
            path,
            resource=match.route.path,
            path_parameters=match.path_parameters,
            query=request.query_string.decode("latin-1"),
            headers=self._headers(request),
            body=request.get_data(cache=False),
            binary_types=self._binary_types,
            source_ip=request.remote_addr or "127.0.0.1",
            domain=request.host,
            stage=self._stage,
        )

    @staticmethod
    def _headers(request: Request) -> list[tuple[str, str]]:
        """The lines as sent, and those API Gateway adds."""
        sent: list[tuple[str, str]] = request.environ.get(RAW_HEADERS) or list(request.headers.items())
        host, _, port = request.host.partition(":")
        added = {
            "X-Amzn-Trace-Id": f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]}",
            "X-Forwarded-For": request.remote_addr or host,
            "X-Forwarded-Port": port or "80",
            "X-Forwarded-Proto": "http",
        }
        return [line for line in sent if line[0].title() not in added] + list(added.items())

    def _call(self, function: str, event: Any, request: Request, context: dict[str, str]) -> Response:
        try:
            answer = self._fleets[function].call(event)
            accept = request.headers.get("Accept", "")
            return answers.response(answer, accept=accept, binary_types=self._binary_types)
        except Exception:  # Lambda reports any failure to API Gateway, which then answers by itself
            log.exception("%s failed on %s", function, context["resourcePath"])
            return self._refusals.answer("DEFAULT_5XX", context)
        finally:
            self._after_answer()

    def _note(self, context: dict[str, str], response: Response, started: float) -> None:
        """Write the template's access log line: the route, never the path, for a path may hold a token."""
        milliseconds = round((time.perf_counter() - started) * 1000)
        said = {**context, "status": response.status_code, "responseLatency": milliseconds}
        log.info(filled(self._access_format, said, missing="-"))

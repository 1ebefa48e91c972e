"""The front desk: each request goes to the API, to a page or to the control, and injected faults are played here."""

import re
import socket
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from infra.local.card_provider import api, pages
from infra.local.card_provider.control import VERBS, Control
from infra.local.card_provider.ledger import Ledger
from infra.local.card_provider.refusals import Json, Refused, unavailable
from infra.local.card_provider.wire import json_response

CARD_PAGE = re.compile(r"/c/pay/([^/]+)")
BANK_PAGE = re.compile(r"/c/authenticate/([^/]+)/([^/]+)")
MAX_BODY = 1_000_000


class LocalRequest(Request):
    """A request to this machine, by this machine's name: a page elsewhere cannot reach us by a name of its own."""

    trusted_hosts = ["127.0.0.1", "localhost"]  # noqa: RUF012 - the attribute werkzeug declares
    max_content_length = MAX_BODY


class App:
    """The WSGI application."""

    def __init__(self, ledger: Ledger, control: Control) -> None:
        self._ledger = ledger
        self._control = control

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request, or close the connection in its face if a test asked for that."""
        request = LocalRequest(environ)
        try:
            response = self._respond(request)
        except HTTPException as problem:
            response = problem.get_response(environ)
        self._maybe_drop(request)
        return response(environ, start_response)

    def _respond(self, request: Request) -> Response:
        request.host  # noqa: B018 - reading it refuses a host that is not ours
        if request.path.startswith("/_control/"):
            return self._command(request)
        failure = self._ledger.faults.take_call("fail", method=request.method, path=request.path)
        if failure:
            return json_response(unavailable(failure.status).body, failure.status)
        if request.path.startswith("/v1/"):
            return api.respond(self._ledger, request)
        return _hardened(self._page(request))

    def _page(self, request: Request) -> Response:
        if request.path == "/assets/card.css":
            return pages.stylesheet()
        if match := BANK_PAGE.fullmatch(request.path):
            return pages.bank_page(self._ledger, request, match[1], match[2])
        match = CARD_PAGE.fullmatch(request.path)
        return pages.card_page(self._ledger, request, match[1] if match else "")

    def _command(self, request: Request) -> Response:
        verb = request.path.removeprefix("/_control/")
        if request.method == "GET" and verb == "state":
            return json_response(self._control.state())
        if request.method != "POST" or verb not in VERBS:
            return _refusal("unknown verb", HTTPStatus.NOT_FOUND)
        if request.mimetype != "application/json":  # what a form on another site could not send
            return _refusal("application/json wanted", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        try:
            return json_response({"result": getattr(self._control, verb)(**_arguments(request))})
        except Refused as refused:
            return json_response(refused.body, refused.status)
        except ValidationError as unfit:
            return _refusal(str(unfit), HTTPStatus.UNPROCESSABLE_ENTITY)

    def _maybe_drop(self, request: Request) -> None:
        if self._ledger.faults.take_call("drop_response", method=request.method, path=request.path):
            request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionAbortedError("the response was dropped, as a test asked")


def _arguments(request: Request) -> Json:
    given = request.get_json() if request.get_data() else {}
    if not isinstance(given, dict):
        raise Refused("a JSON object wanted")
    return given


def _refusal(message: str, status: HTTPStatus) -> Response:
    return json_response(Refused(message).body, status)


def _hardened(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response

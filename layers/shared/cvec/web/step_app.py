"""One Chalice application per step: the signature of a view is its contract.

A view names what it takes: its path parameters, a `body` or `form` or `query` model, the caller's `session`, the raw
`request`. It returns a model, an `Answer`, or a Chalice Response. Refusals become problems here: an exception of a view
never reaches Chalice's middleware (aws/chalice#1884, #2056), so the public `route` is overridden. No Blueprints: they
would go round it.
"""

import inspect
from collections.abc import Callable, Mapping
from functools import partial, wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from chalice import Chalice, Response
from chalice.app import Request

from cvec.domain.errors import Refusal
from cvec.domain.idempotency import body_digest
from cvec.journal import count, flush, logger, report_fault
from cvec.ports import Tools
from cvec.texts import best_language
from cvec.web import idempotency
from cvec.web.answers import chalice_response, json_response, problem_response, unexpected_response
from cvec.web.background import Background
from cvec.web.callers import Caller, check_origin, session_of
from cvec.web.headers import with_security
from cvec.web.operations import Operation, operation_of
from cvec.web.preconditions import seen_version
from cvec.web.reading import read_body, read_fields, read_form


class StepApp(Chalice):  # type: ignore[misc]
    """The threshold of one step: HTTP routes, and the events it reacts to in the background."""

    def __init__(self, step: str, *, tools: Callable[[], Tools]) -> None:
        super().__init__(app_name=step, configure_logs=False)
        self.step = step
        self.tools = tools
        self.operations: list[Operation] = []
        self.background = Background()
        self.register_middleware(self._finish, "http")

    def route(self, path: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare a route: `methods`, `who` may call it, the `status` of success, the `refusals` it may answer."""
        who: Caller = options.pop("who")
        status: HTTPStatus = options.pop("status", HTTPStatus.OK)
        refusals: tuple[type[Refusal], ...] = options.pop("refusals", ())
        again: Callable[..., Any] | None = options.pop("again", None)
        methods: list[str] = options.pop("methods")

        def declare(view: Callable[..., Any]) -> Callable[..., Any]:
            operation = operation_of(
                view, path=path, methods=methods, who=who, status=status, refusals=refusals, again=again
            )
            self.operations.append(operation)
            content = [operation.content_type] if operation.content_type else ["*/*"]
            register = super(StepApp, self).route(
                path, methods=methods, content_types=content, name=f"{view.__name__}_{len(self.operations)}"
            )
            register(self._guarded(view, operation))
            return view

        return declare

    def get(self, path: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """A route that reads."""
        return self.route(path, methods=["GET"], **options)

    def post(self, path: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """A route that makes something."""
        return self.route(path, methods=["POST"], **options)

    def put(self, path: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """A route that sets something; sending it twice is the same."""
        return self.route(path, methods=["PUT"], **options)

    def delete(self, path: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """A route that ends something; sending it twice is the same."""
        return self.route(path, methods=["DELETE"], **options)

    def __call__(self, event: Any, context: Any) -> Any:
        """Answer whatever wakes the function up: a request, a batch of a stream or queue, a schedule."""
        try:
            if self.background.takes(event):
                return self.background.run(event, context, step=self.step)
            return super().__call__(event, context)
        finally:
            flush()

    def _guarded(self, view: Callable[..., Any], operation: Operation) -> Callable[..., Any]:
        """The view, with its arguments read from the request and its refusals turned into problems."""

        @wraps(view)
        def guarded(**path_parameters: str) -> Response:
            request = self.current_request
            try:
                return self._answer(view, operation, request, path_parameters)
            except Refusal as refusal:
                logger(self.step).info("refused", extra={"code": refusal.code, "route": operation.path})
                count(refusal.code)
                return problem_response(refusal, language=language_of(request), request_id=request_id(request))
            except Exception as fault:  # noqa: BLE001 - the last wall: whatever happens gets an answer with a number
                report_fault(self.step, fault, at=operation.path)
                return unexpected_response(language=language_of(request), request_id=request_id(request))

        return guarded

    def _answer(
        self, view: Callable[..., Any], operation: Operation, request: Request, path: Mapping[str, str]
    ) -> Response:
        """What the view answers; what it answered before, if the request is repeated with its key."""
        arguments, subject = self._arguments(operation, request, path)

        def said_by(speaker: Callable[..., Any]) -> Response:
            taken = inspect.signature(speaker).parameters
            said = speaker(**{name: value for name, value in arguments.items() if name in taken})
            return said if isinstance(said, Response) else json_response(said, operation.status)

        key = request.headers.get(idempotency.HEADER) if operation.takes_key else None
        if key is None:
            return said_by(view)
        return idempotency.once(
            key,
            subject=subject,
            request=body_digest(request.method, request.path, raw_body(request)),
            answer=partial(said_by, view),
            again=partial(said_by, operation.again) if operation.again else None,
            tools=self.tools(),
        )

    def _arguments(self, operation: Operation, request: Request, path: Mapping[str, str]) -> tuple[dict[str, Any], str]:
        """What the view's signature asks for, in the order of suspicion (origin, caller, content), and who asks."""
        if operation.who is not Caller.PROVIDER:
            check_origin(request.method, request.headers, site_url=self.tools().house.site_url)
        found: dict[str, Any] = {name: unquote(value) for name, value in path.items()}
        subject = "/".join(found.values())
        if operation.who in (Caller.DRAFT, Caller.STUDENT):
            session = session_of(operation.who, request.headers, tools=self.tools())
            found |= {"session": session} if operation.takes_session else {}
            subject = session.subject
        return found | self._content(operation, request), subject

    def _content(self, operation: Operation, request: Request) -> dict[str, Any]:
        """The body, form or query as the models of the view's signature."""
        content: dict[str, Any] = {"request": request} if operation.takes_request else {}
        if operation.takes_seen:
            content["seen"] = seen_version(request.headers)
        if operation.body:
            content["body"] = read_body(operation.body, raw_body(request))
        if operation.form:
            content["form"] = read_form(operation.form, raw_body(request))
        if operation.query:
            content["query"] = read_fields(operation.query, dict(request.query_params or {}))
        return content

    def _finish(self, request: Request, get_response: Callable[[Request], Response]) -> Response:
        """The outermost middleware: Chalice's own refusals become problems, and every answer gets our headers."""
        response = get_response(request)
        if isinstance(response.body, dict) and set(response.body) == {"Code", "Message"}:
            response = chalice_response(response, language=language_of(request), request_id=request_id(request))
        try:
            headers = with_security(response.headers, request_id(request))
        except ValueError as fault:
            report_fault(self.step, fault, at=str(request.context.get("resourcePath", "")))
            response = unexpected_response(language=language_of(request), request_id=request_id(request))
            headers = with_security(response.headers, request_id(request))
        response.headers = headers
        return response


def raw_body(request: Request) -> bytes:
    """The body's bytes as they were sent."""
    raw = request.raw_body
    return raw.encode() if isinstance(raw, str) else bytes(raw)


def language_of(request: Request) -> str:
    """The language of a page by its path, of anything else by the Accept-Language header."""
    first = str(request.context.get("resourcePath", "")).strip("/").partition("/")[0]
    return first if first in ("fr", "en") else best_language(request.headers.get("accept-language", ""))


def request_id(request: Request) -> str:
    """The number of the request, which logs and answers share."""
    return str(request.context.get("requestId", ""))

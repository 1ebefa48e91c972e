"""Calls the doors as API Gateway does, with full REST events, and keeps cookies as a browser does."""

import base64
import importlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from cvec import wiring
from cvec.web.callers import COOKIES, Caller
from cvec.web.operations import Operation
from cvec.web.step_app import StepApp

from infra.local.event_sources import Route
from infra.local.events import Event, LambdaContext, batch, queue_record, rest_event
from infra.local.routes import RouteTable
from tests.support.fakes import World

STEPS = ("register", "verify", "pay", "exempt", "certify", "notify", "inspect")
SITE = "https://cvec.example"
"""Where the fakes' service stands: what a browser on its pages says as Origin."""


@cache
def app_of(step: str) -> StepApp:
    """The application of a step, as its module makes it."""
    app = importlib.import_module(f"functions.{step}.app").app
    assert isinstance(app, StepApp)
    return app


def operations() -> list[tuple[str, Operation]]:
    """Every route of every step."""
    return [(step, one) for step in STEPS for one in app_of(step).operations]


@cache
def _routes() -> RouteTable:
    return RouteTable(Route(step, one.name, method, one.path) for step, one in operations() for method in one.methods)


@cache
def _steps_by_path() -> Mapping[str, str]:
    return {one.path: step for step, one in operations()}


@dataclass(frozen=True)
class Reply:
    """What came back: headers by their lower-case name, each with all its values."""

    status: int
    headers: Mapping[str, list[str]]
    text: str

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.text)

    @property
    def code(self) -> str:
        """The code of the problem that the body is."""
        assert self.header("content-type") == "application/problem+json", self.text
        return str(self.json["code"])

    def header(self, name: str) -> str:
        """One header's only value."""
        [value] = self.headers[name]
        return value


def reply_of(answer: Mapping[str, Any]) -> Reply:
    """A Lambda proxy answer, read as a client receives it."""
    gathered = {name.lower(): [str(value)] for name, value in (answer.get("headers") or {}).items()}
    many = {name.lower(): list(values) for name, values in (answer.get("multiValueHeaders") or {}).items()}
    text = answer.get("body") or ""
    if answer.get("isBase64Encoded"):
        text = base64.b64decode(text).decode()
    return Reply(int(answer["statusCode"]), gathered | many, text)


def invoke(step: str, event: Event) -> Any:
    """Wake a step up with an event; event and answer travel as JSON, as they do in Lambda."""
    answer = app_of(step)(json.loads(json.dumps(event)), LambdaContext(step))
    return json.loads(json.dumps(answer))


@dataclass
class Browser:
    """Somebody with cookies in front of a world. Refusals are answers; nothing is followed or tried again."""

    world: World
    cookies: dict[str, str] = field(default_factory=dict)
    language: str = ""

    def get(self, path: str, **options: Any) -> Reply:
        return self.call("GET", path, **options)

    def post(self, path: str, sent: Any = None, **options: Any) -> Reply:
        return self.call("POST", path, sent=sent, **options)

    def put(self, path: str, sent: Any = None, **options: Any) -> Reply:
        return self.call("PUT", path, sent=sent, **options)

    def delete(self, path: str, **options: Any) -> Reply:
        return self.call("DELETE", path, **options)

    def submit(self, path: str, **fields: str) -> Reply:
        """Post an HTML form."""
        body, kind = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        return self.call("POST", path, body=body, content_type=kind)

    def call(
        self,
        method: str,
        path: str,
        *,
        sent: Any = None,
        body: bytes | None = None,
        content_type: str | None = "application/json",
        headers: Mapping[str, str] | None = None,
        query: str = "",
        resource: str | None = None,
        is_binary: bool = False,
    ) -> Reply:
        """One request. `sent` is dumped as JSON unless `body` says the very bytes, in Base64 if `is_binary`.

        `resource` is only needed for a method that the route does not have.
        """
        raw = body if body is not None else b"" if sent is None else json.dumps(sent).encode()
        match = _routes().find(method, path)
        route = resource or (match.route.path if match else path)
        event = rest_event(
            method,
            path,
            resource=route,
            path_parameters=match.path_parameters if match else None,
            query=query,
            headers=self._headers(content_type if raw or body is not None else None, headers or {}),
            body=raw,
            binary_types=("*/*",) if is_binary else (),
        )
        wiring.use(self.world)
        reply = reply_of(invoke(_steps_by_path()[route], event))
        self._keep(reply.headers.get("set-cookie", []))
        return reply

    def take(self, who: Caller, value: str) -> None:
        """Hold a session that was opened elsewhere."""
        self.cookies[COOKIES[who]] = value

    def _headers(self, content_type: str | None, own: Mapping[str, str]) -> Iterable[tuple[str, str]]:
        lines = {"Accept-Language": self.language} if self.language else {}
        if self.cookies:
            lines["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if content_type:
            lines["Content-Type"] = content_type
        return {**lines, **own}.items()

    def _keep(self, lines: Iterable[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self.cookies[name]


def rows_event(*rows: Mapping[str, Any]) -> Event:
    """A batch of the stream of `records` that brings rows, by their plain fields."""
    from boto3.dynamodb.types import TypeSerializer

    from infra.local.events import row_record

    write = TypeSerializer().serialize
    items = [{name: write(value) for name, value in row.items()} for row in rows]
    return batch([row_record(item, sequence=number) for number, item in enumerate(items, start=1)])


def round_of(step: str, task: str) -> tuple[int, list[str]]:
    """Wake a step up as its schedule does: how many rows it looked at, and the codes of what stopped some."""
    done = invoke(step, {"task": task})
    return done["looked_at"], done["stopped_by"]


def messages_event(*bodies: str) -> Event:
    """A batch of a queue."""
    arn = "arn:aws:sqs:eu-west-3:123456789012:card-notifications"
    return batch([queue_record({"MessageId": f"m{n}", "Body": body}, arn) for n, body in enumerate(bodies, start=1)])

"""What a route promises, read from its view's signature: the source of parsing, of OpenAPI and of the house tests."""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, get_type_hints

from pydantic import BaseModel

from cvec.domain.errors import Refusal
from cvec.web.callers import Caller

_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True)
class Operation:
    """One view at one path. `refusals` are those its docstring says it raises."""

    name: str
    summary: str
    path: str
    methods: tuple[str, ...]
    who: Caller
    status: HTTPStatus
    path_parameters: tuple[str, ...]
    body: type[BaseModel] | None
    form: type[BaseModel] | None
    query: type[BaseModel] | None
    answer: Any
    takes_session: bool
    takes_request: bool
    takes_seen: bool
    """Whether an If-Match is honoured: the version that the sender last saw."""
    refusals: tuple[type[Refusal], ...]
    again: Callable[..., Any] | None
    """The view that answers a repeated request, where the first answer holds what must not be kept (a link's token)."""

    @property
    def content_type(self) -> str | None:
        """The content type the route takes, if it takes any."""
        return _JSON if self.body else _FORM if self.form else None

    @property
    def takes_key(self) -> bool:
        """Whether an Idempotency-Key is honoured: whatever makes something for somebody we can tell from others.

        Not where nobody is known yet (a first draft, a sign-in, a link asked for): a key alone would open to whoever
        guesses it what another has asked for.
        """
        is_known = self.who in (Caller.DRAFT, Caller.STUDENT)
        is_known = is_known or (self.who is Caller.ANYONE and bool(self.path_parameters))
        return "POST" in self.methods and is_known and not self.is_page

    @property
    def is_page(self) -> bool:
        """A page for people, not part of the API's contract."""
        return not self.path.startswith("/api/")


def operation_of(
    view: Callable[..., Any],
    *,
    path: str,
    methods: list[str],
    who: Caller,
    status: HTTPStatus,
    refusals: tuple[type[Refusal], ...],
    again: Callable[..., Any] | None = None,
) -> Operation:
    """Read a view. Raises TypeError where its parameters and its path disagree."""
    types = get_type_hints(view)
    parameters = tuple(inspect.signature(view).parameters)
    in_path = tuple(re.findall(r"{(\w+)}", path))
    known = {"body", "form", "query", "session", "request", "seen", *in_path}
    if not set(in_path) <= set(parameters) <= known:
        raise TypeError(f"{view.__name__} must take {in_path} and some of body, form, query, session, request, seen")
    return Operation(
        name=view.__name__,
        summary=(inspect.getdoc(view) or "").partition("\n")[0],
        path=path,
        methods=tuple(methods),
        who=who,
        status=status,
        path_parameters=in_path,
        body=types.get("body"),
        form=types.get("form"),
        query=types.get("query"),
        answer=types.get("return"),
        takes_session="session" in parameters,
        takes_request="request" in parameters,
        takes_seen="seen" in parameters,
        refusals=refusals,
        again=again,
    )

"""What a view may return, and how it travels."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from chalice import Response
from pydantic import BaseModel, TypeAdapter

from cvec.domain import errors
from cvec.domain.errors import Refusal
from cvec.web.problems import CONTENT_TYPE, problem, problem_text, status_of, unexpected_problem

_CHALICE_REFUSALS: Mapping[int, type[Refusal]] = {
    400: errors.UnreadableBody,
    404: errors.UnknownRoute,
    405: errors.WrongMethod,
    415: errors.UnsupportedContent,
}


@dataclass(frozen=True)
class Answer:
    """A model with headers or cookies of its own."""

    content: BaseModel | list[BaseModel] | None
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()


def json_response(answer: object, status: HTTPStatus) -> Response:
    """A model, a list of models, or an Answer, as JSON; nothing, as 204."""
    wrapped = answer if isinstance(answer, Answer) else Answer(answer)  # type: ignore[arg-type]
    headers: dict[str, str | list[str]] = {"Content-Type": "application/json", **wrapped.headers}
    if wrapped.cookies:
        headers["Set-Cookie"] = list(wrapped.cookies)
    if wrapped.content is None:
        headers.pop("Content-Type")
        return Response(body="", status_code=int(HTTPStatus.NO_CONTENT), headers=headers)
    body = TypeAdapter(object).dump_json(wrapped.content)
    return Response(body=body.decode(), status_code=int(status), headers=headers)


def problem_response(refusal: Refusal, *, language: str, request_id: str) -> Response:
    """A refusal, as a problem; with how long to wait, where that is known."""
    said = problem(refusal, language=language, request_id=request_id)
    wait = refusal.details.get("retry_after")
    headers = _problem_headers(language) | ({"Retry-After": str(wait)} if wait else {})
    return Response(body=problem_text(said), status_code=int(status_of(type(refusal))), headers=headers)


def unexpected_response(*, language: str, request_id: str) -> Response:
    """A fault of ours, as a problem with the number of the request and nothing else."""
    said = unexpected_problem(language=language, request_id=request_id)
    return Response(body=problem_text(said), status_code=500, headers=_problem_headers(language))


def chalice_response(theirs: Response, *, language: str, request_id: str) -> Response:
    """What Chalice refuses by itself, said our way; a 405 keeps its Allow (RFC 9110, 15.5.6)."""
    refusal = _CHALICE_REFUSALS.get(theirs.status_code)
    if refusal is None:
        return unexpected_response(language=language, request_id=request_id)
    ours = problem_response(refusal(), language=language, request_id=request_id)
    ours.headers |= {name: value for name, value in theirs.headers.items() if name == "Allow"}
    return ours


def _problem_headers(language: str) -> dict[str, str]:
    return {"Content-Type": CONTENT_TYPE, "Content-Language": language}

"""Every refusal as application/problem+json (RFC 9457): what happened, and a way out, in the reader's language."""

import json
from http import HTTPStatus
from typing import Any

from cvec.domain import errors
from cvec.domain.errors import Refusal
from cvec.texts import text

CONTENT_TYPE = "application/problem+json"

STATUSES: dict[type[Refusal], HTTPStatus] = {
    errors.Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnreadableBody: HTTPStatus.BAD_REQUEST,
    errors.ForgedNotification: HTTPStatus.BAD_REQUEST,
    errors.UnsupportedContent: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.WrongMethod: HTTPStatus.METHOD_NOT_ALLOWED,
    errors.Unauthenticated: HTTPStatus.UNAUTHORIZED,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.Unknown: HTTPStatus.NOT_FOUND,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.Gone: HTTPStatus.GONE,
    errors.TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The status of a family, and of the leaves that differ from theirs; the nearest ancestor decides."""

UNEXPECTED = "unexpected"


def status_of(refusal: type[Refusal]) -> HTTPStatus:
    """The HTTP status of a refusal.

    >>> status_of(errors.WrongCode), status_of(errors.TooLarge)
    (<HTTPStatus.UNPROCESSABLE_ENTITY: 422>, <HTTPStatus.REQUEST_ENTITY_TOO_LARGE: 413>)
    """
    return next(STATUSES[ancestor] for ancestor in refusal.__mro__ if ancestor in STATUSES)


def problem(refusal: Refusal, *, language: str, request_id: str) -> dict[str, Any]:
    """The problem that a refusal is, in a language."""
    fields = [{"field": one.field, "code": one.code} for one in refusal.fields]
    return {
        **_said(refusal.code, status_of(type(refusal)), language, request_id, **refusal.details),
        **({"errors": fields} if fields else {}),
        **refusal.details,
    }


def unexpected_problem(*, language: str, request_id: str) -> dict[str, Any]:
    """The problem that a fault of ours is: only the request's number, by which the log is found."""
    return _said(UNEXPECTED, HTTPStatus.INTERNAL_SERVER_ERROR, language, request_id)


def _said(code: str, status: HTTPStatus, language: str, request_id: str, **words: str | int) -> dict[str, Any]:
    href = text(language, f"error.{code}.href")
    remedy = {"text": text(language, f"error.{code}.remedy", **words)}
    return {
        "type": f"urn:cvec:problem:{code}",
        "title": text(language, f"error.{code}.title"),
        "status": int(status),
        "detail": text(language, f"error.{code}.detail", **words),
        "code": code,
        "remedy": {**remedy, "href": href} if href else remedy,
        "request_id": request_id,
    }


def problem_text(body: dict[str, Any]) -> str:
    """The problem as it travels."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))

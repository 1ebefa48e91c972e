"""What a function answers to a REST proxy event, turned into an HTTP answer, or refused when it is malformed."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

from infra.local.events import is_binary

ALLOWED = {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}


class MalformedAnswerError(Exception):
    """API Gateway would not understand this answer; it would send its own 502."""


def response(answer: Any, *, accept: str = "", binary_types: Sequence[str] = ()) -> Response:
    """The HTTP answer. Raises MalformedAnswerError.

    Base64 is decoded only when the API declares binary types and the caller accepts one, as on AWS.
    """
    if not isinstance(answer, dict) or not answer.keys() <= ALLOWED:
        raise MalformedAnswerError("an answer holds statusCode, headers, multiValueHeaders, body, isBase64Encoded")
    body = _body(answer, is_decoded=is_binary(accept.partition(",")[0], binary_types))
    made = Response(body, status=_status(answer.get("statusCode")), headers=_headers(answer))
    made.autocorrect_location_header = False
    return made


def _status(given: Any) -> int:
    if isinstance(given, bool) or not str(given).isdigit() or not 100 <= int(given) <= 599:
        raise MalformedAnswerError(f"statusCode is {given!r}")
    return int(given)


def _body(answer: Mapping[str, Any], *, is_decoded: bool) -> bytes:
    body = answer.get("body") or ""
    if not isinstance(body, str):
        raise MalformedAnswerError("the body is not text")
    if answer.get("isBase64Encoded") and is_decoded:
        return base64.b64decode(body)
    return body.encode("utf-8")


def _headers(answer: Mapping[str, Any]) -> Headers:
    """Both kinds of headers together; a name in both counts once, as it stands in `multiValueHeaders`."""
    many = answer.get("multiValueHeaders") or {}
    single = answer.get("headers") or {}
    repeated = {name.lower() for name in many}
    headers = Headers({"Content-Type": "application/json"})
    lines = [(name, value) for name, value in single.items() if name.lower() not in repeated]
    lines += [(name, value) for name, values in many.items() for value in values]
    for name in {name for name, _ in lines}:
        headers.remove(name)
    for name, value in lines:
        headers.add(name, str(value))
    return headers

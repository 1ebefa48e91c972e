"""The answers that API Gateway gives by itself, as the template's GatewayResponses write them."""

import json
import re
from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

AWS_STATUS = {
    "MISSING_AUTHENTICATION_TOKEN": 403,
    "REQUEST_TOO_LARGE": 413,
    "THROTTLED": 429,
    "DEFAULT_4XX": 400,
    "DEFAULT_5XX": 502,
}
"""Statuses AWS uses unless the template says otherwise; 502 is what a failed function gives."""

AWS_TEMPLATE = '{"message":$context.error.messageString}'

_VARIABLE = re.compile(r"\$context\.([A-Za-z.]+)")


def filled(text: str, context: Mapping[str, Any], missing: str = "") -> str:
    """A template with its `$context` variables put in.

    >>> filled('{"id":"$context.requestId"}', {"requestId": "7"})
    '{"id":"7"}'
    """
    return _VARIABLE.sub(lambda found: str(context.get(found[1], missing)), text)


def unquoted(value: str) -> str:
    """A static header value, which SAM wants between quotes, a quote inside doubled.

    >>> unquoted("'default-src ''none'''")
    "default-src 'none'"
    """
    return value[1:-1].replace("''", "'") if value.startswith("'") else value


class Refusals:
    """Renders the gateway's own answers from the API's properties."""

    def __init__(self, api: Mapping[str, Any]) -> None:
        self._declared: Mapping[str, Any] = api.get("GatewayResponses", {})

    def answer(self, kind: str, context: Mapping[str, Any]) -> Response:
        """The answer of that type; its family's when the template does not name it, AWS's own when neither."""
        family = "DEFAULT_5XX" if AWS_STATUS[kind] >= 500 else "DEFAULT_4XX"
        declared = self._declared.get(kind, self._declared.get(family, {}))
        templates = declared.get("ResponseTemplates", {"application/json": AWS_TEMPLATE})
        [(media_type, template)] = list(templates.items())[:1]
        said = {"error.responseType": kind, "error.messageString": json.dumps(kind), **context}
        return Response(
            filled(template, said),
            status=int(declared.get("StatusCode", AWS_STATUS[kind])),
            headers={"Content-Type": media_type, **self._headers(declared)},
        )

    @staticmethod
    def _headers(declared: Mapping[str, Any]) -> dict[str, str]:
        wanted = declared.get("ResponseParameters", {}).get("Headers", {})
        return {name: unquoted(value) for name, value in wanted.items()}

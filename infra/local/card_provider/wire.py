"""Answers on the wire: JSON as Stripe writes it."""

import json
from collections.abc import Mapping

from werkzeug.wrappers import Response

from infra.local.card_provider.refusals import Json


def json_response(body: Json, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer that nothing may cache."""
    response = Response(json.dumps(body, indent=2), status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    response.headers.update(headers or {})
    return response

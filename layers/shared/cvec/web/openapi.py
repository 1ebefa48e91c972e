"""The contract of the API, as OpenAPI 3.1: made of the routes and their models, committed, compared by a test."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from cvec.domain.errors import (
    InvalidFields,
    KeyReused,
    Refusal,
    StillRunning,
    TooLarge,
    TryAgain,
    UnreadableBody,
    UnsupportedContent,
)
from cvec.domain.idempotency import MAX_KEY_LENGTH
from cvec.web.callers import COOKIES, Caller
from cvec.web.operations import Operation
from cvec.web.preconditions import HEADER
from cvec.web.problems import CONTENT_TYPE, status_of

_REF = "#/components/schemas/{model}"
_MISSING = {Caller.DRAFT: "no_registration", Caller.STUDENT: "not_signed_in"}


def contract(operations: Iterable[Operation], *, version: str) -> dict[str, Any]:
    """The whole document."""
    ours = sorted((one for one in operations if not one.is_page), key=lambda one: (one.path, one.methods))
    schemas = _schemas(ours)
    paths: dict[str, Any] = {}
    for operation in ours:
        for method in operation.methods:
            paths.setdefault(operation.path, {})[method.lower()] = _described(operation, method)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "CVEC certificate",
            "version": version,
            "description": "The yearly certificate of the contribution to student and campus life. "
            "Every refusal is application/problem+json (RFC 9457) with a stable code and a way out.",
        },
        "paths": paths,
        "components": {"schemas": {**schemas, "Problem": _PROBLEM}, "securitySchemes": _SECURITY},
    }


def _described(operation: Operation, method: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "responses": _responses(operation, method),
    }
    parameters = [*_path_parameters(operation), *_query_parameters(operation), *_key_parameter(operation)]
    parameters += _seen_parameter(operation)
    if parameters:
        described["parameters"] = parameters
    if operation.body:
        schema = {"$ref": _REF.format(model=operation.body.__name__)}
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if operation.who in COOKIES:
        described["security"] = [{operation.who.value: []}]
    return described


def _responses(operation: Operation, method: str) -> dict[str, Any]:
    codes: dict[HTTPStatus, list[str]] = {}
    for refusal in _refusals(operation):
        codes.setdefault(status_of(refusal), []).append(refusal.code)
    if operation.who in _MISSING:
        codes.setdefault(HTTPStatus.UNAUTHORIZED, []).append(_MISSING[operation.who])
    if method != "GET" and operation.who is not Caller.PROVIDER:
        codes.setdefault(HTTPStatus.FORBIDDEN, []).append("foreign_origin")
    problems = {
        str(int(status)): {
            "description": ", ".join(sorted(said)),
            "content": {CONTENT_TYPE: {"schema": {"$ref": _REF.format(model="Problem")}}},
        }
        for status, said in sorted(codes.items())
    }
    return {**_success(operation), **problems}


def _refusals(operation: Operation) -> list[type[Refusal]]:
    reading: list[type[Refusal]] = [UnreadableBody, UnsupportedContent, TooLarge] if operation.body else []
    reading += [KeyReused, StillRunning] if operation.takes_key else []
    if operation.body or operation.query or operation.takes_key:
        reading.append(InvalidFields)
    return [*operation.refusals, *reading, TryAgain]


def _success(operation: Operation) -> dict[str, Any]:
    if operation.status is HTTPStatus.NO_CONTENT or operation.answer in (None, type(None)):
        return {"204": {"description": "Done."}}
    model, is_list = _answer_model(operation.answer)
    schema: dict[str, Any] = {"$ref": _REF.format(model=model.__name__)} if model else {}
    schema = {"type": "array", "items": schema} if is_list else schema
    return {
        str(int(operation.status)): {
            "description": operation.summary,
            "content": {"application/json": {"schema": schema}},
        }
    }


def _answer_model(answer: Any) -> tuple[type[BaseModel] | None, bool]:
    """The model in `Model`, `list[Model]` or `Annotated[Answer, Model]`."""
    inner = getattr(answer, "__metadata__", None) or getattr(answer, "__args__", None) or (answer,)
    is_list = getattr(answer, "__origin__", None) in (list, tuple)
    model = inner[0]
    return (model if isinstance(model, type) and issubclass(model, BaseModel) else None), is_list


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    schemas = {name: {"type": "string", "examples": _EXAMPLES[name]} for name in operation.path_parameters}
    return [{"name": name, "in": "path", "required": True, "schema": schema} for name, schema in schemas.items()]


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    schema = operation.query.model_json_schema(ref_template=_REF)
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", []), "schema": one}
        for name, one in schema["properties"].items()
    ]


def _key_parameter(operation: Operation) -> list[dict[str, Any]]:
    if not operation.takes_key:
        return []
    schema = {"type": "string", "minLength": 1, "maxLength": MAX_KEY_LENGTH, "pattern": "^[!-~]+$"}
    said = "Repeat the request with the same key to get the same answer, for 30 days."
    return [{"name": "Idempotency-Key", "in": "header", "required": False, "description": said, "schema": schema}]


def _seen_parameter(operation: Operation) -> list[dict[str, Any]]:
    if not operation.takes_seen:
        return []
    said = "The version last seen: what another device changed since on this very screen is not overwritten (409)."
    return [{"name": HEADER, "in": "header", "required": False, "description": said, "schema": {"type": "string"}}]


def _schemas(operations: list[Operation]) -> dict[str, Any]:
    taken = {(model, "validation") for one in operations for model in (one.body, one.query) if model}
    given = {(model, "serialization") for one in operations if (model := _answer_model(one.answer)[0])}
    wanted = sorted(taken | given, key=lambda pair: (pair[0].__name__, pair[1]))
    _, document = models_json_schema(wanted, ref_template=_REF)  # type: ignore[arg-type]
    return dict(document.get("$defs", {}))


_EXAMPLES = {
    "session_id": ["0b1f6c9d2a734e58b1f6c9d2a734e580"],
    "token": ["q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA"],
    "year": ["2026-2027"],
    "number": ["CRE8DTGBLX70"],
    "payment": ["mfrggzdfmztwq2lkmfrggzdfmy"],
}
_SECURITY = {who.value: {"type": "apiKey", "in": "cookie", "name": cookie} for who, cookie in COOKIES.items()}
_PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "code", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "request_id": {"type": "string"},
        "remedy": {
            "type": "object",
            "required": ["text"],
            "properties": {"text": {"type": "string"}, "href": {"type": "string"}},
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code"],
                "properties": {"field": {"type": "string"}, "code": {"type": "string"}},
            },
        },
    },
}

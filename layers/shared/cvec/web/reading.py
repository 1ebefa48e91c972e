"""What was sent becomes a model, or a refusal that names each field."""

from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError

from cvec.domain.errors import FieldError, InvalidFields, TooLarge, UnreadableBody

M = TypeVar("M", bound=BaseModel)

MAX_BODY_BYTES = 64 * 1024
MAX_FORM_FIELDS = 200


def read_body(model: type[M], raw: bytes) -> M:
    """A JSON body. Raises TooLarge, UnreadableBody, InvalidFields."""
    if len(raw) > MAX_BODY_BYTES:
        raise TooLarge
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        raise _refused(error) from None


def read_form(model: type[M], raw: bytes) -> M:
    """An HTML form's body; empty fields count as absent. Raises TooLarge, UnreadableBody, InvalidFields."""
    if len(raw) > MAX_BODY_BYTES:
        raise TooLarge
    try:
        fields = parse_qsl(raw.decode("utf-8"), max_num_fields=MAX_FORM_FIELDS)
    except ValueError:
        raise UnreadableBody from None
    return read_fields(model, dict(fields))


def read_fields(model: type[M], fields: Mapping[str, str]) -> M:
    """A query string's or a form's fields. Raises InvalidFields."""
    try:
        return model.model_validate(dict(fields))
    except ValidationError as error:
        raise _refused(error) from None


def _refused(error: ValidationError) -> Exception:
    found = error.errors(include_url=False, include_context=True, include_input=False)
    if any(one["type"] == "json_invalid" for one in found):
        return UnreadableBody()
    return InvalidFields(*(_field_error(dict(one)) for one in found))


def _field_error(one: Mapping[str, Any]) -> FieldError:
    """Our own checks say a code; a model's check that ties fields together says which field it is about."""
    place = ".".join(str(part) for part in one["loc"])
    if one["type"] != "value_error":
        return FieldError(place or "body", one["type"])
    said = str(one["ctx"]["error"])
    return FieldError(place, said) if place else FieldError(said, "inconsistent")

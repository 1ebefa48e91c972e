"""Rows as DynamoDB items, and back. Absent values are not stored, so that items stay within one write unit."""

from functools import cache
from typing import Any, TypeVar

from cvec.adapters.places import KINDS, address, moment_text, shard
from cvec.domain.model import Row, Work

R = TypeVar("R", bound=Row)
Item = dict[str, Any]

_OURS = ("pk", "sk", "kind", "change", "due_shard", "due_at", "ttl")


def to_item(row: Row, change: str) -> Item:
    """The item of a row, with the id of the change that writes it and what the sweeps look for."""
    fields = {name: value for name, value in row.model_dump(mode="json").items() if value not in (None, [], {})}
    item = {**address(type(row), row.key), "kind": row.kind, "change": change, **fields, **_due(row)}
    if row.swept_at is not None:
        item["ttl"] = int(row.swept_at.timestamp())
    return _serialized(item)


def to_row(item: Item) -> Row:
    """The row of an item, whatever its kind."""
    fields = _plain(item)
    kind = KINDS[fields["kind"]]
    return kind.model_validate({name: value for name, value in fields.items() if name not in _OURS})


def change_of(item: Item) -> str | None:
    """The id of the change that wrote an item."""
    change = item.get("change")
    return str(change["S"]) if change else None


def key_item(kind: type[Row], key: tuple[str, ...]) -> Item:
    """The primary key of a row, as DynamoDB wants it."""
    return _serialized(address(kind, key))


def _due(row: Row) -> Item:
    if not isinstance(row, Work) or row.look_at is None:
        return {}
    place = address(type(row), row.key)
    return {"due_shard": shard(type(row), place["pk"]), "due_at": moment_text(row.look_at)}


def _serialized(item: dict[str, Any]) -> Item:
    serializer, _ = _codecs()
    return {name: serializer.serialize(value) for name, value in item.items()}


def _plain(item: Item) -> dict[str, Any]:
    _, deserializer = _codecs()
    return {name: deserializer.deserialize(value) for name, value in item.items()}


@cache
def _codecs() -> tuple[Any, Any]:
    from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

    return TypeSerializer(), TypeDeserializer()

"""Rows in DynamoDB: consistent reads by key, and commits that are all or nothing and recognise themselves.

A commit writes version n of each row where version n-1 is found. When the reply of a successful commit is lost and the
SDK sends it again, the second one finds version n already there: written by a change of the same id, so it succeeded.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from cvec.adapters.faults import translated
from cvec.adapters.items import Item, change_of, key_item, to_item, to_row
from cvec.adapters.places import PLACES, SHARDS, beginning, moment_text, shard
from cvec.domain.errors import Stale
from cvec.domain.history import Entry
from cvec.domain.model import Row, Work

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

R = TypeVar("R", bound=Row)
W = TypeVar("W", bound=Work)

_FIRST = "attribute_not_exists(pk)"
_FOLLOWING = "version = :before"


class DynamoStore:
    """The `Store` port on two tables. `on_fact` hears of every history entry that was committed."""

    def __init__(
        self,
        client: "Callable[[], DynamoDBClient]",
        *,
        tables: dict[str, str],
        new_change: Callable[[], str],
        on_fact: Callable[[Entry], None],
    ) -> None:
        self._client = client
        self._tables = tables
        self._new_change = new_change
        self._on_fact = on_fact

    def find(self, kind: type[R], *key: str) -> R | None:
        """The row as it is now, by a consistent read."""
        with translated():
            found = self._client().get_item(TableName=self._table(kind), Key=key_item(kind, key), ConsistentRead=True)
        return cast("R", to_row(found["Item"])) if "Item" in found else None

    def all(self, kind: type[R], *key: str) -> list[R]:
        """The rows whose key begins so, in the order of the rest: one consistent Query, page after page."""
        pk, sk = beginning(kind, key)
        with translated():
            pages = (
                self._client()
                .get_paginator("query")
                .paginate(
                    TableName=self._table(kind),
                    KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
                    ExpressionAttributeValues={":pk": {"S": pk}, ":sk": {"S": sk}},
                    ConsistentRead=True,
                )
            )
            return [cast("R", to_row(item)) for page in pages for item in page["Items"]]

    def due(self, kind: type[W], now: datetime) -> Iterable[W]:
        """The rows of a kind to look at by now. The index may lag, so each is read again and asked."""
        for key in self._due_keys(kind, now):
            with translated():
                found = self._client().get_item(TableName=self._table(kind), Key=key, ConsistentRead=True)
            row = cast("W", to_row(found["Item"])) if "Item" in found else None
            if row is not None and row.look_at is not None and row.look_at <= now:
                yield row

    def commit(self, *rows: Row, erase: Sequence[Row] = ()) -> None:
        """Write the rows and erase the others, all or nothing. Raises Stale, TryAgain."""
        change = self._new_change()
        acts = [self._put(row, change) for row in rows] + [self._delete(row) for row in erase]
        with translated():
            self._send(acts, change)
        for row in rows:
            if isinstance(row, Entry):
                self._on_fact(row)

    def _send(self, acts: list[dict[str, Any]], change: str) -> None:
        """One act alone costs half of a transaction of one; more go together."""
        from botocore.exceptions import ClientError

        try:
            if len(acts) == 1:
                self._send_alone(acts[0])
            else:
                self._client().transact_write_items(TransactItems=cast("Any", acts))
        except ClientError as error:
            if not _is_refused(error):
                raise
            if change not in _changes_found(error):
                raise Stale from None

    def _send_alone(self, act: dict[str, Any]) -> None:
        if "Put" in act:
            self._client().put_item(**act["Put"])
        else:
            self._client().delete_item(**act["Delete"])

    def _put(self, row: Row, change: str) -> dict[str, Any]:
        return {"Put": {"Item": to_item(row, change), **self._guard(type(row), row.version - 1)}}

    def _delete(self, row: Row) -> dict[str, Any]:
        return {"Delete": {"Key": key_item(type(row), row.key), **self._guard(type(row), row.version)}}

    def _guard(self, kind: type[Row], version: int) -> dict[str, Any]:
        condition: dict[str, Any] = (
            {"ConditionExpression": _FIRST}
            if version == 0
            else {
                "ConditionExpression": _FOLLOWING,
                "ExpressionAttributeValues": {":before": {"N": str(version)}},
            }
        )
        return {
            "TableName": self._table(kind),
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            **condition,
        }

    def _due_keys(self, kind: type[Work], now: datetime) -> Iterable[Item]:
        for number in range(SHARDS):
            with translated():
                pages = (
                    self._client()
                    .get_paginator("query")
                    .paginate(
                        TableName=self._table(kind),
                        IndexName="due",
                        KeyConditionExpression="due_shard = :shard AND due_at <= :now",
                        ExpressionAttributeValues={
                            ":shard": {"S": shard(kind, number=number)},
                            ":now": {"S": moment_text(now)},
                        },
                    )
                )
                keys = [{"pk": item["pk"], "sk": item["sk"]} for page in pages for item in page["Items"]]
            yield from keys

    def _table(self, kind: type[Row]) -> str:
        return self._tables[PLACES[kind].table]


def _is_refused(error: Any) -> bool:
    """A condition did not hold, or another transaction is at the same rows: read again, then decide again."""
    code = error.response["Error"]["Code"]
    if code == "TransactionCanceledException":
        reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
        return bool(reasons & {"ConditionalCheckFailed", "TransactionConflict"})
    return code in {"ConditionalCheckFailedException", "TransactionConflictException"}


def _changes_found(error: Any) -> set[str | None]:
    """The ids of the changes that wrote what stood in the way."""
    response = error.response
    items = [reason.get("Item") for reason in response.get("CancellationReasons", [])] + [response.get("Item")]
    return {change_of(item) for item in items if item}

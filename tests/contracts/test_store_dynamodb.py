"""What DynamoDB's store promises beyond the port: small items, lost replies recognised, faults by what to do."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cvec.adapters.items import key_item, to_item
from cvec.adapters.store import DynamoStore
from cvec.adapters.world import RealChance
from cvec.domain.accounts import Claim
from cvec.domain.errors import Stale, TryAgain
from cvec.domain.files import File
from cvec.domain.history import Entry
from cvec.domain.model import Row
from cvec.domain.payments import Payment
from cvec.domain.sessions import Session

from tests.contracts.dynamo import Cloud, Hook, Lay, answered, sent_twice, unanswered
from tests.contracts.row_parts import NOON, PERSON, YEAR
from tests.contracts.small_rows import entry, file, payment
from tests.contracts.stored_rows import FULL

pytest_plugins = ["tests.contracts.dynamo"]

WRITE_UNIT = 1024


@pytest.mark.parametrize("row", FULL, ids=lambda row: row.kind)
def test_a_row_as_in_life_fits_one_write_unit(row: Row, record_property: Callable[[str, object], None]) -> None:
    size = stored_bytes(to_item(row, RealChance().new_id()))
    record_property("bytes", size)
    assert size <= WRITE_UNIT


def stored_bytes(item: dict[str, Any]) -> int:
    """The size DynamoDB bills: names and values, numbers by two digits a byte, three for a list or map and one each."""
    return sum(len(name.encode()) + value_bytes(value) for name, value in item.items())


def value_bytes(value: dict[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return (len(content.strip("-").replace(".", "")) + 1) // 2 + 1
        case "M":
            return 3 + stored_bytes(content) + len(content)
        case "L":
            return 3 + sum(value_bytes(one) + 1 for one in content)
        case _:
            return 1


def test_absent_values_are_not_stored(cloud: Cloud, dynamo: DynamoStore) -> None:
    dynamo.commit(file())
    found = cloud.client.get_item(TableName=cloud.tables["records"], Key=key_item(File, file().key))["Item"]
    assert not {"study_city", "amount_cents", "look_at", "due_shard", "ttl"} & set(found)


def test_facts_are_heard_of_once_they_are_committed(cloud: Cloud, dynamo: DynamoStore) -> None:
    dynamo.commit(file(), entry(1))
    with pytest.raises(Stale):
        dynamo.commit(file(), entry(2))
    assert cloud.heard == [entry(1)]


FIRST_THEN_SECOND: dict[str, tuple[list[Row], list[Row]]] = {
    "one row": ([file()], []),
    "several rows": ([file(), payment(), entry(1)], []),
    "a row erased with one written": ([payment()], [Claim(of="ine", name="x", holder=("y",))]),
}


@pytest.mark.parametrize("case", FIRST_THEN_SECOND)
def test_a_commit_whose_reply_was_lost_recognises_itself(dynamo: DynamoStore, faults: Lay, case: str) -> None:
    rows, erased = FIRST_THEN_SECOND[case]
    for row in erased:
        dynamo.commit(row)
    faults("before-send.dynamodb", sent_twice)
    dynamo.commit(*rows, erase=erased)
    assert [dynamo.find(type(row), *row.key) for row in rows] == rows
    assert [dynamo.find(type(row), *row.key) for row in erased] == [None for _ in erased]


def test_the_following_version_recognises_itself_too(dynamo: DynamoStore, faults: Lay) -> None:
    dynamo.commit(file())
    faults("before-send.dynamodb", sent_twice)
    dynamo.commit(file().next())
    assert dynamo.find(File, PERSON, YEAR) == file().next()


def test_an_erasure_alone_leaves_no_trace_to_recognise_so_its_gesture_must_look_again(
    dynamo: DynamoStore, faults: Lay
) -> None:
    session = next(row for row in FULL if isinstance(row, Session))
    dynamo.commit(session)
    faults("before-send.dynamodb.DeleteItem", sent_twice)
    with pytest.raises(Stale):
        dynamo.commit(erase=[session])
    assert dynamo.find(Session, *session.key) is None


def test_another_writer_of_an_equal_row_is_still_stale(dynamo: DynamoStore) -> None:
    dynamo.commit(file())
    with pytest.raises(Stale):
        dynamo.commit(file())


THROTTLED = {"CancellationReasons": [{"Code": "None"}, {"Code": "ThrottlingError"}]}
CONFLICTED = {"CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict"}]}


@pytest.mark.parametrize(
    ("hook", "expected"),
    [
        (answered(400, "ProvisionedThroughputExceededException"), TryAgain),
        (answered(400, "ThrottlingException"), TryAgain),
        (answered(400, "RequestLimitExceeded"), TryAgain),
        (answered(500, "InternalServerError"), TryAgain),
        (answered(503, "ServiceUnavailable"), TryAgain),
        (answered(400, "TransactionInProgressException"), TryAgain),
        (answered(400, "TransactionCanceledException", **THROTTLED), TryAgain),
        (unanswered, TryAgain),
        (answered(400, "TransactionCanceledException", **CONFLICTED), Stale),
        (answered(400, "TransactionConflictException"), Stale),
        (answered(400, "AccessDeniedException"), ClientError),
        (answered(400, "ValidationException"), ClientError),
    ],
)
def test_each_fault_of_the_storage_says_what_to_do_about_it(
    dynamo: DynamoStore, faults: Lay, hook: Hook, expected: type[Exception]
) -> None:
    faults("before-send.dynamodb", hook)
    with pytest.raises(expected):
        dynamo.commit(file(), payment())


def test_reading_says_try_again_as_well(dynamo: DynamoStore, faults: Lay) -> None:
    faults("before-send.dynamodb", answered(400, "ThrottlingException"))
    for read in (
        lambda: dynamo.find(File, PERSON, YEAR),
        lambda: dynamo.all(Entry, PERSON),
        lambda: list(dynamo.due(Payment, NOON)),
    ):
        with pytest.raises(TryAgain):
            read()


def test_an_index_that_lags_behind_brings_nothing_that_is_done(cloud: Cloud, dynamo: DynamoStore, faults: Lay) -> None:
    done = payment(look_at=None)
    dynamo.commit(done)

    def lagging(parsed: dict[str, Any], **_: Any) -> None:
        parsed["Items"] = [key_item(Payment, done.key), key_item(Payment, ("gone",))]

    faults("after-call.dynamodb.Query", lagging)
    assert list(dynamo.due(Payment, NOON)) == []


def test_reads_are_consistent_and_by_key(cloud: Cloud, dynamo: DynamoStore, faults: Lay) -> None:
    sent: list[dict[str, Any]] = []
    faults("before-send.dynamodb", lambda request, **_: sent.append(json.loads(request.body)))
    dynamo.find(File, PERSON, YEAR)
    dynamo.all(Entry, PERSON, YEAR)
    list(dynamo.due(Payment, NOON))
    assert set(cloud.asked) == {"GetItem", "Query"}
    assert all(one["ConsistentRead"] for one in sent if "IndexName" not in one)


def test_a_single_row_costs_no_transaction(cloud: Cloud, dynamo: DynamoStore) -> None:
    dynamo.commit(file())
    dynamo.commit(erase=[file()])
    assert cloud.asked == ["PutItem", "DeleteItem"]


def test_each_row_expires_where_it_is_swept_and_nowhere_else(cloud: Cloud, dynamo: DynamoStore) -> None:
    for row in FULL:
        assert to_item(row, "change").get("ttl") == (
            {"N": str(int(row.swept_at.timestamp()))} if row.swept_at else None
        )
    assert {row.kind for row in FULL if row.swept_at} == {
        "draft",
        "verification_code",
        "session",
        "one_use_link",
        "quota",
        "mail",
        "answered",
        "payment_link",
        "draft_mailbox",
        "known_device",
    }

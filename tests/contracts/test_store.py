"""The Store port, as promised: one suite for the store in memory and for DynamoDB's."""

from datetime import timedelta

import pytest
from cvec.adapters.places import KINDS
from cvec.domain.accounts import Account, Person
from cvec.domain.errors import Stale
from cvec.domain.files import File
from cvec.domain.history import Entry
from cvec.domain.mails import Mail, Template
from cvec.domain.model import Row
from cvec.domain.payments import Payment
from cvec.domain.refunds import Refund, RefundReason
from cvec.ports import Store

from tests.contracts.bare_rows import BARE
from tests.contracts.row_parts import NOON, OTHER, PERSON, YEAR
from tests.contracts.small_rows import entry, file, payment, refund
from tests.contracts.stored_rows import FULL
from tests.support.fakes import MemoryStore

pytest_plugins = ["tests.contracts.dynamo"]


@pytest.fixture(params=["memory", "dynamo"])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = MemoryStore() if request.param == "memory" else request.getfixturevalue("dynamo")
    return found


def test_the_examples_hold_every_kind_and_the_full_ones_every_field() -> None:
    assert {type(row) for row in FULL} == {type(row) for row in BARE} == set(KINDS.values())
    empty = [
        (row.kind, field)
        for row in FULL
        for field in type(row).model_fields
        if getattr(row, field) in (None, (), {}, 0)
    ]
    assert empty == []


@pytest.mark.parametrize("row", [*FULL, *BARE], ids=lambda row: row.kind)
def test_a_row_comes_back_as_it_was_written(store: Store, row: Row) -> None:
    store.commit(row)
    assert store.find(type(row), *row.key) == row


def test_what_was_never_written_is_not_found(store: Store) -> None:
    assert store.find(Person, "nobody") is None
    assert store.all(Entry, "nobody") == []


def test_the_rows_of_a_kind_come_in_the_order_of_their_keys(store: Store) -> None:
    for position in (10, 2, 1, 9):
        store.commit(entry(position))
    assert [one.position for one in store.all(Entry, PERSON, YEAR)] == [1, 2, 9, 10]


def test_a_key_begins_whole_part_by_whole_part(store: Store) -> None:
    store.commit(entry(1, chain="2026-2027"), entry(1, chain="2025-2026"), entry(1, chain="account"))
    store.commit(refund(RefundReason.LATE), refund(RefundReason.AGENT), payment())
    store.commit(refund(RefundReason.LATE, name=OTHER + "x"))
    assert {one.chain for one in store.all(Entry, PERSON)} == {"2025-2026", "2026-2027", "account"}
    assert [one.chain for one in store.all(Entry, PERSON, "2025-2026")] == ["2025-2026"]
    assert [one.reason for one in store.all(Refund, OTHER)] == [RefundReason.AGENT, RefundReason.LATE]


def test_more_rows_than_a_page_of_a_query_holds_all_come(store: Store) -> None:
    words = {str(number): "x" * 7_000 for number in range(50)}
    for position in range(1, 6):
        store.commit(entry(position).model_copy(update={"about": words}))
    assert [one.position for one in store.all(Entry, PERSON, YEAR)] == [1, 2, 3, 4, 5]


def test_each_version_follows_the_one_before_it(store: Store) -> None:
    first = file()
    store.commit(first)
    second = first.next(amount_cents=10_500)
    store.commit(second)
    assert store.find(File, *first.key) == second
    for late in (first, second, first.next(amount_cents=1), second.next().next()):
        with pytest.raises(Stale):
            store.commit(late)
    assert store.find(File, *first.key) == second


def test_a_second_version_without_a_first_is_stale(store: Store) -> None:
    with pytest.raises(Stale):
        store.commit(file().next())


@pytest.mark.parametrize("stale_at", [0, 1, 2])
def test_a_commit_is_all_or_nothing(store: Store, stale_at: int) -> None:
    store.commit(file())
    rows: list[Row] = [payment(), entry(1)]
    rows.insert(stale_at, file())
    with pytest.raises(Stale):
        store.commit(*rows)
    assert store.find(Payment, OTHER) is None
    assert store.all(Entry, PERSON, YEAR) == []


def test_a_row_is_erased_only_as_it_was_read(store: Store) -> None:
    first = file()
    store.commit(first)
    second = first.next()
    store.commit(second)
    with pytest.raises(Stale):
        store.commit(erase=[first])
    store.commit(erase=[second])
    assert store.find(File, *first.key) is None
    with pytest.raises(Stale):
        store.commit(erase=[second])


def test_a_stale_erasure_keeps_what_was_to_be_written(store: Store) -> None:
    store.commit(file())
    with pytest.raises(Stale):
        store.commit(payment(), erase=[file().next()])
    assert store.find(Payment, OTHER) is None
    store.commit(payment(), erase=[file()])
    assert (store.find(Payment, OTHER), store.find(File, PERSON, YEAR)) == (payment(), None)


def test_due_rows_are_those_whose_moment_has_come(store: Store) -> None:
    moments = {"past": NOON - timedelta(days=1), "now": NOON, "later": NOON + timedelta(microseconds=1), "never": None}
    for name, moment in moments.items():
        store.commit(payment(name, look_at=moment))
    store.commit(Mail(id="mail", template=Template.CODE, written_at=NOON, look_at=NOON))
    assert {one.id for one in store.due(Payment, NOON)} == {"past", "now"}
    assert [one.id for one in store.due(Mail, NOON)] == ["mail"]


def test_a_row_that_is_done_is_due_no_more(store: Store) -> None:
    first = payment(look_at=NOON)
    store.commit(first)
    store.commit(first.next(look_at=None))
    assert list(store.due(Payment, NOON)) == []


def test_every_shard_of_the_index_is_swept(store: Store) -> None:
    names = {f"payment{number}" for number in range(40)}
    for name in names:
        store.commit(payment(name, look_at=NOON))
    assert {one.id for one in store.due(Payment, NOON)} == names


def test_an_account_is_found_beside_its_person(store: Store) -> None:
    person, account = (next(row for row in FULL if isinstance(row, kind)) for kind in (Person, Account))
    store.commit(person, account)
    assert (store.find(Person, PERSON), store.find(Account, PERSON)) == (person, account)

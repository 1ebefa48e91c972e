"""Worlds for the proof: an indexed store that keeps watch over every write, a card network, students ready to pay."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import count
from typing import Any, TypeVar, cast

from cvec.domain.accounts import ACCOUNT, Account, Claim
from cvec.domain.certificates import CERTIFICATE, Certificate
from cvec.domain.files import FILE, File
from cvec.domain.history import Entry
from cvec.domain.lifecycle import Lifecycle
from cvec.domain.mails import MAIL, Mail
from cvec.domain.model import Row, Work
from cvec.domain.payment_links import LINK, PaymentLink
from cvec.domain.payments import PAYMENT, Payment
from cvec.domain.refunds import REFUND, Refund

from tests.proof.network import CardNetwork
from tests.support.fakes import FakeChance, FakeClock, MemoryStore, World, new_world
from tests.support.people import ready_to_pay

R = TypeVar("R", bound=Row)
W = TypeVar("W", bound=Work)

_LIVES: dict[type[Row], Lifecycle[Any]] = {
    Payment: PAYMENT,
    Refund: REFUND,
    Certificate: CERTIFICATE,
    PaymentLink: LINK,
    File: FILE,
    Mail: MAIL,
    Account: ACCOUNT,
}
_FOR_EVER: dict[type[Row], tuple[str, ...]] = {
    Payment: ("person_id", "year", "payer", "amount_cents", "page_expires_at", "started_at", "link"),
    Refund: ("amount_cents", "transaction", "person_id"),
    Certificate: ("number",),
    PaymentLink: ("offered_at", "amount_cents", "person_id", "id"),
}
"""What never changes once it is written."""


class WatchfulStore(MemoryStore):
    """The store in memory, indexed as DynamoDB's keys are, noting every write that no table or promise allows."""

    def __init__(self) -> None:
        super().__init__()
        self.trespasses: list[str] = []
        self._partitions: dict[tuple[type[Row], str], dict[tuple[str, ...], Row]] = defaultdict(dict)
        self._kinds: dict[type[Row], dict[tuple[str, ...], Row]] = defaultdict(dict)
        self._work: dict[type[Row], dict[tuple[str, ...], Row]] = defaultdict(dict)

    def all(self, kind: type[R], *key: str) -> list[R]:
        partition = self._partitions.get((kind, key[0]), {})
        found = [(at, row) for at, row in partition.items() if at[: len(key)] == key]
        return [cast("R", row) for _, row in sorted(found, key=lambda pair: pair[0])]

    def due(self, kind: type[W], now: datetime) -> Iterable[W]:
        rows = [cast("W", row) for row in self._work[kind].values()]
        return sorted((row for row in rows if row.look_at and row.look_at <= now), key=lambda row: str(row.look_at))

    def of(self, kind: type[R]) -> list[R]:
        return [cast("R", row) for row in self._kinds[kind].values()]

    def commit(self, *rows: Row, erase: Sequence[Row] = ()) -> None:
        before = {(type(row), row.key): self.rows.get((type(row), row.key)) for row in rows}
        super().commit(*rows, erase=erase)
        for row in rows:
            self._watch(before[type(row), row.key], row)
        self.adopt(rows)
        for row in erase:
            self._forget(row)

    def adopt(self, rows: Iterable[Row]) -> None:
        """Index rows, and hold them if they came from elsewhere."""
        for row in rows:
            kind, key = type(row), row.key
            self.rows[kind, key] = row
            self._partitions[kind, key[0]][key] = self._kinds[kind][key] = row
            if isinstance(row, Work) and row.look_at is not None:
                self._work[kind][key] = row
            else:
                self._work[kind].pop(key, None)

    def _forget(self, row: Row) -> None:
        kind, key = type(row), row.key
        for index in (self._partitions[kind, key[0]], self._kinds[kind], self._work[kind]):
            index.pop(key, None)
        if isinstance(row, Claim | Entry | Certificate | Payment | Refund):
            self.trespasses.append(f"{row.kind} {key} was erased, and is kept for ever")

    def _watch(self, before: Row | None, row: Row) -> None:
        if before is None:
            return
        if isinstance(row, Claim | Entry):
            self.trespasses.append(f"{row.kind} {row.key} was written over, and is kept for ever")
        for name in _FOR_EVER.get(type(row), ()):
            if getattr(before, name) != getattr(row, name):
                self.trespasses.append(f"{row.kind} {row.key}: {name} has changed, and never may")
        self._watch_life(before, row)

    def _watch_life(self, before: Row, row: Row) -> None:
        life = _LIVES.get(type(row))
        if life is None:
            return
        was, is_now = getattr(before, "state"), getattr(row, "state")  # noqa: B009 - rows with a lifecycle have a state
        if was != is_now and is_now not in {after for (state, _), after in life.moves.items() if state == was}:
            self.trespasses.append(f"{row.kind} {row.key} went from {was} to {is_now}, which no table allows")


@dataclass(frozen=True)
class ProofWorld(World):
    """A world whose store keeps watch and whose card network is played."""

    store: WatchfulStore
    cards: CardNetwork


def proof_world(students: int = 0) -> tuple[ProofWorld, list[str]]:
    """A world with so many students ready to pay, and their ids. They registered by the gestures themselves, once."""
    rows, ids, at, names = _registered(students)
    clock = FakeClock(at)
    made = new_world(clock=clock, store=WatchfulStore(), cards=CardNetwork(clock), chance=_chance_from(names))
    world = ProofWorld(**vars(made))
    world.store.adopt(rows)
    return world, list(ids)


def _chance_from(number: int) -> FakeChance:
    chance = FakeChance()
    chance._numbers = count(number)
    return chance


@cache
def _registered(students: int) -> tuple[tuple[Row, ...], tuple[str, ...], datetime, int]:
    world = new_world()
    ids = tuple(ready_to_pay(world, f"student{one}@example.org", f"{one:010d}V") for one in range(students))
    return tuple(world.store.rows.values()), ids, world.clock.at, next(world.chance._numbers)

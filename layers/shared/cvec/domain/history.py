"""The history of an account, a file, a document or a case: what happened, once, in order, for ever.

Each entry carries the digest of the one before, and whatever has a history carries that of its last entry: nothing
of it can be altered, dropped or swapped without `cvec audit verify` saying where. Replaying it gives the state.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Self

from pydantic import Field

from cvec.domain.facts import Fact
from cvec.domain.model import Row

ACCOUNT_CHAIN = "account"


class Entry(Row):
    """One fact of one chain: "account", an academic year, a document, a case. `position` counts from 1 without holes.

    `about` holds ids and amounts the fact needs (a payment, a refund, cents); never a name, an address or an INE.
    `previous` is the digest of the entry before, None for the first.
    """

    kind: ClassVar[str] = "fact"
    key_fields: ClassVar[tuple[str, ...]] = ("person_id", "chain", "position")
    person_id: str
    chain: str
    position: int
    name: Fact
    at: datetime
    actor: str
    about: dict[str, str | int] = Field(default_factory=dict)
    previous: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """The chain and the position, padded so that text order is the order of events."""
        return (self.person_id, self.chain, f"{self.position:06d}")

    @property
    def digest(self) -> str:
        """What the next entry carries: SHA-256 over everything said here, its own link to the past included."""
        said = json.dumps(self.model_dump(mode="json", exclude={"version"}), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()


class Chronicled(Row):
    """Something with a history: how many entries it has, and the digest of the last."""

    fact_count: int = 0
    last_entry: str | None = None

    @property
    def chronicle(self) -> tuple[str, str]:
        """The person and the chain of its history."""
        raise NotImplementedError

    def after(self, fact: Fact, **changes: Any) -> Self:
        """Itself once this fact has happened to it, without a word in its history: see `noted`."""
        raise NotImplementedError

    def noted(
        self, fact: Fact, *, at: datetime, actor: str, about: Mapping[str, str | int] | None = None, **changes: Any
    ) -> tuple[Self, Entry]:
        """Itself once this fact has happened to it, and the entry to be committed with it."""
        entry = self._entry(fact, at=at, actor=actor, about=about)
        return self.after(fact, fact_count=entry.position, last_entry=entry.digest, **changes), entry

    def begun(
        self, fact: Fact, *, at: datetime, actor: str, about: Mapping[str, str | int] | None = None
    ) -> tuple[Self, Entry]:
        """Itself, new, with the first entry of its history."""
        entry = self._entry(fact, at=at, actor=actor, about=about)
        return self.model_copy(update={"fact_count": entry.position, "last_entry": entry.digest}), entry

    def _entry(self, fact: Fact, *, at: datetime, actor: str, about: Mapping[str, str | int] | None) -> Entry:
        person_id, chain = self.chronicle
        return Entry(
            person_id=person_id,
            chain=chain,
            position=self.fact_count + 1,
            name=fact,
            at=at,
            actor=actor,
            about=dict(about or {}),
            previous=self.last_entry,
        )


def broken_at(entries: Sequence[Entry], owner: Chronicled) -> int | None:
    """The first position at which a history is not what was written, None where it is whole.

    `entries` are in the order of their positions; one past the end means that the last ones are missing.
    """
    previous: str | None = None
    for position, entry in enumerate(entries, start=1):
        if (entry.position, entry.previous) != (position, previous):
            return position
        previous = entry.digest
    if len(entries) != owner.fact_count:
        return min(len(entries), owner.fact_count) + 1
    return None if previous == owner.last_entry else len(entries)

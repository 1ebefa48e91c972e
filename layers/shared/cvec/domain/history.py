"""The history of an account or a file: what happened, once, in order, for ever. Replaying it gives the state."""

from datetime import datetime
from typing import ClassVar

from pydantic import Field

from cvec.domain.facts import Fact
from cvec.domain.model import Row

ACCOUNT_CHAIN = "account"


class Entry(Row):
    """One fact of one chain: "account", an academic year, or a document. `position` counts from 1 without holes.

    `about` holds ids and amounts the fact needs (a payment, a refund, cents); never a name, an address or an INE.
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

    @property
    def key(self) -> tuple[str, ...]:
        """The chain and the position, padded so that text order is the order of events."""
        return (self.person_id, self.chain, f"{self.position:06d}")

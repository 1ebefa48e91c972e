"""Which draft goes on from a mailbox: a registration is found again by the address that was confirmed for it."""

from datetime import datetime
from typing import ClassVar

from cvec.domain.model import Row


class DraftMailbox(Row):
    """The draft for which a mailbox was last confirmed. `name` is the keyed mailbox, never the address."""

    kind: ClassVar[str] = "draft_mailbox"
    key_fields: ClassVar[tuple[str, ...]] = ("name",)
    name: str
    draft: str
    ends_at: datetime

    @property
    def swept_at(self) -> datetime | None:
        """When storage may forget it."""
        return self.ends_at

"""How far something that is read bit by bit has been read."""

from datetime import datetime
from typing import ClassVar

from cvec.domain.model import Row


class Cursor(Row):
    """The moment up to which a named stream of events was read."""

    kind: ClassVar[str] = "cursor"
    key_fields: ClassVar[tuple[str, ...]] = ("name",)
    name: str
    read_until: datetime

"""Small rows for the Store's contracts, made from the barest examples."""

from typing import Any

from cvec.domain.files import File, FileState
from cvec.domain.history import Entry
from cvec.domain.payments import Payment
from cvec.domain.refunds import Refund, RefundReason

from tests.contracts.bare_rows import BARE
from tests.contracts.row_parts import NOON, OTHER, PERSON, YEAR


def payment(name: str = OTHER, **changes: Any) -> Payment:
    bare = next(row for row in BARE if isinstance(row, Payment))
    return bare.model_copy(update={"id": name, **changes})


def refund(reason: RefundReason, name: str = OTHER) -> Refund:
    bare = next(row for row in BARE if isinstance(row, Refund))
    return bare.model_copy(update={"payment_id": name, "reason": reason})


def entry(position: int, chain: str = YEAR) -> Entry:
    bare = next(row for row in BARE if isinstance(row, Entry))
    return bare.model_copy(update={"chain": chain, "position": position})


def file() -> File:
    return File(person_id=PERSON, year=YEAR, state=FileState.OPEN, opened_at=NOON)

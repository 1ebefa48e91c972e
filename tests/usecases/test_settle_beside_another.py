"""Two hear of one payment at the same moment: whatever each had read before the other wrote, it is settled once."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from cvec.domain.certificates import Certificate
from cvec.domain.files import File
from cvec.domain.model import Row
from cvec.domain.payments import Payment
from cvec.usecases import settle

from tests.support.fakes import MemoryStore, new_world
from tests.support.people import YEAR, at_the_page

R = TypeVar("R", bound=Row)


class OvertakenStore(MemoryStore):
    """Something happens just before the next read of a row of one kind, once."""

    def __init__(self) -> None:
        super().__init__()
        self.before: tuple[type[Row], Callable[[], object]] | None = None

    def find(self, kind: type[R], *key: str) -> R | None:
        if self.before and self.before[0] is kind:
            (_, act), self.before = self.before, None
            act()
        return super().find(kind, *key)


@pytest.mark.parametrize("kind", [Payment, File, Certificate])
def test_a_payment_settled_by_another_between_two_reads_is_settled_once(kind: type[Row]) -> None:
    world = new_world(store=(store := OvertakenStore()))
    person_id, offered = at_the_page(world)
    assert world.cards.pay(f"page-{offered.payment}")
    store.before = (kind, lambda: settle.sync(offered.payment, tools=world))
    assert not settle.sync(offered.payment, tools=world).is_open
    assert store.before is None
    assert world.store.facts(person_id, YEAR).count("payment_applied") == 1
    assert [certificate.edition for certificate in world.store.of(Certificate)] == [1]

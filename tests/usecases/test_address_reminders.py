"""Which address did I use? A mail to it when number and birth date agree, and for everybody else the same silence."""

from datetime import date

import pytest
from cvec.domain.errors import TooManyReminders
from cvec.domain.mails import Mail, Template
from cvec.domain.model import Row
from cvec.usecases.address_reminders import remind_address

from tests.support.crowd import outcome
from tests.support.fakes import MemoryStore, World, new_world
from tests.support.people import EMAIL, INE, with_password

BORN, ANOTHER_DAY, UNKNOWN_INE = date(1998, 5, 23), date(1998, 5, 24), "223120671JH"


def reminders(world: World) -> list[str | None]:
    return [mail.to for mail in world.store.of(Mail) if mail.template is Template.ADDRESS_REMINDER]


def test_the_address_is_mailed_to_itself() -> None:
    world = new_world()
    with_password(world)
    remind_address(INE, BORN, tools=world)
    assert reminders(world) == [EMAIL]


@pytest.mark.parametrize(("ine", "born"), [(INE, ANOTHER_DAY), (UNKNOWN_INE, BORN)])
def test_a_number_or_a_date_alone_mails_nobody(ine: str, born: date) -> None:
    world = new_world()
    with_password(world)
    remind_address(ine, born, tools=world)
    assert reminders(world) == []


@pytest.mark.parametrize("ine", [INE, UNKNOWN_INE])
def test_a_number_is_asked_about_five_times_a_day_known_or_not(ine: str) -> None:
    world = new_world()
    with_password(world)
    outcomes = []
    for _ in range(7):
        outcomes.append(outcome(remind_address, ine, BORN, tools=world))
        world.clock.advance(minutes=1)
    assert outcomes == ["done"] * 5 + ["too_many_reminders"] * 2
    assert len(reminders(world)) == (5 if ine == INE else 0)


def test_a_second_request_within_the_minute_waits() -> None:
    world = new_world()
    remind_address(UNKNOWN_INE, BORN, tools=world)
    with pytest.raises(TooManyReminders):
        remind_address(UNKNOWN_INE, BORN, tools=world)


class CountedStore(MemoryStore):
    """Counts what is asked of it."""

    finds = commits = 0

    def find(self, kind: type[Row], *key: str) -> Row | None:  # type: ignore[override]
        self.finds += 1
        return super().find(kind, *key)

    def commit(self, *rows: Row, erase: object = ()) -> None:
        self.commits += 1
        super().commit(*rows, erase=list(erase))  # type: ignore[call-overload]


@pytest.mark.parametrize(("ine", "born"), [(INE, ANOTHER_DAY), (UNKNOWN_INE, BORN)])
def test_known_and_unknown_cost_the_same_work(ine: str, born: date) -> None:
    work = []
    for asked in ((INE, BORN), (ine, born)):
        store = CountedStore()
        world = new_world(store=store)
        with_password(world)
        before = (store.finds, store.commits, store.writes)
        remind_address(*asked, tools=world)
        work.append(
            [after - was for after, was in zip((store.finds, store.commits, store.writes), before, strict=True)]
        )
    assert work[0] == work[1]

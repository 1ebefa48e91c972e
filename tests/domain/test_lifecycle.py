"""A table of moves is a guard, a replay and a drawing; this is how it reads."""

from enum import StrEnum

import pytest
from cvec.domain.facts import Fact
from cvec.domain.lifecycle import ImpossibleMove, Lifecycle


class Lamp(StrEnum):
    OFF = "off"
    ON = "on"
    BROKEN = "broken"


LAMP = Lifecycle(
    "lamp",
    births={Fact.FILE_OPENED: Lamp.OFF},
    moves={
        (Lamp.OFF, Fact.PAYMENT_STARTED): Lamp.ON,
        (Lamp.ON, Fact.PAYMENT_CANCELLED): Lamp.OFF,
        (Lamp.ON, Fact.DISPUTE_LOST): Lamp.BROKEN,
    },
)


def test_a_life_begins_with_a_birth_and_follows_its_moves() -> None:
    assert LAMP.after(None, Fact.FILE_OPENED) is Lamp.OFF
    assert LAMP.after(Lamp.OFF, Fact.PAYMENT_STARTED) is Lamp.ON


@pytest.mark.parametrize(
    ("state", "fact"),
    [
        (None, Fact.PAYMENT_STARTED),
        (Lamp.OFF, Fact.FILE_OPENED),
        (Lamp.OFF, Fact.DISPUTE_LOST),
        (Lamp.BROKEN, Fact.PAYMENT_STARTED),
    ],
)
def test_a_move_that_is_not_in_the_table_is_impossible(state: Lamp | None, fact: Fact) -> None:
    assert state is None or not LAMP.allows(state, fact)
    with pytest.raises(ImpossibleMove, match="lamp"):
        LAMP.after(state, fact)


def test_replay_passes_over_what_is_about_other_things() -> None:
    facts = [Fact.FILE_OPENED, Fact.MAIL_SENT, Fact.PAYMENT_STARTED, Fact.MAIL_SENT, Fact.DISPUTE_LOST]
    assert LAMP.replay(facts) is Lamp.BROKEN
    assert LAMP.replay([Fact.MAIL_SENT]) is None


def test_a_state_without_a_move_is_an_end_and_is_drawn_so() -> None:
    assert LAMP.terminal == {Lamp.BROKEN}
    assert "    broken --> [*]" in LAMP.mermaid().splitlines()
    assert "    on --> off: payment_cancelled" in LAMP.mermaid().splitlines()

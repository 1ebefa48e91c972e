"""Every lifecycle is whole: each state can be reached, each fact is known, each end is meant, each is drawn."""

from datetime import UTC, datetime
from enum import StrEnum
from itertools import product
from typing import Any

import pytest
from cvec.domain.facts import Fact
from cvec.domain.files import File, FileState
from cvec.domain.lifecycle import ImpossibleMove, Lifecycle

from infra.deploy import docs

ENDS = {
    "account": {"erased"},
    "certificate": set(),  # one that was revoked is printed again when its file is settled again
    "correction": set(),  # it may always be asked again
    "document": {"erased"},
    "file": {"not_liable"},
    "mail": {"abandoned", "bounced", "suppressed", "complained"},
    "payment": {"won", "lost"},
    "payment_link": {"used", "declined", "expired", "revoked"},
    "refund": {"dropped"},
    "registration": {"completed", "erased"},
}
"""Where each life may end for good. A new end is a decision: write it here with the table."""

HISTORY_ONLY = {Fact.SURPLUS_LOST, Fact.PROFILE_CHANGED}
"""Facts that move nothing: money lost to a dispute that had settled nothing, a part of a profile that changed."""

FOUND = docs.lifecycles()
EACH = pytest.mark.parametrize("life", FOUND, ids=lambda life: life.name)


def states_of(life: Lifecycle[Any]) -> set[StrEnum]:
    """Every state of the enumeration that the table is about."""
    kind: type[StrEnum] = type(next(iter(life.births.values())))
    return set(kind)


def test_every_lifecycle_has_its_ends_written_down() -> None:
    missing = {life.name for life in FOUND} ^ set(ENDS)
    assert not missing, f"{missing}: say in ENDS of this file where this life may end"


@EACH
def test_every_state_of_the_enumeration_is_in_the_table(life: Lifecycle[Any]) -> None:
    missing = states_of(life) - life.states
    assert not missing, f"{life.name}: no fact leads to {missing}; add the move, or remove the state"


@EACH
def test_every_state_can_be_reached_from_a_birth(life: Lifecycle[Any]) -> None:
    reached: set[Any] = set(life.births.values())
    for _ in life.moves:
        reached |= {after for (before, _), after in life.moves.items() if before in reached}
    assert reached == life.states, f"{life.name}: nothing leads to {life.states - reached} from its birth"


@EACH
def test_moves_are_of_known_facts_and_own_states(life: Lifecycle[Any]) -> None:
    assert all(isinstance(fact, Fact) for fact in life.facts), f"{life.name}: name the fact in domain/facts.py"
    assert {state for state, _ in life.moves} | life.states <= states_of(life)


@EACH
def test_it_ends_where_it_is_meant_to(life: Lifecycle[Any]) -> None:
    assert life.terminal == ENDS[life.name], f"{life.name}: a life that stops elsewhere is stuck; or correct ENDS"


@EACH
def test_every_state_and_fact_either_moves_or_is_refused(life: Lifecycle[Any]) -> None:
    for state, fact in product(states_of(life), Fact):
        if life.allows(state, fact):
            assert life.after(state, fact) == life.moves[state, fact]
        else:
            with pytest.raises(ImpossibleMove):
                life.after(state, fact)


def test_every_fact_moves_something() -> None:
    unused = set(Fact) - {fact for life in FOUND for fact in life.facts}
    assert unused == HISTORY_ONLY, f"{unused ^ HISTORY_ONLY}: give the fact its moves, or say in HISTORY_ONLY why not"


def test_a_file_is_settled_when_paid_or_exempt_only() -> None:
    opened_at = datetime(2026, 7, 1, tzinfo=UTC)
    files = [File(person_id="p1", year="2026-2027", state=state, opened_at=opened_at) for state in FileState]
    assert {file.state for file in files if file.is_settled} == {FileState.PAID, FileState.EXEMPT}


def test_the_drawings_are_current() -> None:
    drawn = docs.LIFECYCLES.read_text(encoding="utf-8") if docs.LIFECYCLES.exists() else ""
    assert drawn == docs.lifecycles_page(), "docs/lifecycles.md is old: run `make docs`"

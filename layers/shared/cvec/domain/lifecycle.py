"""State × fact → state, as one literal table per lifecycle: the source of guards, diagrams and replay."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from cvec.domain.facts import Fact

State = TypeVar("State", bound=StrEnum)


class ImpossibleMove(RuntimeError):
    """A fact that the table does not allow in this state: an unguarded race, or a bug. Never shown to anybody."""


class Lifecycle(Generic[State]):
    """The life of one kind of thing. `births` says which facts create it, `moves` what each fact does to each state."""

    def __init__(
        self,
        name: str,
        *,
        births: Mapping[Fact, State],
        moves: Mapping[tuple[State, Fact], State],
    ) -> None:
        self.name = name
        self.births = births
        self.moves = moves
        self.facts = frozenset(births) | {fact for _, fact in moves}
        self.states = frozenset(births.values()) | frozenset(moves.values())
        self.terminal = self.states - {state for state, _ in moves}

    def allows(self, state: State, fact: Fact) -> bool:
        """Whether the fact may happen in this state."""
        return (state, fact) in self.moves

    def after(self, state: State | None, fact: Fact) -> State:
        """The state that follows. Raises ImpossibleMove where the table has no such line."""
        following = self.births.get(fact) if state is None else self.moves.get((state, fact))
        if following is None:
            raise ImpossibleMove(f"{self.name}: {state} does not allow {fact}")
        return following

    def replay(self, facts: Iterable[Fact]) -> State | None:
        """The state that a history leads to; facts about other things are passed over."""
        state: State | None = None
        for fact in facts:
            if fact in self.facts:
                state = self.after(state, fact)
        return state

    def mermaid(self) -> str:
        """The diagram of the table, for the documentation."""
        lines = ["stateDiagram-v2"]
        lines += [f"    [*] --> {state}: {fact}" for fact, state in self.births.items()]
        lines += [f"    {state} --> {after}: {fact}" for (state, fact), after in self.moves.items()]
        lines += [f"    {state} --> [*]" for state in sorted(self.terminal)]
        return "\n".join(lines)

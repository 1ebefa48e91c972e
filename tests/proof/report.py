"""Run the whole proof once and write docs/reliability.md: `python -m tests.proof.report`. Counts, never times.

The tests of this room measure the same figures and fail where the page says others.
"""

import sys
from collections.abc import Iterator

from cvec.domain.files import FileState
from cvec.domain.payments import DisputeStatus

from tests.proof.campaign import simulate
from tests.proof.crashes import survive
from tests.proof.figures import PAGE
from tests.proof.interleavings import PAIRS, Explored, explore
from tests.proof.orders import news_as_it_happens, news_at_the_end
from tests.proof.planted import BUGS, caught_by
from tests.proof.test_machine import LEAST_STEPS

_TITLE = """# Reliability

What `make test` proves of the promises of the process at each run, on fakes that keep their ports honestly. Zero
violations is what every line means. `python -m tests.proof.report` writes this page again; the tests of `tests/proof`
measure the same counts and fail where the page says others. Step 5 has no gesture yet: an agent's grant is played by a
stand-in (`tests/proof/grants.py`).

| what | count |
|---|---|
"""


def lines() -> Iterator[tuple[str, int]]:
    """The figures. Raises AssertionError where a promise is broken, for then there is nothing to boast of."""
    crashes = survive()
    _check(crashes.violations)
    yield from (("gestures broken", crashes.scenes), ("crash points survived", crashes.points))
    yield "faults injected", crashes.faults
    pairs = [explore(pair) for pair in PAIRS]
    _check([one for pair in pairs for one in pair.violations])
    yield from (("pairs interleaved", len(pairs)), ("interleavings", sum(pair.schedules for pair in pairs)))
    _PAIRS[:] = pairs
    yield "notification orders after the fact", news_at_the_end(DisputeStatus.LOST).sequences
    yield "notification orders as things happen", news_as_it_happens(DisputeStatus.WON).sequences
    yield "machine steps, at least", LEAST_STEPS
    campaign = simulate()
    _check(campaign.wrong)
    yield "students in the campaign", campaign.students
    yield "files paid", campaign.files[FileState.PAID]
    yield "times chaos struck", campaign.chaos.total()
    _check([bug.name for bug in BUGS if caught_by(bug) is None])
    yield "planted bugs caught", len(BUGS)


_PAIRS: list[Explored] = []


def page() -> str:
    """The page."""
    figures = "".join(f"| {name} | {figure:,} |\n" for name, figure in lines())
    return f"{_TITLE}{figures}\n{_pairs_table()}"


def _pairs_table() -> str:
    rows = (
        f"| {pair.name} | {pair.calls[0]} + {pair.calls[1]} | {pair.schedules} | "
        f"{'every order' if pair.is_complete else 'few switches'} |\n"
        for pair in _PAIRS
    )
    head = "| pair | calls | schedules | which |\n|---|---|---|---|\n"
    return f"## Pairs interleaved, call by call\n\n{head}{''.join(rows)}"


def _check(wrong: list[str]) -> None:
    if wrong:
        raise AssertionError("\n".join(wrong))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE.name}\n")

"""The proof at length: half a million machine steps, every schedule of three switches; writes docs/reliability-deep.md.

It takes minutes, so `make deep` runs it and CI does not. Counts, never times.
"""

import sys
from pathlib import Path

from tests.proof.interleavings import PAIRS, explore
from tests.proof.test_machine import DEEP_STEPS, take_steps

PAGE = Path(__file__).parents[2] / "docs" / "reliability-deep.md"
_TITLE = """# Reliability, at length

What `make deep` last proved: the machine and the interleavings of [reliability](reliability.md), much further. Zero
violations is what every line means; the run writes this page only if it met none.

| what | count |
|---|---|
"""


def main() -> None:
    """Prove, then write. Raises AssertionError at the first broken promise."""
    pairs = [explore(pair, is_deep=True) for pair in PAIRS]
    violations = [one for pair in pairs for one in pair.violations]
    assert not violations, violations[:3]
    steps = take_steps(DEEP_STEPS)
    figures = {"pairs interleaved": len(pairs), "interleavings": sum(pair.schedules for pair in pairs)}
    lines = [f"| {name} | {count:,} |\n" for name, count in {**figures, "machine steps": steps}.items()]
    PAGE.write_text(_TITLE + "".join(lines), encoding="utf-8")
    sys.stdout.write("".join(lines))


if __name__ == "__main__":
    main()

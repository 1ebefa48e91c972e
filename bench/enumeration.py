"""How close in time the answers for known and unknown addresses are: the median of one over that of the other.

Argon2 is the real one and storage is in memory: what differs is our own work. Nothing is asserted; near 1, a stranger
with a watch learns little. Run from the repository: PYTHONPATH=.:layers/shared python bench/enumeration.py
"""

import os
import time
from statistics import median

from cvec.adapters.passwords import Argon2Passwords

from tests.functions.test_enumeration import DOORS, STRANGER, Ask, Ready
from tests.support.calling import Browser
from tests.support.fakes import MemoryStore, new_world
from tests.support.people import EMAIL, with_password

ROUNDS = 60


def cpu_seconds(ready: Ready, ask: Ask, email: str) -> float:
    """One first request, in a world of its own."""
    world = new_world(store=MemoryStore(), passwords=Argon2Passwords())
    with_password(world)
    world.clock.advance(days=2)
    browser = Browser(world)
    ready(browser, email)
    start = time.process_time()
    ask(browser, email)
    return time.process_time() - start


def main() -> None:
    os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", "cvec-bench")
    rows = []
    for name, (ready, ask, _) in DOORS.items():
        pairs = [[cpu_seconds(ready, ask, email) for email in (EMAIL, STRANGER)] for _ in range(ROUNDS)]
        known, unknown = (median(times) for times in zip(*pairs, strict=True))
        costs = f"{known * 1e3:8.2f} ms {unknown * 1e3:8.2f} ms"
        rows.append(f"{name:26} {costs}   known / unknown = {known / unknown:.3f}")
    print("\n".join(rows))


if __name__ == "__main__":
    main()

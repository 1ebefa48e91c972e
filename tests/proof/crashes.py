"""The crash harness: every call of every gesture to the world outside, broken in every way, and the promises kept.

For each scene the gesture runs once untouched, to count its calls. Then for each call and each fault: a fresh world,
the gesture with that one call broken, the person trying again, the news delivered twice or lost, the sweeps. The
promises are checked right after the fault and when all is quiet, and the person has what they came for.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from cvec.domain.errors import Refusal

from tests.proof.quiet import quieten, tolerated
from tests.proof.scenes import SCENES, Scene, pay_what_is_open
from tests.proof.taps import Breaking, Crash, Fault, faults_of, tapped
from tests.proof.worlds import proof_world
from tests.support.promises import ALWAYS, AT_QUIESCENCE, broken


@dataclass
class Survival:
    """What the harness did. `violations` are sentences; a crash point is a call that was killed before and after."""

    scenes: int = 0
    points: int = 0
    faults: int = 0
    violations: list[str] = field(default_factory=list)


def survive(scenes: Iterable[Scene] = SCENES) -> Survival:
    """Break everything once."""
    found = Survival()
    for scene in scenes:
        calls = calls_of(scene)
        found.scenes += 1
        found.points += len(calls)
        for at, fault in _faults(calls):
            found.faults += 1
            found.violations += [
                f"{scene.name}: {fault} at {calls[at]} ({at}): {one}" for one in violations(scene, at, fault)
            ]
    return found


def calls_of(scene: Scene) -> list[str]:
    """The gesture's calls, in order, when nothing fails."""
    world, (student, *_) = proof_world(scene.students)
    about, tap = scene.prepare(world, student), Breaking()
    tolerated(scene.act, about, tapped(world, tap))
    return tap.calls


def violations(scene: Scene, at: int, fault: Fault) -> list[str]:
    """What is wrong after call `at` of the gesture was broken so, and everybody has done what they do then."""
    world, (student, *_) = proof_world(scene.students)
    about = scene.prepare(world, student)
    with suppress(Refusal, Crash):  # what the person sees, or the process's end: they try again
        scene.act(about, tapped(world, Breaking(at, fault, world.clock)))
    found = broken(world, ALWAYS)
    world.clock.advance(minutes=3)
    tolerated(scene.act, about, world)  # it may be over or done already: the end shows it
    found += broken(world, ALWAYS)
    if scene in _PAYERS_PAY:
        pay_what_is_open(world)
    quieten(world, is_news_lost=(at + list(Fault).index(fault)) % 2 == 0)
    found += broken(world, (*ALWAYS, *AT_QUIESCENCE))
    return found if scene.end(world) else [*found, "the person has not what they came for"]


def _faults(calls: list[str]) -> Iterator[tuple[int, Fault]]:
    return ((at, fault) for at, call in enumerate(calls) for fault in faults_of(call))


_PAYERS_PAY = [
    scene
    for scene in SCENES
    if scene.name.startswith(
        ("pay ", "replace", "accept a link", "refuse while", "take a link back while", "look into an")
    )
]

"""Two gestures at once, call by call: every schedule, or every schedule with few switches where there are too many.

Each gesture runs in its own greenlet and stops before every call it makes to the world outside; the scheduler says who
goes on. A schedule is the list of who went on; the next one differs from it at the last point where it can.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from cvec.domain.cursors import Cursor
from cvec.domain.errors import Refusal
from cvec.domain.payment_links import LIFE
from cvec.domain.payments import PAGE_LIFE
from cvec.usecases import link_time, pay, third_party, watch
from cvec.usecases.refund import submit_refunds
from greenlet import getcurrent, greenlet  # type: ignore[import-untyped]

from tests.proof import scenes
from tests.proof.grants import grant_exemption
from tests.proof.quiet import quieten
from tests.proof.taps import tapped
from tests.proof.worlds import ProofWorld, proof_world
from tests.support.people import YEAR
from tests.support.promises import ALWAYS, AT_QUIESCENCE, broken

MOST_SCHEDULES = 400
"""Beyond so many schedules, only those with few switches away from one that could go on: three, two in long pairs."""
MOST_SWITCHES, MOST_SWITCHES_IF_LONG = 3, 2
LONG = 20

Gesture = Callable[[ProofWorld, Any], object]


@dataclass(frozen=True)
class Pair:
    """Two gestures on what `prepare` made."""

    name: str
    prepare: scenes.Prepare
    one: Gesture
    other: Gesture


@dataclass
class Explored:
    """What was explored of a pair."""

    name: str
    calls: tuple[int, int]
    schedules: int
    is_complete: bool
    violations: list[str]


def explore(pair: Pair, *, is_deep: bool = False) -> Explored:
    """Every schedule of the pair, or all with few switches."""
    calls = (len(_alone(pair, pair.one)), len(_alone(pair, pair.other)))
    is_complete = _schedules(*calls) <= MOST_SCHEDULES
    found = Explored(pair.name, calls, 0, is_complete, [])
    switches = MOST_SWITCHES if sum(calls) <= LONG or is_deep else MOST_SWITCHES_IF_LONG
    for violations in _runs(pair, None if is_complete else switches):
        found.schedules += 1
        found.violations += violations
    return found


def _schedules(one: int, other: int) -> int:
    total = 1
    for number in range(1, other + 1):
        total = total * (one + number) // number
    return total


def _alone(pair: Pair, gesture: Gesture) -> list[str]:
    world, (student,) = proof_world(1)
    about = pair.prepare(world, student)
    calls: list[str] = []

    def note(name: str, call: Callable[[], Any]) -> Any:
        calls.append(name)
        return call()

    with suppress(Refusal):
        gesture(tapped(world, note), about)
    return calls


def _runs(pair: Pair, most_switches: int | None) -> Iterator[list[str]]:
    """One run per schedule, depth first."""
    prefix: list[int] | None = []
    while prefix is not None:
        schedule, violations = _run(pair, prefix)
        yield [f"{pair.name} by {schedule_text(schedule)}: {one}" for one in violations]
        prefix = _next_prefix(schedule, most_switches)


def schedule_text(schedule: list[tuple[int, tuple[int, ...]]]) -> str:
    return "".join("ab"[chosen] for chosen, _ in schedule)


def _run(pair: Pair, prefix: list[int]) -> tuple[list[tuple[int, tuple[int, ...]]], list[str]]:
    world, (student,) = proof_world(1)
    about = pair.prepare(world, student)
    runners = [_runner(gesture, world, about) for gesture in (pair.one, pair.other)]
    schedule: list[tuple[int, tuple[int, ...]]] = []
    found: list[str] = []
    for runner in runners:
        runner.switch()
    while ready := tuple(number for number, runner in enumerate(runners) if not runner.dead):
        chosen = prefix[len(schedule)] if len(schedule) < len(prefix) else _default(schedule, ready)
        schedule.append((chosen, ready))
        runners[chosen].switch()
    found += broken(world, ALWAYS)
    scenes.pay_what_is_open(world)
    quieten(world, is_news_lost=len(schedule) % 2 == 0)
    return schedule, found + broken(world, (*ALWAYS, *AT_QUIESCENCE))


def _runner(gesture: Gesture, world: ProofWorld, about: Any) -> greenlet:
    home = getcurrent()

    def stop(_name: str, call: Callable[[], Any]) -> Any:
        home.switch()
        return call()

    def run() -> None:
        with suppress(Refusal):
            gesture(tapped(world, stop), about)

    return greenlet(run, home)


def _default(schedule: list[tuple[int, tuple[int, ...]]], ready: tuple[int, ...]) -> int:
    last = schedule[-1][0] if schedule else 0
    return last if last in ready else ready[0]


def _next_prefix(schedule: list[tuple[int, tuple[int, ...]]], most_switches: int | None) -> list[int] | None:
    """The choices up to the last point where the other could have gone on and was not tried: the default is first."""
    for at in range(len(schedule) - 1, -1, -1):
        chosen, ready = schedule[at]
        is_first_choice = chosen == _default(schedule[:at], ready)
        if len(ready) < 2 or not is_first_choice:
            continue
        prefix = [one for one, _ in schedule[:at]] + [1 - chosen]
        if most_switches is None or _switches(schedule[:at], prefix) <= most_switches:
            return prefix
    return None


def _switches(schedule: list[tuple[int, tuple[int, ...]]], prefix: list[int]) -> int:
    """How often a gesture that could go on was left; the last choice of the prefix is such a switch."""
    left = sum(
        1 for at in range(1, len(schedule)) if schedule[at][0] != prefix[at - 1] and prefix[at - 1] in schedule[at][1]
    )
    return left + 1


def self_pays(world: ProofWorld, about: Any) -> None:
    payment = pay.pay_by_card(about[0], YEAR, "fr", tools=world).payment
    world.cards.pay(f"page-{payment}")
    watch.look_into(payment, tools=world)


def payer_pays(world: ProofWorld, about: Any) -> None:
    payment = third_party.accept_link(about[1], "fr", tools=world).payment
    world.cards.pay(f"page-{payment}")
    watch.look_into(payment, tools=world)


def starts_paying(world: ProofWorld, about: Any) -> None:
    pay.pay_by_card(about[0], YEAR, "fr", tools=world)


def hears(world: ProofWorld, about: Any) -> None:
    watch.look_into(about[-1], tools=world)


def accepts(world: ProofWorld, about: Any) -> None:
    third_party.accept_link(about[1], "fr", tools=world)


def gives_back(world: ProofWorld, about: Any) -> None:
    submit_refunds(about[-1], tools=world)


def ends_links(world: ProofWorld, _about: Any) -> None:
    world.store.find(Cursor, "")  # a call to stop at: the 48th hour strikes at any moment of the other gesture
    world.clock.advance(seconds=1)
    link_time.tend_links(tools=world)


def is_exempted(world: ProofWorld, about: Any) -> None:
    grant_exemption(about[0], YEAR, tools=world)


def _with(before: scenes.Prepare, **later: float) -> scenes.Prepare:
    def prepare(world: ProofWorld, student: str) -> Any:
        found = before(world, student)
        world.clock.at += timedelta(**later)
        return (student, found)

    return prepare


def _refund_ordered(world: ProofWorld, student: str) -> Any:
    payment = scenes.printed(world, student)
    grant_exemption(student, YEAR, tools=world)
    return (student, payment)


def _last_second(world: ProofWorld, student: str) -> Any:
    token = scenes.linked(world, student)
    world.clock.at += LIFE - timedelta(seconds=1)
    return (student, token)


PAIRS = (
    Pair("self × third party", _with(scenes.linked), self_pays, payer_pays),
    Pair("self × self", _with(scenes.nothing), starts_paying, starts_paying),
    Pair("pay × notification", _with(scenes.paid), starts_paying, hears),
    Pair("pay × notification of a page that is over", _with(scenes.at_page, minutes=35), starts_paying, hears),
    Pair("notification × notification", _with(scenes.paid), hears, hears),
    Pair("notification × notification of a dispute", _with(partial(scenes.contested)), hears, hears),
    Pair("expire × pay", _with(scenes.at_page, seconds=PAGE_LIFE.total_seconds()), starts_paying, hears),
    Pair("link expires × accept", _last_second, accepts, ends_links),
    Pair("refuse × pay", _with(scenes.accepted), payer_pays, lambda w, a: third_party.refuse_link(a[1], None, tools=w)),
    Pair("refund × refund", _refund_ordered, gives_back, gives_back),
    Pair("refund × dispute", _with(scenes.surplus), hears, hears),
    Pair("exempt × pay", _with(scenes.paid), is_exempted, hears),
    Pair("exempt × start", _with(scenes.nothing), is_exempted, self_pays),
    Pair("renew × accept", _with(scenes.linked), lambda w, a: scenes._ask(a[0], w), accepts),
    Pair("revoke × accept", _with(scenes.linked), lambda w, a: third_party.revoke_link(a[0], YEAR, tools=w), accepts),
)

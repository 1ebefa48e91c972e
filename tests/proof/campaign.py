"""A campaign simulated: ten thousand students in a month, with chaos; and to the cent, money kept is what is owed.

Students are written into the store as registration leaves them (it has its own tests), and from there on everything is
done by the gestures. Chaos is drawn from a seeded generator, so a run can be repeated.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from cvec.domain.accounts import Account, Claim, Person
from cvec.domain.files import File, FileState
from cvec.domain.history import Chronicled, Entry
from cvec.domain.ledger import LedgerLine
from cvec.domain.model import Row
from cvec.domain.payment_links import ShownName
from cvec.domain.payments import DisputeStatus
from cvec.usecases import certify, keys, pay, third_party, watch

from tests.proof.grants import grant_exemption
from tests.proof.quiet import quieten, sweep, tolerated
from tests.proof.taps import Breaking, Crash, Fault, tapped
from tests.proof.worlds import ProofWorld, proof_world
from tests.support.people import YEAR
from tests.support.promises import ALWAYS, AT_QUIESCENCE, broken

CHAOS = 0.05
_FAULTS = (Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.UNAVAILABLE, Fault.LOST_REPLY, Fault.CONFLICT, Fault.OUTAGE)
_BETWEEN_SWEEPS = timedelta(minutes=30)


@dataclass
class Campaign:
    """What came of it: files by state, cents kept and owed, chaos met, and whatever is wrong."""

    students: int
    files: Counter[FileState]
    kept_cents: int
    owed_cents: int
    chaos: Counter[str]
    wrong: list[str] = field(default_factory=list)


class Month:
    """The month under way."""

    def __init__(self, students: int, seed: int) -> None:
        self.world, (model,) = proof_world(1)
        self.draw = Random(seed)  # noqa: S311 - a simulation that must be repeatable
        self.chaos: Counter[str] = Counter()
        self.students = [model, *(_another(self.world, model, number) for number in range(1, students))]

    def live(self) -> None:
        """Students come, a batch between two rounds of the schedules."""
        batch = max(1, len(self.students) // 700)
        for first in range(0, len(self.students), batch):
            for student in self.students[first : first + batch]:
                self._come(student)
            self.world.cards.is_down = self._is_chaos("provider down")
            self.world.clock.at += _BETWEEN_SWEEPS
            sweep(self.world)
        self.world.cards.is_down = False

    def _come(self, student: str) -> None:
        """One student's day: alone or with somebody else's card, sometimes in a muddle."""
        page = self._pay_by_link(student) if self.draw.random() < 0.2 else self._pay_alone(student)
        if page is None:
            return
        if self._is_chaos("third party as well"):
            self._pay_by_link(student)
        if self._is_chaos("walked away"):
            return
        wrong = 10400 if self._is_chaos("wrong amount") else None
        self.world.cards.pay(f"page-{page}", wrong)
        for _ in range(2 if self._is_chaos("news doubled") else 1):
            if not self._is_chaos("news lost"):
                self._do(lambda world: watch.look_into(page, tools=world))
        self._do(lambda world: certify.issue(student, YEAR, tools=world))
        self._afterwards(student, page)

    def _afterwards(self, student: str, page: str) -> None:
        if self._is_chaos("disputed"):
            self.world.cards.contest(f"page-{page}", DisputeStatus.OPEN)
            self.world.cards.contest(f"page-{page}", self.draw.choice(list(DisputeStatus)))
        if self._is_chaos("exempted"):
            self._do(lambda world: grant_exemption(student, YEAR, tools=world))

    def _pay_alone(self, student: str) -> str | None:
        clicks = 2 if self._is_chaos("double click") else 1
        for _ in range(clicks):
            self._do(lambda world: pay.pay_by_card(student, YEAR, "fr", tools=world))
        return self._page_of(student)

    def _pay_by_link(self, student: str) -> str | None:
        link = tolerated(
            third_party.ask_third_party, student, YEAR, name=ShownName.FIRST_NAME, language="fr", tools=self.world
        )
        token = str(getattr(link, "url", "")).rpartition("/")[2]
        self._do(lambda world: third_party.accept_link(token, "fr", tools=world))
        return self._page_of(student)

    def _page_of(self, student: str) -> str | None:
        file = self.world.store.find(File, student, YEAR)
        current = file.current_payment if file else None
        return current if current and f"page-{current}" in self.world.cards.pages else None

    def _do(self, act: Callable[[ProofWorld], object]) -> None:
        world = self.world
        if self._is_chaos("call broken"):
            world = tapped(world, Breaking(self.draw.randrange(12), self.draw.choice(_FAULTS), world.clock))
        try:
            tolerated(act, world)
        except Crash:
            self.chaos["crash"] += 1

    def _is_chaos(self, name: str) -> bool:
        if self.draw.random() >= CHAOS:
            return False
        self.chaos[name] += 1
        return True


def simulate(students: int = 10_000, seed: int = 2026) -> Campaign:
    """The month, and the quiet after it."""
    month = Month(students, seed)
    month.live()
    world = month.world
    wrong = broken(world, ALWAYS)
    quieten(world, is_news_lost=True)
    wrong += broken(world, (*ALWAYS, *AT_QUIESCENCE))
    files = world.store.of(File)
    owed = sum(file.amount_cents or 0 for file in files if file.state is FileState.PAID)
    lines = sum(line.amount_cents for line in world.store.of(LedgerLine))
    if lines != world.cards.kept_cents:
        wrong.append(f"the ledger holds {lines} cents, the provider {world.cards.kept_cents}")
    states = Counter(file.state for file in files)
    return Campaign(students, states, world.cards.kept_cents, owed, month.chaos, wrong)


def _another(world: ProofWorld, model: str, number: int) -> str:
    """A student like the model: every row that registration and the file's page left, under another name."""
    person_id, email, ine = f"student{number:05d}", f"s{number:05d}@example.org", f"{number:010d}W"
    person, account = world.store.find(Person, model), world.store.find(Account, model)
    file = world.store.find(File, model, YEAR)
    assert person is not None
    assert account is not None
    assert file is not None
    rows: list[Row] = [
        person.model_copy(update={"id": person_id, "email": email, "ine": ine}),
        *_retold(world, account, person_id),
        *_retold(world, file, person_id),
        Claim(of=keys.EMAIL, name=keys.email_key(email, tools=world), holder=(person_id,)),
        Claim(of=keys.INE, name=keys.ine_key(ine, tools=world), holder=(person_id,)),
    ]
    world.store.adopt(rows)
    return person_id


def _retold(world: ProofWorld, one: Chronicled, person_id: str) -> Iterator[Row]:
    """The same thing of somebody else, with its history chained anew."""
    previous: str | None = None
    for entry in world.store.all(Entry, *one.chronicle):
        told = entry.model_copy(update={"person_id": person_id, "previous": previous})
        previous = told.digest
        yield told
    yield one.model_copy(update={"person_id": person_id, "last_entry": previous})

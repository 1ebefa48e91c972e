"""The order of news does not matter: five happenings, heard of in every order, each twice, and one end.

The five, to one file: a page is over, the one after it is paid, a refund of an earlier wrong amount arrives, the
payment is disputed, the dispute is decided.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations

from cvec.domain.certificates import Certificate
from cvec.domain.files import File
from cvec.domain.model import Row
from cvec.domain.payments import DisputeStatus, Payment
from cvec.domain.refunds import Refund
from cvec.usecases import pay, watch

from tests.proof.quiet import quieten, tolerated
from tests.proof.worlds import ProofWorld, proof_world
from tests.support.people import YEAR
from tests.support.promises import check_promises

NEWS = range(5)


@dataclass
class Orders:
    """What was tried: sequences, and the ends they came to."""

    sequences: int = 0
    ends: set[str] = field(default_factory=set)


class Story:
    """One file and what happens to it."""

    def __init__(self, outcome: DisputeStatus) -> None:
        self.world, (self.student,) = proof_world(1)
        self.outcome = outcome
        self.wrong = self._page()
        self.world.cards.pay(f"page-{self.wrong}", 10400)
        self.world.cards.refund_status = "pending"
        watch.look_into(self.wrong, tools=self.world)
        self.over = self._page()
        self.world.clock.advance(minutes=31)
        self.paid = self._page()

    def _page(self) -> str:
        return pay.pay_by_card(self.student, YEAR, "fr", tools=self.world).payment

    def happen(self, number: int) -> None:
        """One of the five, in the order in which they happen in the world."""
        cards = self.world.cards
        if number == 0:
            self.world.clock.advance(minutes=4)
        elif number == 1:
            assert cards.pay(f"page-{self.paid}")
        elif number == 2:
            cards.conclude_refunds("succeeded")
        else:
            assert cards.contest(f"page-{self.paid}", DisputeStatus.OPEN if number == 3 else self.outcome)

    def hear(self, number: int) -> None:
        """The notification of one of the five."""
        about = (self.over, self.paid, self.wrong, self.paid, self.paid)[number]
        tolerated(watch.look_into, about, tools=self.world)

    def end(self) -> str:
        """Where everything stands when all is quiet."""
        check_promises(self.world)
        quieten(self.world, is_news_lost=True)
        check_promises(self.world, is_quiet=True)
        return _standing(self.world)


def news_at_the_end(outcome: DisputeStatus) -> Orders:
    """Everything has happened, and then the news comes: in all 120 orders, with each of the five doubled."""
    happened = [(number, True) for number in NEWS]
    return _try(outcome, ([*happened, *((one, False) for one in sequence)] for sequence in _doubled_orders()))


def news_as_it_happens(outcome: DisputeStatus) -> Orders:
    """Each is heard of, twice, at any time after it happened: 945 ways."""
    return _try(outcome, _as_it_happens())


def _try(outcome: DisputeStatus, sequences: Iterable[Sequence[tuple[int, bool]]]) -> Orders:
    found = Orders()
    for sequence in sequences:
        found.ends.add(_told(outcome, sequence))
        found.sequences += 1
    return found


def _doubled_orders() -> Iterator[tuple[int, ...]]:
    for order in permutations(NEWS):
        for number in NEWS:
            yield (*order, number)


def _as_it_happens(happened: int = 0, heard: tuple[int, ...] = ()) -> Iterator[list[tuple[int, bool]]]:
    """All ways in which five things happen in order, each heard of (twice) at any time after it happened."""
    if len(heard) == len(NEWS):
        yield []
        return
    if happened < len(NEWS):
        yield from ([(happened, True), *rest] for rest in _as_it_happens(happened + 1, heard))
    for number in range(happened):
        if number not in heard:
            rests = _as_it_happens(happened, (*heard, number))
            yield from ([(number, False), (number, False), *rest] for rest in rests)


def _told(outcome: DisputeStatus, steps: Sequence[tuple[int, bool]]) -> str:
    story = Story(outcome)
    for number, is_happening in steps:
        (story.happen if is_happening else story.hear)(number)
    return story.end()


def _standing(world: ProofWorld) -> str:
    kinds: tuple[type[Row], ...] = (File, Certificate, Payment, Refund)
    rows = [row for kind in kinds for row in world.store.of(kind)]
    states = sorted(f"{row.kind} {row.key}: {getattr(row, 'state', '')}" for row in rows)
    return f"{states} {world.cards.kept_cents}"

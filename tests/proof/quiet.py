"""Bringing a world to rest: the news delivered (or lost), the sweeps run, the clock moved on, until nothing is due."""

from collections.abc import Callable

from cvec.domain.certificates import Certificate
from cvec.domain.errors import Refusal
from cvec.domain.mails import Mail
from cvec.domain.payment_links import PaymentLink
from cvec.domain.payments import DisputeStatus, Payment
from cvec.domain.refunds import Refund
from cvec.ports import Tools
from cvec.usecases import certify, link_time, notify, reconcile, watch

from tests.proof.worlds import ProofWorld
from tests.support.promises import is_an_agents_task

SWEEPS: tuple[Callable[..., object], ...] = (
    watch.reconcile,
    reconcile.read_events,
    link_time.tend_links,
    certify.issue_late_ones,
    notify.deliver_late_ones,
)
"""Everything that schedules of template.yaml run again and again."""
_WAITS = (0, 3, 20, 45, 65, 65, 130, 260)
"""Minutes between rounds: past the first looks, a mail's lease, a page's life, and the slowest tries again."""
_LEAST_ROUNDS, _MOST_ROUNDS = 3, 24
_WORK = (Payment, Refund, Certificate, Mail)


def quieten(world: ProofWorld, *, is_news_lost: bool = False) -> None:
    """Everybody answers again, the banks have decided; and then rounds of news and sweeps until nothing is due."""
    world.cards.is_down, world.cards.refund_status, world.post.refuse_with = False, "succeeded", None
    for number in range(_MOST_ROUNDS):
        world.clock.advance(minutes=_WAITS[min(number, len(_WAITS) - 1)])
        _decide(world)
        if not is_news_lost:
            deliver_news(world, times=2)
        sweep(world)
        if number >= _LEAST_ROUNDS and not is_work_left(world):
            return


def is_work_left(world: ProofWorld) -> bool:
    """Whether anything still waits for a sweep. A living link waits for its 48th hour, which is not work yet."""
    later = world.clock.now()
    return any(row.look_at and not is_an_agents_task(row) for kind in _WORK for row in world.store.of(kind)) or bool(
        list(world.store.due(PaymentLink, later))
    )


def deliver_news(world: ProofWorld, *, times: int) -> None:
    """Every notification there ever was, several times, newest first: order and number must not matter."""
    for payment_id in list(dict.fromkeys(payment for _, payment in reversed(world.cards.news))) * times:
        tolerated(watch.look_into, payment_id, tools=world)


def sweep(tools: Tools) -> None:
    """One round of every schedule; what refuses is asked again by the next."""
    for task in SWEEPS:
        tolerated(task, tools=tools)


def tolerated(act: Callable[..., object], *about: object, **how: object) -> object:
    """What it answers; None where it refuses, as a queue or a schedule takes it: brought again later."""
    try:
        return act(*about, **how)
    except Refusal:
        return None


def _decide(world: ProofWorld) -> None:
    """The banks decide what was before them: refunds arrive, disputes are won."""
    world.cards.conclude_refunds("succeeded")
    for page in list(world.cards.pages.values()):
        if page.dispute is DisputeStatus.OPEN:
            world.cards.contest(page.ref, DisputeStatus.WON)

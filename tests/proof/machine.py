"""The stateful machine: students, payers, an agent, the card network, a clock, lost news, outages and crashes.

It plays against the real gestures on fakes. The promises are checked after every step, and at the end, in quiet.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import ClassVar

from cvec.domain.errors import Refusal, TryAgain
from cvec.domain.payment_links import ShownName
from cvec.domain.payments import DisputeStatus, Payment
from cvec.usecases import certify, files, link_time, notify, pay, reconcile, third_party, watch
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.proof.grants import grant_exemption
from tests.proof.quiet import deliver_news, quieten, sweep
from tests.proof.taps import Breaking, Crash, Fault, tapped
from tests.proof.worlds import ProofWorld, proof_world
from tests.support.people import LYON, YEAR
from tests.support.promises import check_promises

PARIS = LYON | {"commune": "75056", "postcode": "75005"}
STUDENTS = 3
_who = st.integers(0, STUDENTS - 1)
_any = st.integers(0, 30)
_BREAKS = (Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.UNAVAILABLE, Fault.LOST_REPLY, Fault.CONFLICT, Fault.OUTAGE)
_SPANS = ({"minutes": 1}, {"minutes": 10}, {"minutes": 36}, {"hours": 20}, {"hours": 28}, {"hours": 48})


class Street(RuleBasedStateMachine):
    """The street with everybody on it."""

    steps: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.world: ProofWorld
        self.world, self.students = proof_world(STUDENTS)
        self.tokens: list[str] = []
        self.trap: Breaking | None = None
        reconcile.read_events(tools=self.world)  # as it has every hour since the first day

    # ── People ──────────────────────────────────────────────────────────────────────────────────────────────────
    @rule(who=_who)
    def pay_by_card(self, who: int) -> None:
        self.do(lambda world: pay.pay_by_card(self.students[who], YEAR, "fr", tools=world))

    @rule(who=_who, paris=st.booleans())
    def choose_city(self, who: int, paris: bool) -> None:
        city = PARIS if paris else LYON
        self.do(lambda world: files.prepare_file(self.students[who], YEAR, **city, tools=world))

    @rule(who=_who, email=st.sampled_from([None, "payer@example.org"]))
    def ask_third_party(self, who: int, email: str | None) -> None:
        def ask(world: ProofWorld) -> None:
            link = third_party.ask_third_party(
                self.students[who], YEAR, name=ShownName.FIRST_NAME, language="fr", payer_email=email, tools=world
            )
            self.tokens.append((link.url or "").rpartition("/")[2])

        self.do(ask)

    @precondition(lambda self: self.tokens)
    @rule(which=_any, how=st.sampled_from(["open", "accept", "accept", "accept", "refuse"]))
    def use_link(self, which: int, how: str) -> None:
        token = self.tokens[-1 - which % len(self.tokens)]
        acts: dict[str, Callable[[ProofWorld], object]] = {
            "open": lambda world: third_party.open_link(token, tools=world),
            "accept": lambda world: third_party.accept_link(token, "fr", tools=world),
            "refuse": lambda world: third_party.refuse_link(token, None, tools=world),
        }
        self.do(acts[how])

    @rule(who=_who)
    def revoke_link(self, who: int) -> None:
        self.do(lambda world: third_party.revoke_link(self.students[who], YEAR, tools=world))

    @rule(who=_who)
    def agent_exempts(self, who: int) -> None:
        self.do(lambda world: grant_exemption(self.students[who], YEAR, tools=world))

    @precondition(lambda self: self.payments())
    @rule(which=_any)
    def return_page(self, which: int) -> None:
        self.do(lambda world: pay.read_payment(self.payment(which), tools=world))

    # ── The card network ────────────────────────────────────────────────────────────────────────────────────────
    @precondition(lambda self: self.world.cards.pages)
    @rule(which=_any, cents=st.sampled_from([None, None, None, None, 10400, 10501]))
    def type_card(self, which: int, cents: int | None) -> None:
        self.world.cards.pay(self.page(which), cents)

    @precondition(lambda self: self.world.cards.pages)
    @rule(which=_any, outcome=st.sampled_from(list(DisputeStatus)))
    def bank_speaks(self, which: int, outcome: DisputeStatus) -> None:
        self.world.cards.contest(self.page(which), outcome)

    @rule(status=st.sampled_from(["succeeded", "pending", "failed"]))
    def refunds_go(self, status: str) -> None:
        self.world.cards.refund_status = status

    @rule(status=st.sampled_from(["succeeded", "failed"]))
    def refunds_end(self, status: str) -> None:
        self.world.cards.conclude_refunds(status)

    @precondition(lambda self: self.world.cards.pages)
    @rule(which=_any)
    def refund_comes_back(self, which: int) -> None:
        self.world.cards.fail_late(self.page(which))

    @precondition(lambda self: self.payments())
    @rule(which=_any)
    def news_comes(self, which: int) -> None:
        self.do(lambda world: watch.look_into(self.payment(which), tools=world))

    # ── Time, schedules, faults ─────────────────────────────────────────────────────────────────────────────────
    @rule(span=st.sampled_from(_SPANS))
    def time_passes(self, span: dict[str, float]) -> None:
        self.world.clock.advance(**span)

    @rule(
        task=st.sampled_from(
            [
                watch.reconcile,
                reconcile.read_events,
                link_time.tend_links,
                certify.issue_late_ones,
                notify.deliver_late_ones,
            ]
        )
    )
    def schedule(self, task: Callable[..., object]) -> None:
        self.do(lambda world: task(tools=world))

    @rule(who=_who)
    def stream_brings_order(self, who: int) -> None:
        self.do(lambda world: certify.issue(self.students[who], YEAR, tools=world))

    @rule(is_down=st.booleans(), is_post_down=st.booleans())
    def outage(self, is_down: bool, is_post_down: bool) -> None:
        self.world.cards.is_down = is_down
        self.world.post.refuse_with = TryAgain if is_post_down else None

    @rule(at=st.integers(0, 14), fault=st.sampled_from(_BREAKS))
    def something_will_break(self, at: int, fault: Fault) -> None:
        self.trap = Breaking(at, fault, self.world.clock)

    # ── Stories ─────────────────────────────────────────────────────────────────────────────────────────────────
    @rule(who=_who)
    def pays_and_is_captured(self, who: int) -> None:
        self.pay_by_card(who)
        self.pay_open_pages()
        self.hear()

    @rule(who=_who)
    def third_party_pays(self, who: int) -> None:
        self.ask_third_party(who, None)
        if self.tokens:
            self.use_link(0, "accept")
        self.pay_open_pages()

    @rule(who=_who, outcome=st.sampled_from(list(DisputeStatus)), is_heard=st.booleans())
    def dispute_then_exempt(self, who: int, outcome: DisputeStatus, is_heard: bool) -> None:
        self.pays_and_is_captured(who)
        for page in [page.ref for page in self.world.cards.pages.values() if self.is_of(page.payment, who)]:
            self.world.cards.contest(page, DisputeStatus.OPEN)
            if is_heard:
                self.hear()
            self.agent_exempts(who)
            self.world.cards.contest(page, outcome)

    @rule(who=_who, status=st.sampled_from(["succeeded", "pending", "failed"]), paris=st.booleans())
    def pays_a_wrong_amount(self, who: int, status: str, paris: bool) -> None:
        self.world.cards.refund_status = status
        self.pay_by_card(who)
        for page in self.world.cards.open_pages:
            self.world.cards.pay(page.ref, 10400)
        self.hear()
        self.choose_city(who, paris)

    @precondition(lambda self: self.world.cards.pages)
    @rule(which=_any, is_heard=st.booleans(), outcome=st.sampled_from(list(DisputeStatus)))
    def refund_comes_back_and_is_disputed(self, which: int, is_heard: bool, outcome: DisputeStatus) -> None:
        page = self.page(which)
        self.world.cards.fail_late(page)
        if is_heard:
            self.hear()
        self.world.cards.contest(page, DisputeStatus.OPEN)
        self.world.cards.contest(page, outcome)
        self.hear()

    @rule()
    def refunds_fail_until_an_agent_must_act(self) -> None:
        self.world.cards.refund_status = "failed"
        for _ in range(12):
            self.world.clock.advance(minutes=31)
            self.do(lambda world: watch.reconcile(tools=world))

    @rule()
    def all_news_is_lost_then_swept(self) -> None:
        self.world.cards.is_down = False
        self.pay_open_pages()
        self.world.clock.advance(minutes=40)
        sweep(self.world)

    @rule()
    def all_news_comes_again(self) -> None:
        deliver_news(self.world, times=1)

    @invariant()
    def promises_hold(self) -> None:
        type(self).steps += 1
        check_promises(self.world)

    def teardown(self) -> None:
        quieten(self.world, is_news_lost=type(self).steps % 2 == 0)
        check_promises(self.world, is_quiet=True)

    # ── How ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def do(self, act: Callable[[ProofWorld], object]) -> None:
        """Somebody does something; a trap that was set may break one of its calls."""
        trap, self.trap = self.trap, None
        world = tapped(self.world, trap) if trap else self.world
        with suppress(Refusal, Crash):
            act(world)

    def hear(self) -> None:
        for payment in self.payments():
            self.do(lambda world, payment=payment: watch.look_into(payment, tools=world))  # type: ignore[misc]

    def pay_open_pages(self) -> None:
        for page in self.world.cards.open_pages:
            self.world.cards.pay(page.ref)

    def payments(self) -> list[str]:
        return [payment.id for payment in self.world.store.of(Payment)]

    def payment(self, which: int) -> str:
        return self.payments()[-1 - which % len(self.payments())]

    def page(self, which: int) -> str:
        pages = list(self.world.cards.pages)
        return pages[-1 - which % len(pages)]

    def is_of(self, payment: Payment, who: int) -> bool:
        return payment.person_id == self.students[who]

"""Money in settles a file or goes back, once, whatever the order in which the news comes."""

from collections.abc import Callable
from datetime import timedelta
from itertools import permutations

import pytest
from cvec.domain.accounts import Claim
from cvec.domain.certificate_number import CertificateNumber
from cvec.domain.certificates import Certificate, CertificateState
from cvec.domain.errors import CardProviderUnavailable, ForgedNotification, Stale, UnknownPayment
from cvec.domain.facts import Fact
from cvec.domain.files import FILE, File, FileState
from cvec.domain.history import Entry
from cvec.domain.mails import Mail, Template
from cvec.domain.model import Row
from cvec.domain.payments import PAGE_LIFE, Disposition, Payment, PaymentState
from cvec.domain.refunds import Refund, RefundReason, RefundState
from cvec.usecases import pay, settle, watch
from cvec.usecases.refund import ASK_AGAIN_AFTER, MAX_TRIES, submit_refund

from tests.support.fakes import MemoryStore, World, new_world
from tests.support.people import YEAR, at_the_page, ready_to_pay


def paid(world: World) -> tuple[str, str]:
    """A person who has just paid, before anybody told us; their id and the payment's."""
    person_id, offered = at_the_page(world)
    assert world.cards.pay(f"page-{offered.payment}")
    return person_id, offered.payment


def the_file(world: World) -> File:
    (file,) = world.store.of(File)
    return file


def test_a_success_settles_the_file_and_orders_its_certificate_in_one_transaction() -> None:
    world = new_world()
    person_id, payment_id = paid(world)
    payment = settle.sync(payment_id, tools=world)
    certificate = world.store.find(Certificate, person_id, YEAR)
    assert (payment.state, payment.disposition) == (PaymentState.SUCCEEDED, Disposition.APPLIED)
    assert the_file(world).state is FileState.PAID
    assert certificate is not None
    assert certificate.state is CertificateState.ISSUING
    assert certificate.number == the_file(world).certificate_number


def test_hearing_of_it_again_changes_nothing() -> None:
    world = new_world()
    _, payment_id = paid(world)
    settle.sync(payment_id, tools=world)
    before = dict(world.store.rows)
    for _ in range(5):
        watch.look_into(payment_id, tools=world)
    assert world.store.rows == before


def test_the_number_belongs_to_the_crous_of_the_study_city_and_is_claimed_for_ever() -> None:
    world = new_world()
    person_id, payment_id = paid(world)
    settle.sync(payment_id, tools=world)
    number = the_file(world).certificate_number
    assert number is not None
    assert number.startswith("LYO6 ")
    claim = world.store.find(Claim, "certificate", number.replace(" ", ""))
    assert claim is not None
    assert claim.holder == (person_id, YEAR)


def test_a_number_that_is_taken_is_drawn_again() -> None:
    world = new_world()
    _, payment_id = paid(world)
    chance = world.chance.letters
    number = CertificateNumber.draw("LYO", 2026, "ABCDEF")
    world.store.commit(Claim(of="certificate", name=number.compact, holder=("somebody", "2026-2027")))
    draws = iter([number.letters])
    world.chance.letters = lambda alphabet, count: next(draws, None) or chance(alphabet, count)  # type: ignore[method-assign]
    settle.sync(payment_id, tools=world)
    assert the_file(world).certificate_number != str(number)
    assert the_file(world).state is FileState.PAID


def test_a_late_success_on_an_expired_attempt_settles_an_open_file() -> None:
    world = new_world()
    _, offered = at_the_page(world)
    payment = world.store.find(Payment, offered.payment)
    assert payment is not None
    world.store.commit(payment.after(Fact.PAYMENT_EXPIRED))
    world.cards.pay(f"page-{offered.payment}")
    settle.sync(offered.payment, tools=world)
    assert the_file(world).state is FileState.PAID


def test_a_success_on_a_file_settled_meanwhile_goes_back_to_its_card_once() -> None:
    world = new_world()
    person_id, payment_id = paid(world)
    file = the_file(world)
    world.store.commit(file.after(Fact.EXEMPTION_GRANTED))
    for _ in range(3):
        settle.sync(payment_id, tools=world)
    (refund,) = world.store.of(Refund)
    assert (refund.state, refund.amount_cents, world.cards.kept_cents) == (RefundState.SUCCEEDED, 10500, 0)
    assert the_file(world).state is FileState.EXEMPT
    assert world.store.find(Certificate, person_id, YEAR) is None
    assert [mail.template for mail in world.store.of(Mail)].count(Template.REFUND_SENT) == 1


@pytest.mark.parametrize("wrong", ["amount", "currency", "live"])
def test_money_that_is_not_as_ordered_settles_nothing_and_goes_back(wrong: str) -> None:
    world = new_world()
    _, offered = at_the_page(world)
    page = world.cards.pages[f"page-{offered.payment}"]
    world.cards.pay(page.ref, cents=10400 if wrong == "amount" else None)
    page.currency = "usd" if wrong == "currency" else page.currency
    page.is_live = wrong == "live"
    settle.sync(offered.payment, tools=world)
    (refund,) = world.store.of(Refund)
    assert refund.reason is RefundReason.MISMATCH
    assert (the_file(world).state, world.cards.kept_cents) == (FileState.OPEN, 0)


def test_a_file_is_still_payable_after_a_mismatch() -> None:
    world = new_world()
    person_id, offered = at_the_page(world)
    world.cards.pay(f"page-{offered.payment}", cents=1)
    settle.sync(offered.payment, tools=world)
    again = pay.pay_by_card(person_id, YEAR, "fr", tools=world)
    world.cards.pay(f"page-{again.payment}")
    settle.sync(again.payment, tools=world)
    assert (the_file(world).state, world.cards.kept_cents) == (FileState.PAID, 10500)


def test_an_expired_page_closes_its_attempt_and_took_no_money() -> None:
    world = new_world()
    _, offered = at_the_page(world)
    world.clock.at += PAGE_LIFE
    payment = settle.sync(offered.payment, tools=world)
    assert (payment.state, payment.look_at) == (PaymentState.EXPIRED, None)
    assert the_file(world).state is FileState.OPEN


def test_an_outage_means_unknown_and_never_failed() -> None:
    world = new_world()
    _, payment_id = paid(world)
    world.cards.is_down = True
    with pytest.raises(CardProviderUnavailable):
        settle.sync(payment_id, tools=world)
    assert world.store.of(Payment)[0].state is PaymentState.PENDING


def test_the_sweep_finds_a_payment_whose_notification_was_lost() -> None:
    world = new_world()
    paid(world)
    assert watch.reconcile(tools=world).looked_at == 0
    world.clock.advance(minutes=2)
    assert watch.reconcile(tools=world).looked_at == 1
    assert the_file(world).state is FileState.PAID


def test_one_payment_that_cannot_be_looked_at_does_not_stop_the_others() -> None:
    world = new_world()
    first = ready_to_pay(world)
    second = ready_to_pay(world, email="autre@example.org", ine="0494004062M")
    pages = [pay.pay_by_card(one, YEAR, "fr", tools=world) for one in (first, second)]
    for offered in pages:
        world.cards.pay(f"page-{offered.payment}")
    lost = world.cards.pages.pop(f"page-{pages[0].payment}")
    world.clock.advance(minutes=5)

    def fetch_or_fail(ref: str) -> object:
        if ref == lost.ref:
            raise CardProviderUnavailable
        return type(world.cards).fetch(world.cards, ref)

    world.cards.fetch = fetch_or_fail  # type: ignore[assignment]
    done = watch.reconcile(tools=world)
    assert (done.looked_at, done.stopped_by) == (2, ("card_provider_unavailable",))
    assert sorted(file.state for file in world.store.of(File)) == [FileState.OPEN, FileState.PAID]


def test_a_notification_only_rings_the_bell() -> None:
    world = new_world()
    _, payment_id = paid(world)
    watch.take_notification({"stripe-signature": "good"}, payment_id.encode(), tools=world)
    assert world.doorbell.rung == [payment_id]
    assert the_file(world).state is FileState.OPEN


def test_a_forged_notification_rings_nothing() -> None:
    world = new_world()
    with pytest.raises(ForgedNotification):
        watch.take_notification({"stripe-signature": "bad"}, b"x", tools=world)
    assert world.doorbell.rung == []


def test_a_notification_about_nothing_of_ours_wakes_somebody_up() -> None:
    with pytest.raises(UnknownPayment):
        watch.look_into("nothing-of-ours", tools=new_world())


def test_a_refund_the_provider_is_slow_about_is_asked_about_until_it_is_done() -> None:
    world = new_world()
    _, payment_id = paid(world)
    world.store.commit(the_file(world).after(Fact.EXEMPTION_GRANTED))
    world.cards.refund_status = "pending"
    settle.sync(payment_id, tools=world)
    assert world.store.of(Refund)[0].state is RefundState.SUBMITTED
    world.clock.at += ASK_AGAIN_AFTER
    watch.reconcile(tools=world)
    world.cards.refund_status = "succeeded"
    watch.reconcile(tools=world)
    assert (world.store.of(Refund)[0].state, world.cards.kept_cents) == (RefundState.SUCCEEDED, 0)


def test_a_refund_that_keeps_failing_is_handed_to_an_agent() -> None:
    world = new_world()
    _, payment_id = paid(world)
    world.store.commit(the_file(world).after(Fact.EXEMPTION_GRANTED))
    world.cards.refund_status = "failed"
    settle.sync(payment_id, tools=world)
    for _ in range(3 * MAX_TRIES):
        world.clock.at += ASK_AGAIN_AFTER
        watch.reconcile(tools=world)
    (refund,) = world.store.of(Refund)
    assert (refund.state, refund.tries) == (RefundState.MANUAL, MAX_TRIES)
    assert list(world.store.due(Refund, world.clock.now())) == [refund]


def test_asking_for_a_refund_that_is_not_owed_does_nothing() -> None:
    world = new_world()
    submit_refund("nothing", RefundReason.SURPLUS, tools=world)
    assert world.store.of(Refund) == []


class Interrupted(MemoryStore):
    """A store in which somebody else writes the file just before our commits number so and so."""

    def __init__(self) -> None:
        super().__init__()
        self.rivals = 0

    def commit(self, *rows: Row, erase: tuple[Row, ...] = ()) -> None:  # type: ignore[override]
        if self.rivals and any(isinstance(row, Payment) and row.succeeded_at for row in rows):
            self.rivals -= 1
            raise Stale
        super().commit(*rows, erase=erase)


@pytest.mark.parametrize("rivals", range(1, 8))
def test_a_settlement_that_collides_is_decided_again(rivals: int) -> None:
    store = Interrupted()
    world = new_world(store=store)
    _, payment_id = paid(world)
    store.rivals = rivals
    settle.sync(payment_id, tools=world)
    assert the_file(world).state is FileState.PAID


def test_the_history_of_the_file_has_no_holes_and_replays_to_its_state() -> None:
    world = new_world()
    person_id, payment_id = paid(world)
    settle.sync(payment_id, tools=world)
    entries = world.store.all(Entry, person_id, YEAR)
    assert [entry.position for entry in entries] == list(range(1, the_file(world).fact_count + 1))
    assert FILE.replay(entry.name for entry in entries) == the_file(world).state


@pytest.mark.parametrize("order", list(permutations(["notify", "return", "sweep", "click"])))
def test_every_order_of_news_gives_one_settlement_and_one_certificate(order: tuple[str, ...]) -> None:
    world = new_world()
    person_id, payment_id = paid(world)
    world.clock.advance(minutes=3)
    acts: dict[str, Callable[[], object]] = {
        "notify": lambda: watch.look_into(payment_id, tools=world),
        "return": lambda: pay.read_payment(payment_id, tools=world),
        "sweep": lambda: watch.reconcile(tools=world),
        "click": lambda: _click(person_id, world),
    }
    for name in order * 2:
        acts[name]()
    assert len(world.store.of(Certificate)) == 1
    assert world.cards.kept_cents == 10500
    assert world.cards.open_pages == []


def _click(person_id: str, world: World) -> None:
    """Another click on Pay: the page just paid is offered again at most, never another."""
    from cvec.domain.errors import AlreadyInOrder

    try:
        pay.pay_by_card(person_id, YEAR, "fr", tools=world)
    except AlreadyInOrder:
        assert the_file(world).state is FileState.PAID


def test_a_day_later_nothing_is_left_to_do() -> None:
    world = new_world()
    _, payment_id = paid(world)
    settle.sync(payment_id, tools=world)
    world.clock.at += timedelta(days=1)
    assert list(world.store.due(Payment, world.clock.now())) == []

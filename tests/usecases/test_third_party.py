"""Somebody else pays: 48 hours to the second, one link, one applied payment, and no stranger learns anything."""

from datetime import UTC, datetime, timedelta

import pytest
from cvec.domain.accounts import Account, AccountState
from cvec.domain.errors import (
    AlreadyInOrder,
    CardProviderUnavailable,
    FileNotReady,
    PaymentLinkOver,
    Refusal,
    TooManyLinks,
)
from cvec.domain.files import FILE, File, FileState
from cvec.domain.history import Entry
from cvec.domain.mails import Mail, Template
from cvec.domain.payment_links import LIFE, LinkState, PaymentLink, ShownName
from cvec.domain.payments import PAGE_LIFE, Disposition, Payer, Payment
from cvec.domain.refunds import Refund
from cvec.usecases import certify, link_time, pay, settle, third_party
from cvec.usecases.answers import LinkView

from tests.support.fakes import FakeClock, World, new_world
from tests.support.people import YEAR, ready_to_pay, with_password


def offered(world: World, person_id: str | None = None, **how: str) -> tuple[str, str]:
    """A person and the token of the link they gave."""
    person_id = person_id or ready_to_pay(world)
    view = third_party.ask_third_party(
        person_id, YEAR, name=ShownName.FIRST_NAME_AND_INITIAL, language="fr", tools=world, **how
    )
    assert view.url is not None
    return person_id, view.url.rpartition("/")[2]


def link_of(world: World, person_id: str) -> LinkView:
    return third_party.my_link(person_id, YEAR, tools=world)


def accept(world: World, token: str) -> str:
    """The payer accepts; the id of the payment."""
    return third_party.accept_link(token, "en", tools=world).payment


def pay_page(world: World, payment_id: str) -> None:
    """The payer pays, and we hear of it."""
    assert world.cards.pay(f"page-{payment_id}")
    settle.sync(payment_id, tools=world)


def mails(world: World) -> list[Template]:
    return [mail.template for mail in world.store.of(Mail)]


def test_the_payer_sees_what_for_whom_how_much_until_when_and_nothing_else() -> None:
    world = new_world()
    _, token = offered(world, phrase="Merci maman")
    seen = third_party.open_link(token, tools=world).model_dump()
    assert set(seen) == {"year", "shown_name", "phrase", "amount_cents", "currency", "expires_at"}
    assert (seen["shown_name"], seen["phrase"], seen["amount_cents"]) == ("François N.", "Merci maman", 10500)
    assert seen["expires_at"] == world.clock.now() + timedelta(hours=48)


def test_only_what_the_token_is_derived_from_is_stored() -> None:
    world = new_world()
    _, token = offered(world)
    assert token not in repr(world.store.rows)


def test_a_link_paid_by_a_third_party_settles_the_file_and_tells_the_student() -> None:
    world = new_world()
    person_id, token = offered(world)
    payment_id = accept(world, token)
    pay_page(world, payment_id)
    certify.issue(person_id, YEAR, tools=world)
    payment = world.store.find(Payment, payment_id)
    assert payment is not None
    assert (payment.payer, payment.disposition) == (Payer.THIRD_PARTY, Disposition.APPLIED)
    assert link_of(world, person_id).state is LinkState.USED
    assert Template.THIRD_PARTY_PAID in mails(world)


def test_a_mail_scanner_that_opens_the_link_consumes_nothing() -> None:
    world = new_world()
    person_id, token = offered(world)
    for _ in range(20):
        third_party.open_link(token, tools=world)
    assert link_of(world, person_id).state is LinkState.OPENED
    pay_page(world, accept(world, token))
    assert world.store.of(File)[0].state is FileState.PAID


@pytest.mark.parametrize(
    "start",
    [
        datetime(2026, 7, 1, 10, tzinfo=UTC),
        datetime(2026, 10, 24, 12, tzinfo=UTC),  # the night clocks in Paris go back
        datetime(2027, 3, 27, 12, tzinfo=UTC),  # the night they go forward
        datetime(2028, 2, 28, 23, 59, 59, tzinfo=UTC).replace(year=2027),
    ],
)
def test_a_link_is_accepted_at_47_59_59_and_refused_at_48_00_00(start: datetime) -> None:
    for moment, is_accepted in ((LIFE - timedelta(seconds=1), True), (LIFE, False)):
        world = new_world(clock=FakeClock(start - timedelta(minutes=1)))
        person_id = ready_to_pay(world)
        world.clock.at = start
        _, token = offered(world, person_id)
        world.clock.at = start + moment
        if is_accepted:
            assert accept(world, token)
        else:
            with pytest.raises(PaymentLinkOver):
                accept(world, token)
            assert link_of(world, person_id).state is LinkState.EXPIRED


def test_a_row_that_storage_has_not_swept_after_five_days_opens_nothing() -> None:
    world = new_world()
    _, token = offered(world)
    world.clock.advance(days=5)
    assert world.store.of(PaymentLink)
    for act in (
        lambda: third_party.open_link(token, tools=world),
        lambda: accept(world, token),
        lambda: third_party.refuse_link(token, None, tools=world),
    ):
        with pytest.raises(PaymentLinkOver):
            act()
    assert world.cards.pages == {}


def test_a_payment_begun_before_the_48th_hour_may_finish_after_it() -> None:
    world = new_world()
    person_id, token = offered(world)
    world.clock.at += LIFE - timedelta(seconds=1)
    payment_id = accept(world, token)
    world.clock.at += PAGE_LIFE - timedelta(minutes=1)
    link_time.tend_links(tools=world)
    pay_page(world, payment_id)
    assert world.store.of(File)[0].state is FileState.PAID
    assert link_of(world, person_id).state is LinkState.EXPIRED


def test_to_a_stranger_unknown_refused_revoked_used_and_expired_are_one_answer() -> None:
    answers = set()
    for end in ("unknown", "refused", "revoked", "used", "expired", "replaced"):
        world = new_world()
        person_id, token = offered(world)
        if end == "unknown":
            token = "A" * 43
        elif end == "refused":
            third_party.refuse_link(token, None, tools=world)
        elif end == "revoked":
            third_party.revoke_link(person_id, YEAR, tools=world)
        elif end == "used":
            pay_page(world, accept(world, token))
        elif end == "expired":
            world.clock.at += LIFE
        else:
            offered(world, person_id)
        for act in (third_party.open_link, lambda t, tools: third_party.accept_link(t, "fr", tools=tools)):
            with pytest.raises(Refusal) as refusal:
                act(token, tools=world)
            answers.add((refusal.value.code, tuple(refusal.value.details.items())))
    assert answers == {("payment_link_over", ())}


def test_to_the_student_each_end_is_its_own_answer() -> None:
    states = {}
    for end in ("refused", "revoked", "used", "expired"):
        world = new_world()
        person_id, token = offered(world)
        if end == "refused":
            third_party.refuse_link(token, "Pas cette fois", tools=world)
            assert link_of(world, person_id).refusal == "Pas cette fois"
        elif end == "revoked":
            third_party.revoke_link(person_id, YEAR, tools=world)
        elif end == "used":
            pay_page(world, accept(world, token))
        else:
            world.clock.at += LIFE
        view = link_of(world, person_id)
        states[end] = view.state
        assert view.url is None
    assert states == {
        "refused": LinkState.DECLINED,
        "revoked": LinkState.REVOKED,
        "used": LinkState.USED,
        "expired": LinkState.EXPIRED,
    }


def test_a_new_link_revokes_the_one_before() -> None:
    world = new_world()
    person_id, old = offered(world)
    _, new = offered(world, person_id)
    with pytest.raises(PaymentLinkOver):
        accept(world, old)
    assert accept(world, new)
    assert sorted(link.state for link in world.store.of(PaymentLink)) == [LinkState.IN_PAYMENT, LinkState.REVOKED]


def test_renewing_while_the_payer_is_paying_closes_their_page_first() -> None:
    world = new_world()
    person_id, old = offered(world)
    payment_id = accept(world, old)
    offered(world, person_id)
    assert not world.cards.pay(f"page-{payment_id}")
    assert world.cards.open_pages == []


def test_renewing_just_after_the_payer_paid_tells_the_student_they_are_in_order() -> None:
    world = new_world()
    person_id, token = offered(world)
    world.cards.pay(f"page-{accept(world, token)}")
    with pytest.raises(AlreadyInOrder):
        offered(world, person_id)
    assert world.store.of(File)[0].state is FileState.PAID


def test_refusing_while_paying_closes_the_page_and_no_money_moves() -> None:
    world = new_world()
    _, token = offered(world)
    payment_id = accept(world, token)
    third_party.refuse_link(token, None, tools=world)
    assert not world.cards.pay(f"page-{payment_id}")
    assert Template.THIRD_PARTY_REFUSED in mails(world)


def test_refusing_just_after_paying_is_too_late_and_says_so() -> None:
    world = new_world()
    _, token = offered(world)
    world.cards.pay(f"page-{accept(world, token)}")
    with pytest.raises(AlreadyInOrder):
        third_party.refuse_link(token, None, tools=world)
    assert world.store.of(File)[0].state is FileState.PAID


def test_paying_it_oneself_revokes_the_link_and_closes_the_payers_page() -> None:
    world = new_world()
    person_id, token = offered(world)
    theirs = accept(world, token)
    mine = pay.pay_by_card(person_id, YEAR, "fr", tools=world)
    assert [page.payment.id for page in world.cards.open_pages] == [mine.payment]
    assert not world.cards.pay(f"page-{theirs}")
    assert link_of(world, person_id).state is LinkState.REVOKED


def test_accepting_closes_the_students_own_page_first() -> None:
    world = new_world()
    person_id = ready_to_pay(world)
    mine = pay.pay_by_card(person_id, YEAR, "fr", tools=world)
    _, token = offered(world, person_id)
    theirs = accept(world, token)
    assert [page.payment.id for page in world.cards.open_pages] == [theirs]
    assert not world.cards.pay(f"page-{mine.payment}")


def test_accepting_twice_gives_the_same_page() -> None:
    world = new_world()
    _, token = offered(world)
    assert accept(world, token) == accept(world, token)
    assert len(world.cards.pages) == 1


def test_an_outage_when_accepting_leaves_the_link_as_it_was() -> None:
    world = new_world()
    person_id, token = offered(world)
    world.cards.is_down = True
    with pytest.raises(CardProviderUnavailable):
        accept(world, token)
    world.cards.is_down = False
    pay_page(world, accept(world, token))
    assert link_of(world, person_id).state is LinkState.USED


def test_settlement_does_not_need_the_links_row() -> None:
    world = new_world()
    person_id, token = offered(world)
    payment_id = accept(world, token)
    (link,) = world.store.of(PaymentLink)
    world.store.commit(erase=[link])
    pay_page(world, payment_id)
    assert world.store.of(File)[0].state is FileState.PAID
    with pytest.raises(PaymentLinkOver):
        link_of(world, person_id)


def test_both_are_reminded_24_and_4_hours_before_the_end_and_told_of_it() -> None:
    world = new_world()
    _, _ = offered(world, payer_email="parent@example.org")
    told: list[tuple[int, list[Template]]] = []
    for hour in range(50):
        before = len(world.store.of(Mail))
        link_time.tend_links(tools=world)
        new = mails(world)[before:]
        if new:
            told.append((hour, new))
        world.clock.advance(hours=1)
    assert told == [
        (24, [Template.LINK_EXPIRING, Template.LINK_EXPIRING_FOR_PAYER]),
        (44, [Template.LINK_EXPIRING, Template.LINK_EXPIRING_FOR_PAYER]),
        (48, [Template.LINK_EXPIRED]),
    ]


def test_nobody_is_reminded_of_a_link_that_has_ended() -> None:
    world = new_world()
    _, token = offered(world)
    third_party.refuse_link(token, None, tools=world)
    world.clock.advance(hours=30)
    before = len(mails(world))
    link_time.tend_links(tools=world)
    assert len(mails(world)) == before


def test_at_most_five_links_a_day_are_mailed() -> None:
    world = new_world()
    person_id = ready_to_pay(world)
    for _ in range(5):
        offered(world, person_id, payer_email="parent@example.org")
    with pytest.raises(TooManyLinks):
        offered(world, person_id, payer_email="parent@example.org")
    offered(world, person_id)


def test_that_the_student_is_blocked_is_none_of_the_payers_business() -> None:
    world = new_world()
    person_id, token = offered(world)
    account = world.store.find(Account, person_id)
    assert account is not None
    world.store.commit(account.next(state=AccountState.BLOCKED))
    with pytest.raises(PaymentLinkOver):
        accept(world, token)
    assert world.cards.pages == {}


def test_a_link_before_the_file_is_ready_is_refused() -> None:
    world = new_world()
    with pytest.raises(FileNotReady):
        offered(world, with_password(world))


def test_revoking_twice_is_the_same() -> None:
    world = new_world()
    person_id, _ = offered(world)
    states = [third_party.revoke_link(person_id, YEAR, tools=world).state for _ in range(2)]
    assert states == [LinkState.REVOKED, LinkState.REVOKED]


def test_money_that_comes_late_through_a_link_to_a_file_settled_meanwhile_goes_back_to_the_payer() -> None:
    from cvec.domain.facts import Fact

    world = new_world()
    _, token = offered(world)
    payment_id = accept(world, token)
    file = world.store.of(File)[0]
    world.store.commit(file.after(Fact.EXEMPTION_GRANTED))
    pay_page(world, payment_id)
    assert world.cards.kept_cents == 0
    assert len(world.store.of(Refund)) == 1


def test_the_history_tells_the_whole_story_and_replays() -> None:
    world = new_world()
    person_id, token = offered(world)
    third_party.refuse_link(token, None, tools=world)
    _, again = offered(world, person_id)
    pay_page(world, accept(world, again))
    facts = world.store.facts(person_id, YEAR)
    assert facts == [
        "file_opened",
        "link_offered",
        "link_declined",
        "link_offered",
        "payment_started",
        "payment_applied",
    ]
    entries = world.store.all(Entry, person_id, YEAR)
    assert FILE.replay(entry.name for entry in entries) is FileState.PAID

"""What the mail service says of a mail is noted once, in whatever order it comes, and shown to whom it matters."""

from itertools import permutations

import pytest
from cvec.domain.deliveries import EmailDelivery
from cvec.domain.facts import Fact
from cvec.domain.mails import Mail, MailState
from cvec.ports import Letter, Undeliverable
from cvec.usecases import notify, register, verify

from tests.support.fakes import World, new_world
from tests.support.people import CONTACT, EMAIL, letters_sent, started

MISTYPED = "bounce@example.org"


def asked(world: World, email: str = EMAIL) -> tuple[str, str]:
    """A draft whose address was just given, and the mail with its code."""
    draft_id = started(world)
    verify.give_email(draft_id, email, tools=world)
    return draft_id, world.store.of(Mail)[-1].id


def state(world: World, mail_id: str) -> MailState:
    mail = world.store.find(Mail, mail_id)
    assert mail is not None
    return mail.state


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (Fact.MAIL_DELIVERED, "delivered"),
        (Fact.MAIL_BOUNCED, "bounced"),
        (Fact.MAIL_SUPPRESSED, "suppressed"),
        (Fact.MAIL_COMPLAINED, "complained"),
    ],
)
def test_the_student_sees_how_far_the_code_got(fact: Fact, expected: str) -> None:
    world = new_world()
    draft_id, mail_id = asked(world)
    seen = [register.read_registration(draft_id, tools=world).email_delivery]
    notify.deliver(mail_id, tools=world)
    seen.append(register.read_registration(draft_id, tools=world).email_delivery)
    notify.note(mail_id, fact, tools=world)
    seen.append(register.read_registration(draft_id, tools=world).email_delivery)
    assert seen == [EmailDelivery.WAITING, EmailDelivery.ACCEPTED, expected]
    assert register.save_contact(draft_id, CONTACT, tools=world).email_delivery == expected


def test_an_address_that_the_mail_service_refuses_is_said() -> None:
    world = new_world()
    draft_id, mail_id = asked(world)
    world.post.refuse_with = Undeliverable
    notify.deliver(mail_id, tools=world)
    assert register.read_registration(draft_id, tools=world).email_delivery is EmailDelivery.REFUSED


def test_a_corrected_address_starts_again_and_once_confirmed_nothing_is_said() -> None:
    world = new_world()
    draft_id, mail_id = asked(world, MISTYPED)
    notify.note(mail_id, Fact.MAIL_BOUNCED, tools=world)
    assert verify.give_email(draft_id, EMAIL, tools=world).email_delivery is EmailDelivery.WAITING
    view = verify.confirm_email(draft_id, letters_sent(draft_id, world), tools=world)
    assert view.email_delivery is None
    assert register.read_registration(draft_id, tools=world) == view


def test_news_of_the_mistyped_address_says_nothing_of_the_corrected_one() -> None:
    world = new_world()
    draft_id, mail_id = asked(world, MISTYPED)
    verify.give_email(draft_id, EMAIL, tools=world)
    notify.note(mail_id, Fact.MAIL_BOUNCED, tools=world)
    assert register.read_registration(draft_id, tools=world).email_delivery is EmailDelivery.WAITING


@pytest.mark.parametrize("order", list(permutations([Fact.MAIL_SENT, Fact.MAIL_DELIVERED, Fact.MAIL_BOUNCED])))
def test_a_bounce_is_the_last_word_in_whatever_order_news_comes(order: tuple[Fact, ...]) -> None:
    world = new_world()
    _, mail_id = asked(world)
    for fact in (*order, *order):
        notify.note(mail_id, fact, tools=world)
    assert state(world, mail_id) is MailState.BOUNCED


def test_news_that_overtakes_the_mail_service_s_answer_ends_the_sending() -> None:
    world = new_world()
    _, mail_id = asked(world)
    send = world.post.send

    def tell_first(letter: Letter) -> None:
        send(letter)
        notify.note(mail_id, Fact.MAIL_DELIVERED, tools=world)

    world.post.send = tell_first  # type: ignore[method-assign]
    notify.deliver(mail_id, tools=world)
    world.clock.advance(hours=1)
    notify.deliver_late_ones(tools=world)
    assert len(world.post.sent) == 1
    assert state(world, mail_id) is MailState.DELIVERED


def test_news_proves_that_a_mail_left_whose_answer_was_lost() -> None:
    world = new_world()
    _, mail_id = asked(world)
    notify.note(mail_id, Fact.MAIL_DELIVERED, tools=world)
    notify.deliver(mail_id, tools=world)
    assert world.post.sent == []
    mail = world.store.find(Mail, mail_id)
    assert mail is not None
    assert (mail.to, mail.words, mail.look_at, mail.left_at) == (None, {}, None, world.clock.now())


def test_news_of_a_mail_that_is_not_ours_changes_nothing() -> None:
    world = new_world()
    asked(world)
    before = dict(world.store.rows)
    notify.note("nobody", Fact.MAIL_BOUNCED, tools=world)
    assert world.store.rows == before

"""A registration goes on elsewhere by its confirmed mailbox, once per link, and strangers learn nothing."""

from datetime import timedelta

import pytest
from cvec.domain.errors import LinkExpired, LinkUsed, NoRegistration, TooManyCodes, UnknownLink
from cvec.domain.limits import Quota
from cvec.domain.mails import Mail, Template
from cvec.domain.registration import LIFE, Draft
from cvec.domain.resumption import DraftMailbox
from cvec.domain.sessions import MAX_SESSIONS, Holder, OneUseLink, Session
from cvec.usecases import register, resume, verify
from cvec.usecases.sessions import find_session

from tests.support.fakes import World, new_world
from tests.support.people import EMAIL, filled_but_email, letters_sent, password_token, registered, started

OTHER, STRANGER = "francois.autre@example.org", "nobody@example.org"


def confirm(world: World, draft_id: str, email: str = EMAIL) -> None:
    verify.give_email(draft_id, email, tools=world)
    verify.confirm_email(draft_id, letters_sent(draft_id, world), tools=world)


def under_way(world: World, email: str = EMAIL) -> str:
    """A draft with every screen, whose address is confirmed."""
    draft_id = filled_but_email(world)
    confirm(world, draft_id, email)
    return draft_id


def link_for(world: World, email: str = EMAIL) -> str:
    """The token of the link that is mailed when asked for."""
    resume.send_resume_link(email, tools=world)
    return password_token(world, Template.RESUME_LINK)


def mailed(world: World, template: Template = Template.RESUME_LINK) -> list[Mail]:
    return [one for one in world.store.of(Mail) if one.template is template and one.to]


def test_the_link_opens_the_same_draft_in_one_more_browser_and_the_first_keeps_it() -> None:
    world = new_world()
    draft_id = under_way(world)
    before = register.read_registration(draft_id, tools=world)
    view, cookie = resume.resume_registration(link_for(world), tools=world)
    assert view == before
    session = find_session(cookie, Holder.DRAFT, tools=world)
    assert session is not None
    assert session.subject == draft_id
    assert len(world.store.all(Session, draft_id)) == 2


def test_a_link_serves_once() -> None:
    world = new_world()
    under_way(world)
    token = link_for(world)
    resume.resume_registration(token, tools=world)
    with pytest.raises(LinkUsed):
        resume.resume_registration(token, tools=world)


def test_a_link_that_opens_passwords_opens_no_draft() -> None:
    world = new_world()
    registered(world)
    with pytest.raises(UnknownLink):
        resume.resume_registration(password_token(world), tools=world)


@pytest.mark.parametrize(("hours", "is_good"), [(23.999, True), (24, False)])
def test_a_link_serves_for_a_day(hours: float, is_good: bool) -> None:
    world = new_world()
    under_way(world)
    token = link_for(world)
    world.clock.advance(hours=hours)
    if is_good:
        resume.resume_registration(token, tools=world)
    else:
        with pytest.raises(LinkExpired):
            resume.resume_registration(token, tools=world)


def test_a_link_asked_for_on_the_last_day_ends_with_the_draft() -> None:
    world = new_world()
    draft_id = under_way(world)
    draft = world.store.find(Draft, draft_id)
    assert draft is not None
    world.clock.at = draft.expires_at - timedelta(hours=1)
    token = link_for(world)
    world.clock.at = draft.expires_at
    with pytest.raises(LinkExpired):
        resume.resume_registration(token, tools=world)


def test_an_address_that_was_only_typed_gets_no_mail() -> None:
    world = new_world()
    verify.give_email(started(world), EMAIL, tools=world)
    resume.send_resume_link(EMAIL, tools=world)
    assert mailed(world) == []


def test_once_the_address_was_corrected_the_old_mailbox_opens_nothing() -> None:
    world = new_world()
    draft_id = under_way(world)
    token = link_for(world)
    world.clock.advance(minutes=2)
    confirm(world, draft_id, OTHER)
    with pytest.raises(LinkUsed):
        resume.resume_registration(token, tools=world)
    resume.send_resume_link(EMAIL, tools=world)
    assert [one.to for one in mailed(world)] == [EMAIL]  # the first only
    resume.send_resume_link(OTHER, tools=world)
    assert [one.to for one in mailed(world)] == [EMAIL, OTHER]


def test_the_link_leads_to_the_draft_that_was_confirmed_last() -> None:
    world = new_world()
    under_way(world)
    world.clock.advance(minutes=2)
    second = started(world)
    confirm(world, second)
    _, cookie = resume.resume_registration(link_for(world), tools=world)
    assert cookie.startswith(f"{second}.")


def test_once_the_account_is_made_no_link_opens_the_draft_and_nothing_leads_to_it() -> None:
    world = new_world()
    draft_id = under_way(world)
    token = link_for(world)
    register.complete_registration(draft_id, tools=world)
    with pytest.raises(LinkUsed):
        resume.resume_registration(token, tools=world)
    assert world.store.of(DraftMailbox) == []


def test_known_and_unknown_addresses_read_and_write_the_same_kinds_of_rows() -> None:
    world = new_world()
    under_way(world)
    known, unknown = written(world, EMAIL), written(world, STRANGER)
    assert known == unknown
    assert known == {(Quota, 1), (OneUseLink, 1), (Mail, 1)}
    assert [one.to for one in mailed(world)] == [EMAIL]


def written(world: World, email: str) -> set[tuple[type, int]]:
    """How many rows of each kind asking for a link adds."""
    kinds = (Quota, OneUseLink, Mail, Session, DraftMailbox, Draft)
    before = {kind: len(world.store.of(kind)) for kind in kinds}
    resume.send_resume_link(email, tools=world)
    added = {kind: len(world.store.of(kind)) - before[kind] for kind in kinds}
    return {(kind, number) for kind, number in added.items() if number}


def test_the_mail_of_a_stranger_is_no_work_and_is_forgotten_like_others() -> None:
    world = new_world()
    resume.send_resume_link(STRANGER, tools=world)
    [letter] = world.store.of(Mail)
    assert (letter.to, letter.words, letter.look_at) == (None, {}, None)
    assert letter.swept_at is not None


@pytest.mark.parametrize("email", [EMAIL, STRANGER])
def test_an_address_gets_ten_links_a_day_at_most_known_or_not(email: str) -> None:
    world = new_world()
    under_way(world)
    sent = 0
    for _ in range(100):
        try:
            resume.send_resume_link(email, tools=world)
            sent += 1
        except TooManyCodes:
            pass
        world.clock.advance(minutes=14)
    assert sent == 10


def test_a_draft_is_open_in_ten_browsers_at_most() -> None:
    world = new_world()
    draft_id = under_way(world)
    for _ in range(MAX_SESSIONS + 2):
        resume.resume_registration(link_for(world), tools=world)
        world.clock.advance(hours=3)
    assert len(world.store.all(Session, draft_id)) == MAX_SESSIONS


def test_nothing_is_resumed_after_the_draft_s_end() -> None:
    world = new_world()
    draft_id = under_way(world)
    world.clock.at += LIFE
    resume.send_resume_link(EMAIL, tools=world)
    assert mailed(world) == []
    with pytest.raises(NoRegistration):
        register.read_registration(draft_id, tools=world)

"""Cookies: whose they are, until when, and what is none."""

import pytest
from cvec.domain.sessions import Holder, Session, token_digest
from cvec.usecases.sessions import end_other_sessions, end_session, find_session, list_sessions, opened_session

from tests.support.fakes import World, new_world
from tests.support.people import INE, signed_in, with_password


def opened(world: World, holder: Holder) -> str:
    session, cookie = opened_session(holder, "somebody", tools=world)
    world.store.commit(session)
    return cookie


@pytest.mark.parametrize(("holder", "hours"), [(Holder.STUDENT, 12), (Holder.DRAFT, 14 * 24)])
def test_a_session_ends_at_its_last_hour(holder: Holder, hours: int) -> None:
    world = new_world()
    cookie = opened(world, holder)
    world.clock.advance(hours=hours, seconds=-1)
    assert find_session(cookie, holder, tools=world)
    world.clock.advance(seconds=1)
    assert find_session(cookie, holder, tools=world) is None


def test_a_cookie_says_whose_it_is_and_a_token_that_is_not_stored() -> None:
    world = new_world()
    cookie = opened(world, Holder.STUDENT)
    subject, _, token = cookie.partition(".")
    [session] = world.store.of(Session)
    assert (session.subject, session.digest) == (subject, token_digest(token))
    assert token not in session.model_dump_json()


@pytest.mark.parametrize(
    "cookie", ["", ".", "somebody", "somebody.", ".token", "some/body.token", "a" * 300 + ".b", "é.\ud800"]
)
def test_what_is_no_cookie_of_ours_opens_nothing(cookie: str) -> None:
    world = new_world()
    opened(world, Holder.STUDENT)
    assert find_session(cookie, Holder.STUDENT, tools=world) is None


def test_the_sessions_of_a_person_are_listed_newest_first_with_this_one_marked() -> None:
    world = new_world()
    with_password(world)
    first = signed_in(world)
    world.clock.advance(hours=1)
    second = signed_in(world)
    listed = list_sessions(first, tools=world)
    assert [(one.session, one.is_this_one) for one in listed] == [(second.id, False), (first.id, True)]


def test_a_session_s_name_is_neither_its_token_nor_its_digest() -> None:
    world = new_world()
    cookie = opened(world, Holder.STUDENT)
    [session] = world.store.of(Session)
    assert session.id not in (session.digest, cookie, cookie.partition(".")[2])
    assert find_session(f"somebody.{session.id}", Holder.STUDENT, tools=world) is None


def test_one_s_own_session_is_ended_by_its_name_and_twice_is_the_same() -> None:
    world = new_world()
    with_password(world)
    first, second = signed_in(world), signed_in(world)
    for _ in range(2):
        end_session(first, second.id, tools=world)
    assert [one.session for one in list_sessions(first, tools=world)] == [first.id]


def test_somebody_else_s_session_cannot_be_ended() -> None:
    world = new_world()
    with_password(world)
    with_password(world, "ana@example.org", f"X{INE[1:]}")
    mine, theirs = signed_in(world), signed_in(world, "ana@example.org")
    end_session(mine, theirs.id, tools=world)
    end_other_sessions(mine, tools=world)
    assert [one.session for one in list_sessions(theirs, tools=world)] == [theirs.id]


def test_all_other_sessions_end_at_once_and_the_draft_s_is_no_session_of_the_account() -> None:
    world = new_world()
    with_password(world)
    sessions = [signed_in(world) for _ in range(3)]
    for _ in range(2):
        end_other_sessions(sessions[1], tools=world)
    assert [one.session for one in list_sessions(sessions[1], tools=world)] == [sessions[1].id]


def test_a_session_that_is_over_is_not_listed() -> None:
    world = new_world()
    with_password(world)
    signed_in(world)
    world.clock.advance(hours=12)
    session = signed_in(world)
    assert [one.session for one in list_sessions(session, tools=world)] == [session.id]

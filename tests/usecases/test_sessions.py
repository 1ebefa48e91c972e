"""Cookies: whose they are, until when, and what is none."""

import pytest
from cvec.domain.sessions import Holder, Session, token_digest
from cvec.usecases.sessions import find_session, opened_session

from tests.support.fakes import World, new_world


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

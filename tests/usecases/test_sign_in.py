"""Signing in: one answer to strangers, a lock that ends, sessions that a new password ends."""

from collections.abc import Callable, Sequence

import pytest
from cvec.domain.accounts import Account, AccountState
from cvec.domain.errors import (
    TooManySignIns,
    WrongCredentials,
)
from cvec.domain.limits import Quota
from cvec.domain.mails import Template
from cvec.domain.model import Row
from cvec.domain.sessions import Holder, Session
from cvec.usecases import passwords, sign_in
from cvec.usecases.sessions import find_session

from tests.support.crowd import outcome
from tests.support.fakes import MemoryStore, new_world
from tests.support.people import (
    EMAIL,
    PASSWORD,
    password_token,
    registered,
    signed_in,
    with_password,
)

STRANGER = "nobody@example.org"


@pytest.mark.parametrize("typed", [EMAIL.upper(), EMAIL.title()])
def test_the_case_of_the_address_does_not_matter(typed: str) -> None:
    world = new_world()
    person_id = with_password(world)
    session = sign_in.sign_in(typed, PASSWORD, tools=world).session
    assert session.subject == person_id


def test_before_a_password_is_set_nobody_signs_in() -> None:
    world = new_world()
    registered(world)
    for password in ("", "None", PASSWORD):
        with pytest.raises(WrongCredentials):
            sign_in.sign_in(EMAIL, password, tools=world)


def test_a_password_is_checked_even_for_nobody_so_that_time_tells_nothing() -> None:
    world = new_world()
    checked: list[str | None] = []

    def check(password: str, hashed: str | None) -> bool:
        checked.append(hashed)
        return False

    world.passwords.verify = check  # type: ignore[method-assign]
    assert outcome(sign_in.sign_in, STRANGER, PASSWORD, tools=world) == "wrong_credentials"
    assert checked == [None]


@pytest.mark.parametrize("email", [EMAIL, STRANGER])
def test_ten_failures_lock_for_a_quarter_of_an_hour_known_or_not(email: str) -> None:
    world = new_world()
    with_password(world)
    outcomes = [outcome(sign_in.sign_in, email, "not the one", tools=world) for _ in range(11)]
    assert outcomes == ["wrong_credentials"] * 10 + ["too_many_sign_ins"]
    world.clock.advance(seconds=899)
    assert outcome(sign_in.sign_in, email, PASSWORD, tools=world) == "too_many_sign_ins"
    world.clock.advance(seconds=1)
    assert outcome(sign_in.sign_in, email, PASSWORD, tools=world) == ("done" if email == EMAIL else "wrong_credentials")


def test_twenty_five_failures_a_day_and_no_more() -> None:
    world = new_world()
    with_password(world)
    outcomes = []
    for _ in range(90):
        outcomes.append(outcome(sign_in.sign_in, EMAIL, "not the one", tools=world))
        world.clock.advance(minutes=15)
    assert outcomes.count("wrong_credentials") == 25


def test_a_good_sign_in_forgets_the_failures() -> None:
    world = new_world()
    with_password(world)
    for _ in range(3):
        for _ in range(9):
            outcome(sign_in.sign_in, EMAIL, "not the one", tools=world)
        signed_in(world)
    assert [quota for quota in world.store.of(Quota) if quota.limit == "sign_ins_failed"] == []


def test_the_lock_never_stops_a_new_password() -> None:
    world = new_world()
    with_password(world)
    for _ in range(10):
        outcome(sign_in.sign_in, EMAIL, "not the one", tools=world)
    with pytest.raises(TooManySignIns):
        signed_in(world)
    passwords.send_password_link(EMAIL, tools=world)
    passwords.set_password(password_token(world, Template.PASSWORD_LINK), "une autre phrase", tools=world)


def test_a_new_password_ends_every_session_and_is_in_the_history() -> None:
    world = new_world()
    person_id = with_password(world)
    for _ in range(3):
        signed_in(world)
    passwords.send_password_link(EMAIL, tools=world)
    passwords.set_password(password_token(world, Template.PASSWORD_LINK), "une autre phrase", tools=world)
    assert [session for session in world.store.of(Session) if session.subject == person_id] == []
    assert world.store.facts(person_id, "account") == ["registration_completed", "password_set", "password_set"]
    [account] = world.store.of(Account)
    assert account.state is AccountState.ACTIVE


def test_the_eleventh_browser_ends_the_session_of_the_first() -> None:
    world = new_world()
    person_id = with_password(world)
    sessions = []
    for _ in range(11):
        sessions.append(signed_in(world))
        world.clock.advance(minutes=1)
    kept = {session.digest for session in world.store.all(Session, person_id)}
    assert kept == {session.digest for session in sessions[1:]}


def test_signing_out_ends_this_session_alone_and_twice_is_the_same() -> None:
    world = new_world()
    with_password(world)
    first, second = signed_in(world), signed_in(world)
    sign_in.sign_out(first, tools=world)
    sign_in.sign_out(first, tools=world)
    assert world.store.of(Session)[-1].digest == second.digest


def test_a_session_s_cookie_opens_only_its_own_kind() -> None:
    world = new_world()
    with_password(world)
    cookie = sign_in.sign_in(EMAIL, PASSWORD, tools=world).cookie
    assert find_session(cookie, Holder.STUDENT, tools=world)
    assert find_session(cookie, Holder.DRAFT, tools=world) is None
    assert find_session(f"{cookie}x", Holder.STUDENT, tools=world) is None
    assert find_session(cookie.replace(".", ""), Holder.STUDENT, tools=world) is None


class ResetMeanwhile(MemoryStore):
    """Just before a session is written, its owner sets another password by a mailed link."""

    reset: Callable[[], None] | None = None

    def commit(self, *rows: Row, erase: Sequence[Row] = ()) -> None:
        reset, is_opening = self.reset, any(isinstance(row, Session) for row in rows)
        if reset and is_opening:
            self.reset = None
            reset()
        super().commit(*rows, erase=erase)


def test_an_old_password_opens_no_session_that_outlives_its_reset() -> None:
    store = ResetMeanwhile()
    world = new_world(store=store)
    person_id = with_password(world)
    passwords.send_password_link(EMAIL, tools=world)
    token = password_token(world, Template.PASSWORD_LINK)
    store.reset = lambda: passwords.set_password(token, "sept tortues lisent le journal", tools=world)
    assert outcome(sign_in.sign_in, EMAIL, PASSWORD, tools=world) == "wrong_credentials"
    assert world.store.all(Session, person_id) == []

"""Codes, links, passwords and sign-in: proofs that work once, expire, and bound their failures."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from cvec.domain.codes import VerificationCode
from cvec.domain.errors import (
    CodeExpired,
    EmailNotVerified,
    TooManyCodes,
    TooManyGuesses,
    WrongCode,
)
from cvec.domain.mails import Mail, Template
from cvec.domain.registration import DraftState
from cvec.usecases import tokens, verify

from tests.support.crowd import SharedStore, outcome
from tests.support.fakes import World, new_world
from tests.support.people import (
    EMAIL,
    letters_sent,
    started,
    with_password,
)

STRANGER, WRONG = "nobody@example.org", "ZZZZZZ"


def waiting(world: World, email: str = EMAIL) -> str:
    """A draft whose address was just sent a code."""
    draft_id = started(world)
    verify.give_email(draft_id, email, tools=world)
    return draft_id


def test_a_code_serves_until_its_tenth_minute() -> None:
    for seconds, expected in ((599, "done"), (600, "code_expired")):
        world = new_world()
        draft_id = waiting(world)
        letters = letters_sent(draft_id, world)
        world.clock.advance(seconds=seconds)
        assert outcome(verify.confirm_email, draft_id, letters, tools=world) == expected


def test_a_code_opens_no_other_draft() -> None:
    world = new_world()
    first = waiting(world)
    second = waiting(world, STRANGER)
    with pytest.raises(WrongCode):
        verify.confirm_email(second, letters_sent(first, world), tools=world)


def test_a_code_confirms_once_and_confirming_again_changes_nothing() -> None:
    world = new_world()
    draft_id = waiting(world)
    letters = letters_sent(draft_id, world)
    view = verify.confirm_email(draft_id, letters, tools=world)
    assert world.store.of(VerificationCode) == []
    before = dict(world.store.rows)
    assert verify.confirm_email(draft_id, WRONG, tools=world) == view
    assert world.store.rows == before


def test_a_code_of_the_address_before_is_over() -> None:
    world = new_world()
    draft_id = waiting(world)
    letters = letters_sent(draft_id, world)
    verify.give_email(draft_id, STRANGER, tools=world)
    with pytest.raises(WrongCode):
        verify.confirm_email(draft_id, letters, tools=world)


def test_the_same_address_given_again_after_a_minute_sends_a_new_code() -> None:
    world = new_world()
    draft_id = waiting(world)
    first = letters_sent(draft_id, world)
    with pytest.raises(TooManyCodes):
        verify.give_email(draft_id, EMAIL, tools=world)
    world.clock.advance(minutes=1)
    assert verify.give_email(draft_id, EMAIL, tools=world).email == EMAIL
    assert letters_sent(draft_id, world) != first


def test_a_confirmed_address_given_again_stays_confirmed_and_sends_nothing() -> None:
    world = new_world()
    draft_id = waiting(world)
    verify.confirm_email(draft_id, letters_sent(draft_id, world), tools=world)
    sent = len(world.store.of(Mail))
    assert verify.give_email(draft_id, EMAIL, tools=world).state is DraftState.EMAIL_VERIFIED
    assert verify.send_code_again(draft_id, tools=world).state is DraftState.EMAIL_VERIFIED
    assert len(world.store.of(Mail)) == sent


def test_without_an_address_there_is_nothing_to_send() -> None:
    world = new_world()
    with pytest.raises(EmailNotVerified):
        verify.send_code_again(started(world), tools=world)
    with pytest.raises(CodeExpired):
        verify.confirm_email(started(world), WRONG, tools=world)


def test_an_address_gets_ten_codes_a_day_from_all_drafts_together() -> None:
    world = new_world()
    sent = 0
    for _ in range(200):
        sent += outcome(waiting, world) == "done"
        world.clock.advance(minutes=6)
    assert sent == 10


def test_ten_guesses_a_day_whatever_the_resends_and_the_drafts() -> None:
    world = new_world()
    outcomes = []
    for _ in range(10):
        draft_id = waiting(world)
        outcomes += [outcome(verify.confirm_email, draft_id, WRONG, tools=world) for _ in range(3)]
        world.clock.advance(minutes=13)
    assert outcomes == ["wrong_code"] * 10 + ["too_many_guesses"] * 20


def test_after_ten_wrong_guesses_even_the_right_one_waits_a_day() -> None:
    world = new_world()
    draft_id = waiting(world)
    for _ in range(10):
        outcome(verify.confirm_email, draft_id, WRONG, tools=world)
    with pytest.raises(TooManyGuesses):
        verify.confirm_email(draft_id, letters_sent(draft_id, world), tools=world)
    world.clock.advance(days=1)
    verify.send_code_again(draft_id, tools=world)
    assert outcome(verify.confirm_email, draft_id, letters_sent(draft_id, world), tools=world) == "done"


def test_no_more_than_ten_guesses_are_looked_at_however_many_come_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    world = new_world(store=SharedStore())
    draft_id = waiting(world)
    looked_at: list[str] = []

    def compare(typed: str, expected: str) -> bool:
        looked_at.append(typed)
        return tokens.same_secret(typed, expected)

    monkeypatch.setattr(verify, "same_secret", compare)
    with ThreadPoolExecutor(16) as pool:
        guesses = [pool.submit(outcome, verify.confirm_email, draft_id, WRONG, tools=world) for _ in range(100)]
    outcomes = [guess.result() for guess in guesses]
    assert 1 <= len(looked_at) <= 10
    assert set(outcomes) <= {"wrong_code", "too_many_guesses", "stale"}
    assert outcomes.count("wrong_code") == len(looked_at)


def test_known_and_unknown_addresses_leave_the_same_trace_but_their_mail() -> None:
    world = new_world()
    with_password(world)
    world.clock.advance(days=1)
    counted = [world.store.writes]
    for email in (EMAIL, STRANGER):
        waiting(world, email)
        counted.append(world.store.writes)
    assert counted[1] - counted[0] == counted[2] - counted[1]
    assert [mail.template for mail in world.store.of(Mail)[-2:]] == [Template.ALREADY_REGISTERED, Template.CODE]

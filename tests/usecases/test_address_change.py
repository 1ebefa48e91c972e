"""Another sign-in address: with the password and a code, told to both, the old claim released, other sessions ended."""

import pytest
from cvec.domain.accounts import Claim, Person
from cvec.domain.codes import CodePurpose, VerificationCode
from cvec.domain.errors import AddressTaken, CodeExpired, InvalidFields, NotSignedIn, TooManyCodes, WrongCode
from cvec.domain.mails import Mail, Template
from cvec.domain.sessions import Session
from cvec.usecases import passwords, sign_in
from cvec.usecases.address_change import ask_new_address, confirm_new_address
from cvec.usecases.sessions import end_session
from cvec.usecases.tokens import code_letters

from tests.support.crowd import outcome
from tests.support.fakes import World, new_world
from tests.support.people import EMAIL, PASSWORD, password_token, registered, signed_in, with_password

NEW, OTHER_INE = "francois@example.com", "223120671JH"


def letters(world: World, person_id: str) -> str:
    """The letters that the new address received."""
    code = world.store.find(VerificationCode, person_id, CodePurpose.NEW_EMAIL)
    assert code is not None
    return code_letters(code.id, secrets=world.secrets)


def asked(world: World, email: str = NEW) -> tuple[str, Session]:
    """A person who asked for another address, and their session."""
    person_id, session = with_password(world), signed_in(world)
    ask_new_address(session, email, PASSWORD, tools=world)
    return person_id, session


def changed(world: World) -> tuple[str, Session]:
    """A person who has another address, and their session."""
    person_id, session = asked(world)
    confirm_new_address(session, letters(world, person_id), tools=world)
    return person_id, session


def mailed(world: World, template: Template) -> list[str | None]:
    return [mail.to for mail in world.store.of(Mail) if mail.template is template]


def test_the_new_address_signs_in_and_the_old_one_does_not() -> None:
    world = new_world()
    person_id, _ = changed(world)
    person = world.store.find(Person, person_id)
    assert person is not None
    assert person.email == NEW
    assert signed_in(world, NEW).subject == person_id
    assert outcome(sign_in.sign_in, EMAIL, PASSWORD, tools=world) == "wrong_credentials"
    assert world.store.facts(person_id, "account")[-1] == "email_changed"


def test_both_addresses_are_told_and_the_old_one_sees_the_new_one_masked() -> None:
    world = new_world()
    changed(world)
    assert mailed(world, Template.EMAIL_CHANGED) == [NEW]
    assert mailed(world, Template.EMAIL_LEFT) == [EMAIL]
    [left] = [mail for mail in world.store.of(Mail) if mail.template is Template.EMAIL_LEFT]
    assert left.words["masked"] == "f…s@e….com"


def test_other_sessions_end_and_this_one_stays() -> None:
    world = new_world()
    person_id, session = asked(world)
    signed_in(world)
    confirm_new_address(session, letters(world, person_id), tools=world)
    assert [one.digest for one in world.store.all(Session, person_id)] == [session.digest]


def test_the_address_left_may_have_an_account_again() -> None:
    world = new_world()
    person_id, _ = changed(world)
    world.clock.advance(days=1)
    newcomer = registered(world, EMAIL, OTHER_INE)
    assert newcomer != person_id
    assert [claim.holder for claim in world.store.of(Claim) if claim.of == "email"] == [(newcomer,), (person_id,)]


def test_a_wrong_password_sends_no_code() -> None:
    world = new_world()
    with_password(world)
    session = signed_in(world)
    assert outcome(ask_new_address, session, NEW, "not the one", tools=world) == "wrong_credentials"
    assert mailed(world, Template.NEW_EMAIL_CODE) == []


def test_an_address_that_has_an_account_is_told_so_and_the_asker_is_not() -> None:
    world = new_world()
    with_password(world, NEW, OTHER_INE)
    world.clock.advance(days=1)
    person_id, session = asked(world)
    assert mailed(world, Template.NEW_EMAIL_CODE) == []
    assert mailed(world, Template.ALREADY_REGISTERED) == [NEW]
    with pytest.raises(WrongCode):
        confirm_new_address(session, "ZZZZZZ", tools=world)
    with pytest.raises(AddressTaken):  # nobody was sent these letters
        confirm_new_address(session, letters(world, person_id), tools=world)


def test_one_s_own_address_is_no_change_whatever_the_case() -> None:
    world = new_world()
    with_password(world)
    with pytest.raises(InvalidFields):
        ask_new_address(signed_in(world), EMAIL.upper(), PASSWORD, tools=world)


def test_five_addresses_a_day_and_no_more() -> None:
    world = new_world()
    with_password(world)
    session = signed_in(world)
    for number in range(5):
        ask_new_address(session, f"a{number}@example.com", PASSWORD, tools=world)
    with pytest.raises(TooManyCodes):
        ask_new_address(session, NEW, PASSWORD, tools=world)


def test_a_code_lives_ten_minutes_and_serves_once() -> None:
    world = new_world()
    person_id, session = asked(world)
    right = letters(world, person_id)
    world.clock.advance(minutes=10)
    with pytest.raises(CodeExpired):
        confirm_new_address(session, right, tools=world)
    ask_new_address(session, NEW, PASSWORD, tools=world)
    right = letters(world, person_id)
    confirm_new_address(session, right, tools=world)
    with pytest.raises(CodeExpired):
        confirm_new_address(session, right, tools=world)


def test_ten_wrong_letters_a_day_are_looked_at() -> None:
    world = new_world()
    person_id, session = asked(world)
    outcomes = [outcome(confirm_new_address, session, "ZZZZZZ", tools=world) for _ in range(11)]
    assert outcomes == ["wrong_code"] * 10 + ["too_many_guesses"]
    assert outcome(confirm_new_address, session, letters(world, person_id), tools=world) == "too_many_guesses"


def test_a_session_ended_meanwhile_changes_nothing() -> None:
    world = new_world()
    person_id, session = asked(world)
    end_session(session, session.id, tools=world)
    with pytest.raises(NotSignedIn):
        confirm_new_address(session, letters(world, person_id), tools=world)


def test_a_password_link_mailed_to_the_address_left_is_over() -> None:
    world = new_world()
    person_id, session = asked(world)
    passwords.send_password_link(EMAIL, tools=world)
    token = password_token(world, Template.PASSWORD_LINK)
    confirm_new_address(session, letters(world, person_id), tools=world)
    assert outcome(passwords.set_password, token, "une autre phrase de passe", tools=world) == "link_used"

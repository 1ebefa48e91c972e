"""This was not me: everybody is locked out, the former address comes back, and the oldest mailbox has the last word."""

import pytest
from cvec.domain.accounts import Account, AccountState, Person
from cvec.domain.devices import KnownDevice
from cvec.domain.errors import FormerAddressTaken, LinkUsed, UnknownLink
from cvec.domain.mails import Mail, Template
from cvec.domain.sessions import OneUseLink, Session
from cvec.usecases import passwords, sign_in
from cvec.usecases.address_change import ask_new_address, confirm_new_address
from cvec.usecases.not_me import take_access_back

from tests.support.crowd import outcome
from tests.support.fakes import World, new_world
from tests.support.people import EMAIL, PASSWORD, password_token, registered, signed_in, with_password
from tests.usecases.test_address_change import NEW, OTHER_INE, changed, letters

ANOTHER = "une autre phrase de passe"


def address_of(world: World, person_id: str) -> str:
    person = world.store.find(Person, person_id)
    assert person is not None
    return person.email


def changed_again(world: World, email: str, to: str) -> str:
    """The person of an address takes another one; the not-me token mailed to the one left."""
    session = signed_in(world, email)
    ask_new_address(session, to, PASSWORD, tools=world)
    confirm_new_address(session, letters(world, session.subject), tools=world)
    return password_token(world, Template.EMAIL_LEFT)


def test_it_ends_sessions_drops_the_password_and_mails_a_way_in() -> None:
    world = new_world()
    person_id = with_password(world)
    signed_in(world)
    take_access_back(password_token(world, Template.NEW_SIGN_IN), tools=world)
    assert world.store.all(Session, person_id) == []
    assert world.store.all(KnownDevice, person_id) == []
    assert outcome(sign_in.sign_in, EMAIL, PASSWORD, tools=world) == "wrong_credentials"
    passwords.set_password(password_token(world, Template.ACCESS_TAKEN_BACK), ANOTHER, tools=world)
    assert outcome(sign_in.sign_in, EMAIL, ANOTHER, tools=world) == "done"
    assert world.store.facts(person_id, "account")[-2:] == ["access_taken_back", "password_set"]


def test_the_former_address_comes_back_with_its_claim() -> None:
    world = new_world()
    person_id, _ = changed(world)
    take_access_back(password_token(world, Template.EMAIL_LEFT), tools=world)
    assert address_of(world, person_id) == EMAIL
    assert [mail.to for mail in world.store.of(Mail) if mail.template is Template.ACCESS_TAKEN_BACK] == [EMAIL]
    passwords.set_password(password_token(world, Template.ACCESS_TAKEN_BACK), ANOTHER, tools=world)
    assert outcome(sign_in.sign_in, EMAIL, ANOTHER, tools=world) == "done"
    assert outcome(sign_in.sign_in, NEW, ANOTHER, tools=world) == "wrong_credentials"
    world.clock.advance(days=1)
    assert registered(world, NEW, OTHER_INE) != person_id


def test_a_former_address_that_somebody_claimed_meanwhile_is_said_to_be_taken_and_nothing_changes() -> None:
    world = new_world()
    person_id, session = changed(world)
    world.clock.advance(days=1)
    token = password_token(world, Template.EMAIL_LEFT)
    registered(world, EMAIL, OTHER_INE)
    with pytest.raises(FormerAddressTaken):
        take_access_back(token, tools=world)
    assert address_of(world, person_id) == NEW
    assert world.store.find(Session, *session.key)


@pytest.mark.parametrize("thief_is_first", [False, True])
def test_the_oldest_mailbox_has_the_last_word_in_whatever_order(thief_is_first: bool) -> None:
    world = new_world()
    person_id, _ = changed(world)
    owner_s = password_token(world, Template.EMAIL_LEFT)
    thief_s = changed_again(world, NEW, "third@example.com")
    for token in (thief_s, owner_s) if thief_is_first else (owner_s, thief_s):
        outcome(take_access_back, token, tools=world)
    assert address_of(world, person_id) == EMAIL


def test_a_way_in_mailed_to_the_thief_is_over_once_the_address_is_back() -> None:
    world = new_world()
    changed(world)
    passwords.send_password_link(NEW, tools=world)
    thief_s = password_token(world, Template.PASSWORD_LINK)
    take_access_back(password_token(world, Template.EMAIL_LEFT), tools=world)
    assert outcome(passwords.set_password, thief_s, ANOTHER, tools=world) == "link_used"


def test_it_serves_once_within_seven_days_and_forgets_the_address() -> None:
    world = new_world()
    changed(world)
    token = password_token(world, Template.EMAIL_LEFT)
    take_access_back(token, tools=world)
    assert all(link.former_email is None for link in world.store.of(OneUseLink))
    with pytest.raises(LinkUsed):
        take_access_back(token, tools=world)


@pytest.mark.parametrize(("seconds", "expected"), [(-1, "done"), (0, "link_expired")])
def test_it_expires_at_its_seventh_day(seconds: int, expected: str) -> None:
    world = new_world()
    changed(world)
    world.clock.advance(days=7, seconds=seconds)
    assert outcome(take_access_back, password_token(world, Template.EMAIL_LEFT), tools=world) == expected


def test_a_password_link_is_no_such_link_and_the_other_way_round() -> None:
    world = new_world()
    registered(world)
    with pytest.raises(UnknownLink):
        take_access_back(password_token(world), tools=world)
    with pytest.raises(UnknownLink):
        take_access_back("invented", tools=world)


def test_a_blocked_account_stays_blocked() -> None:
    world = new_world()
    person_id = with_password(world)
    signed_in(world)
    account = world.store.find(Account, person_id)
    assert account is not None
    world.store.commit(account.next(state=AccountState.BLOCKED))
    take_access_back(password_token(world, Template.NEW_SIGN_IN), tools=world)
    [account] = world.store.of(Account)
    assert (account.state, account.password_hash) == (AccountState.BLOCKED, None)


def test_a_password_that_replaces_another_is_told_and_can_be_disowned() -> None:
    world = new_world()
    with_password(world)
    assert [mail for mail in world.store.of(Mail) if mail.template is Template.PASSWORD_CHANGED] == []
    passwords.send_password_link(EMAIL, tools=world)
    passwords.set_password(password_token(world, Template.PASSWORD_LINK), ANOTHER, tools=world)
    take_access_back(password_token(world, Template.PASSWORD_CHANGED), tools=world)
    assert outcome(sign_in.sign_in, EMAIL, ANOTHER, tools=world) == "wrong_credentials"

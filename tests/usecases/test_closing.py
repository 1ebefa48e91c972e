"""The end of an account, and everything held about a person, to take away."""

import json
from datetime import timedelta

import pytest
from cvec.domain.accounts import ERASED_AFTER, INACTIVE_AFTER, WARNED_BEFORE, Account, AccountState, Person
from cvec.domain.errors import ClosingMustWait, UnknownLink, WrongCredentials
from cvec.domain.mails import Mail, Template
from cvec.domain.sessions import Session
from cvec.usecases import certify, closing, passwords, settle, sign_in
from cvec.usecases.export import export_everything

from tests.support.fakes import World, new_world
from tests.support.people import (
    EMAIL,
    INE,
    PASSWORD,
    YEAR,
    at_the_page,
    password_token,
    registered,
    signed_in,
    with_password,
)


@pytest.fixture
def world() -> World:
    return new_world()


def account_of(world: World) -> Account:
    [account] = world.store.of(Account)
    return account


def last_mail(world: World) -> Template:
    return world.store.of(Mail)[-1].template


def test_a_closed_account_ends_sessions_and_frees_its_address_and_ine(world: World) -> None:
    person_id = with_password(world)
    signed_in(world)
    closing.close_account(person_id, PASSWORD, tools=world)
    assert account_of(world).state is AccountState.CLOSED
    assert [one for one in world.store.of(Session) if one.subject == person_id] == []
    assert last_mail(world) is Template.ACCOUNT_CLOSED
    with pytest.raises(WrongCredentials):
        sign_in.sign_in(EMAIL, PASSWORD, tools=world)
    world.clock.advance(days=1)
    assert registered(world, EMAIL, INE) != person_id


def test_it_takes_the_password(world: World) -> None:
    person_id = with_password(world)
    with pytest.raises(WrongCredentials):
        closing.close_account(person_id, "not the password at all", tools=world)
    assert account_of(world).state is AccountState.ACTIVE


def test_an_open_page_is_waited_for(world: World) -> None:
    person_id, page = at_the_page(world)
    with pytest.raises(ClosingMustWait):
        closing.close_account(person_id, PASSWORD, tools=world)
    world.cards.pay(f"page-{page.payment}")
    settle.sync(page.payment, tools=world)
    closing.close_account(person_id, PASSWORD, tools=world)


def test_thirty_days_later_nothing_says_who_they_were(world: World) -> None:
    person_id = with_password(world)
    closing.close_account(person_id, PASSWORD, tools=world)
    world.clock.advance(days=ERASED_AFTER.days)
    closing.tend_accounts(tools=world)
    assert world.store.of(Person) == []
    assert account_of(world).state is AccountState.ERASED
    assert world.store.facts(person_id, "account")[-2:] == ["account_closed", "account_erased"]


def test_a_password_link_mailed_before_the_closing_opens_nothing(world: World) -> None:
    person_id = with_password(world)
    world.clock.advance(days=1)
    passwords.send_password_link(EMAIL, tools=world)
    closing.close_account(person_id, PASSWORD, tools=world)
    with pytest.raises(UnknownLink):
        passwords.set_password(password_token(world, Template.PASSWORD_LINK), PASSWORD, tools=world)


def test_three_years_unseen_are_warned_of_closed_and_erased(world: World) -> None:
    with_password(world)
    world.clock.advance(days=(INACTIVE_AFTER - WARNED_BEFORE).days)
    closing.tend_accounts(tools=world)
    assert (last_mail(world), account_of(world).state) == (Template.ACCOUNT_INACTIVE, AccountState.ACTIVE)
    world.clock.advance(days=WARNED_BEFORE.days)
    closing.tend_accounts(tools=world)
    assert (last_mail(world), account_of(world).state) == (Template.ACCOUNT_CLOSED, AccountState.CLOSED)
    world.clock.advance(days=ERASED_AFTER.days)
    closing.tend_accounts(tools=world)
    assert account_of(world).state is AccountState.ERASED


def test_signing_in_after_the_warning_keeps_the_account(world: World) -> None:
    with_password(world)
    world.clock.advance(days=(INACTIVE_AFTER - WARNED_BEFORE).days)
    closing.tend_accounts(tools=world)
    signed_in(world)
    world.clock.advance(days=WARNED_BEFORE.days)
    closing.tend_accounts(tools=world)
    account = account_of(world)
    assert (account.state, account.is_warned) == (AccountState.ACTIVE, False)
    assert account.look_at == world.clock.now() - WARNED_BEFORE + INACTIVE_AFTER - WARNED_BEFORE


def test_the_export_holds_everything_and_no_secret(world: World) -> None:
    person_id, page = at_the_page(world)
    session = signed_in(world)
    world.cards.pay(f"page-{page.payment}")
    settle.sync(page.payment, tools=world)
    certify.issue(person_id, YEAR, tools=world)
    export = export_everything(person_id, tools=world)
    said = json.dumps(export.model_dump(mode="json"))
    assert export.profile["identity"]["birth_name"] == "N'DIAYE"
    assert [payment["id"] for payment in export.payments] == [page.payment]
    assert len(export.certificates) == len(export.files) == len(export.sessions) == 1
    assert {entry["name"] for entry in export.history} >= {"password_set", "payment_applied", "certificate_issued"}
    hashed = account_of(world).password_hash
    assert hashed is not None
    assert hashed not in said
    assert session.digest not in said


def test_closing_dates_are_those_of_the_mails(world: World) -> None:
    person_id = with_password(world)
    closing.close_account(person_id, PASSWORD, tools=world)
    closed = account_of(world)
    assert closed.erased_at == closed.look_at == world.clock.now() + timedelta(days=30)

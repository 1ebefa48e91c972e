"""Links that set a password: once, within 24 hours, by the deployment's policy."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from cvec.domain.errors import (
    LinkExpired,
    LinkUsed,
    TooManyCodes,
    UnfitPassword,
    UnknownLink,
)
from cvec.domain.mails import Mail
from cvec.domain.passwords import PasswordPolicy
from cvec.domain.sessions import Holder
from cvec.ports import House
from cvec.usecases import passwords, sign_in

from tests.support.crowd import SharedStore, outcome
from tests.support.fakes import new_world
from tests.support.people import (
    EMAIL,
    PASSWORD,
    password_token,
    registered,
    signed_in,
)

STRANGER = "nobody@example.org"


@pytest.mark.parametrize(("hours", "expected"), [(23.999, "done"), (24, "link_expired")])
def test_a_link_serves_for_24_hours(hours: float, expected: str) -> None:
    world = new_world()
    registered(world)
    world.clock.advance(hours=hours)
    assert outcome(passwords.set_password, password_token(world), PASSWORD, tools=world) == expected


def test_a_link_serves_once() -> None:
    world = new_world()
    registered(world)
    token = password_token(world)
    passwords.set_password(token, PASSWORD, tools=world)
    with pytest.raises(LinkUsed):
        passwords.set_password(token, "une autre phrase de passe", tools=world)
    assert signed_in(world).holder is Holder.STUDENT


def test_a_link_used_twice_at_once_sets_one_password() -> None:
    world = new_world(store=SharedStore())
    registered(world)
    token = password_token(world)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(outcome, passwords.set_password, token, f"{PASSWORD} {n}", tools=world) for n in range(8)]
    assert sorted(one.result() for one in asked) == ["done"] + ["link_used"] * 7


def test_an_unfit_password_leaves_the_link_usable() -> None:
    world = new_world()
    registered(world)
    token = password_token(world)
    with pytest.raises(UnfitPassword):
        passwords.set_password(token, EMAIL, tools=world)
    passwords.set_password(token, PASSWORD, tools=world)


@pytest.mark.parametrize("token", ["", "invented", "é", "\ud800", "x" * 10_000])
def test_an_invented_link_is_unknown(token: str) -> None:
    with pytest.raises(UnknownLink):
        passwords.set_password(token, PASSWORD, tools=new_world())


def test_an_expired_link_is_not_said_to_be_used_nor_the_other_way() -> None:
    world = new_world()
    registered(world)
    world.clock.advance(days=2)
    with pytest.raises(LinkExpired):
        passwords.set_password(password_token(world), PASSWORD, tools=world)


def test_the_guide_s_policy_is_followed_where_it_is_chosen() -> None:
    house = House(service_name="x", site_url="https://cvec.example", password_policy=PasswordPolicy.GUIDE)
    world = new_world(house=house)
    registered(world)
    assert outcome(passwords.set_password, password_token(world), PASSWORD, tools=world) == "unfit_password"
    assert outcome(passwords.set_password, password_token(world), "Abc123", tools=world) == "done"


def test_two_keyboards_sign_in_with_one_password() -> None:
    world = new_world()
    registered(world)
    passwords.set_password(password_token(world), "l'été à l'ﬁn de juin", tools=world)
    sign_in.sign_in(EMAIL, "l'e\u0301te\u0301 a\u0300 l'fin de juin", tools=world)


def test_a_link_for_a_stranger_is_counted_and_mailed_to_nobody() -> None:
    world = new_world()
    passwords.send_password_link(STRANGER, tools=world)
    assert world.store.of(Mail) == []
    with pytest.raises(TooManyCodes):
        passwords.send_password_link(STRANGER, tools=world)

"""A browser nobody has seen before is told to its owner, once; a known one is not, for a year."""

import pytest
from cvec.domain.devices import MAX_DEVICES, KnownDevice
from cvec.domain.mails import Mail, Template
from cvec.usecases import sign_in

from tests.support.fakes import World, new_world
from tests.support.people import EMAIL, PASSWORD, with_password


def entered(world: World, cookie: str = "", device: str | None = None) -> str:
    """A sign-in with this device cookie; the one the browser holds afterwards."""
    signed = sign_in.sign_in(EMAIL, PASSWORD, device=device, device_cookie=cookie, tools=world)
    return signed.device_token


def told(world: World) -> list[Mail]:
    return [mail for mail in world.store.of(Mail) if mail.template is Template.NEW_SIGN_IN]


def test_a_new_browser_is_told_with_its_label_and_time_and_a_known_one_is_not() -> None:
    world = new_world()
    with_password(world)
    cookie = entered(world, device="Firefox, Windows")
    assert entered(world, cookie) == cookie
    [mail] = told(world)
    assert (mail.to, mail.words["device"], mail.words["at"]) == (EMAIL, "Firefox, Windows", "2026-07-01T10:00:00+00:00")


@pytest.mark.parametrize(("days", "mails"), [(364, 1), (365, 2)])
def test_a_browser_is_known_for_a_year_after_it_was_last_seen(days: int, mails: int) -> None:
    world = new_world()
    with_password(world)
    cookie = entered(world)
    world.clock.advance(days=days)
    entered(world, cookie)
    assert len(told(world)) == mails


def test_one_browser_of_two_people_is_known_to_each_alone_and_links_nobody() -> None:
    world = new_world()
    with_password(world)
    with_password(world, "ana@example.org", "223120671JH")
    cookie = entered(world)
    for _ in range(2):
        signed = sign_in.sign_in("ana@example.org", PASSWORD, device_cookie=cookie, tools=world)
    assert signed.device_token == cookie
    assert [mail.to for mail in told(world)] == [EMAIL, "ana@example.org"]
    assert len({device.digest for device in world.store.of(KnownDevice)}) == 2


def test_the_token_of_a_browser_is_not_stored() -> None:
    world = new_world()
    with_password(world)
    cookie = entered(world)
    [device] = world.store.of(KnownDevice)
    assert cookie not in device.model_dump_json()


@pytest.mark.parametrize("junk", ["", "short", "a" * 65, "é" * 20, "a b c d e f g h", "../../../../etc"])
def test_a_cookie_that_is_none_of_ours_is_replaced(junk: str) -> None:
    world = new_world()
    with_password(world)
    assert entered(world, junk) != junk


def test_the_browser_not_seen_for_longest_is_forgotten_first() -> None:
    world = new_world()
    person_id = with_password(world)
    cookies = []
    for _ in range(MAX_DEVICES + 1):
        cookies.append(entered(world))
        world.clock.advance(minutes=1)
    assert len(world.store.all(KnownDevice, person_id)) == MAX_DEVICES
    before = len(told(world))
    entered(world, cookies[-1])
    assert len(told(world)) == before
    entered(world, cookies[0])
    assert len(told(world)) == before + 1

"""Sessions at the threshold: listed with what their owner recognises, ended one by one or all but this one."""

import pytest
from cvec.web.devices import device_label

from tests.support.calling import Browser, Reply
from tests.support.fakes import World
from tests.support.people import EMAIL, PASSWORD, with_password

SESSION, SESSIONS = "/api/v1/session", "/api/v1/sessions"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1"


def sign_in(browser: Browser, agent: str) -> Reply:
    return browser.post(SESSION, {"email": EMAIL, "password": PASSWORD}, headers={"User-Agent": agent})


def test_sessions_are_listed_by_device_and_ended_from_another_one(world: World) -> None:
    with_password(world)
    laptop, phone = Browser(world), Browser(world)
    sign_in(phone, SAFARI)
    world.clock.advance(minutes=5)
    sign_in(laptop, FIREFOX)
    listed = laptop.get(SESSIONS).json
    assert [(one["device"], one["is_this_one"]) for one in listed] == [
        ("Firefox, Linux", True),
        ("Safari, iPhone", False),
    ]
    assert laptop.delete(f"{SESSIONS}/{listed[1]['session']}").status == 204
    assert phone.get(SESSION).code == "not_signed_in"
    assert laptop.get(SESSION).status == 200


def test_every_other_session_ends_at_once(world: World) -> None:
    with_password(world)
    browsers = [Browser(world) for _ in range(3)]
    for browser in browsers:
        sign_in(browser, FIREFOX)
    assert browsers[0].delete(SESSIONS).status == 204
    assert [browser.get(SESSION).status for browser in browsers] == [200, 401, 401]


@pytest.mark.parametrize("name", ["invented", "%00", "é", "x" * 3000])
def test_a_name_of_no_session_ends_nothing(world: World, name: str) -> None:
    with_password(world)
    browser = Browser(world)
    sign_in(browser, FIREFOX)
    assert browser.delete(f"{SESSIONS}/{name}").status == 204
    assert browser.get(SESSION).status == 200


@pytest.mark.parametrize("agent", ["", "curl/8.5.0", "\x7f<script>", "ana@example.org"])
def test_what_a_browser_says_of_itself_is_never_repeated(agent: str) -> None:
    assert device_label(agent) is None

"""The page behind "this wasn't me": a button, its outcome, and why not; opening it changes nothing."""

import pytest
from cvec.domain.mails import Template

from tests.functions.pages import the_page
from tests.support.calling import Browser
from tests.support.fakes import World
from tests.support.people import EMAIL, PASSWORD, password_token, signed_in, with_password


@pytest.fixture
def token(world: World) -> str:
    """The link in the mail about a new browser."""
    with_password(world)
    signed_in(world)
    return password_token(world, Template.NEW_SIGN_IN)


@pytest.mark.parametrize(
    ("language", "title", "done"),
    [
        ("fr", "Ce n'était pas vous\xa0?", "Votre compte est protégé"),
        ("en", "It wasn't you?", "Your account is safe"),
    ],
)
def test_the_button_locks_everybody_out(browser: Browser, token: str, language: str, title: str, done: str) -> None:
    path = f"/{language}/not-me/{token}"
    page = the_page(browser.get(path), language=language)
    assert (page.h1, page.forms) == (title, [("post", path)])
    assert the_page(browser.submit(path), language=language).h1 == done
    refused = browser.post("/api/v1/session", {"email": EMAIL, "password": PASSWORD})
    assert refused.code == "wrong_credentials"


def test_opening_the_page_changes_nothing(browser: Browser, world: World, token: str) -> None:
    before = dict(world.store.rows)
    browser.get(f"/fr/not-me/{token}")
    assert world.store.rows == before


def test_a_link_that_served_is_said_in_the_page_s_language_without_a_button(browser: Browser, token: str) -> None:
    browser.submit(f"/en/not-me/{token}")
    page = the_page(browser.submit(f"/en/not-me/{token}"), language="en", status=410)
    assert page.forms == []
    assert page.alerts

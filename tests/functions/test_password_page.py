"""The page that the mailed link opens: a form, its outcome, and every reason in the reader's language."""

import pytest

from tests.functions.pages import the_page
from tests.support.calling import Browser
from tests.support.fakes import World
from tests.support.people import EMAIL, PASSWORD, password_token, registered


@pytest.mark.parametrize(
    ("language", "title", "done"),
    [
        ("fr", "Choisir votre mot de passe", "Mot de passe enregistré"),
        ("en", "Choose your password", "Password saved"),
    ],
)
def test_the_password_page_sets_the_password(
    browser: Browser, world: World, language: str, title: str, done: str
) -> None:
    registered(world)
    path = f"/{language}/password/{password_token(world)}"
    form = the_page(browser.get(path), language=language)
    assert form.h1 == title
    assert form.forms == [("post", path)]
    said = the_page(browser.submit(path, password=PASSWORD), language=language)
    assert said.h1 == done
    assert browser.post("/api/v1/session", {"email": EMAIL, "password": PASSWORD}).status == 201


def test_opening_the_password_page_changes_nothing(browser: Browser, world: World) -> None:
    registered(world)
    before = dict(world.store.rows)
    browser.get(f"/fr/password/{password_token(world)}")
    assert world.store.rows == before


def test_a_weak_password_is_explained_on_the_same_page_and_never_shown_again(browser: Browser, world: World) -> None:
    registered(world)
    path = f"/fr/password/{password_token(world)}"
    reply = browser.submit(path, password="trop-court")
    page = the_page(reply, language="fr", status=422)
    assert page.alerts
    assert page.forms == [("post", path)]
    assert "trop-court" not in reply.text


def test_an_unknown_link_is_said_in_the_page_s_language_without_a_form(browser: Browser) -> None:
    page = the_page(browser.submit("/en/password/invented", password=PASSWORD), language="en", status=404)
    assert page.forms == []
    assert page.alerts


def test_what_is_in_the_address_is_escaped_on_the_page(browser: Browser) -> None:
    reply = browser.get("/fr/password/%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert reply.status == 200
    assert "<script" not in reply.text

"""Going on elsewhere, at the door: links that tell nothing, a page that consumes nothing, and two devices at once."""

import pytest
from cvec.domain.mails import Template
from cvec.domain.registration import Draft
from cvec.usecases import resume, verify

from tests.functions.pages import the_page
from tests.support.bodies import GOOD
from tests.support.calling import Browser
from tests.support.fakes import World
from tests.support.people import EMAIL, filled_but_email, letters_sent, password_token

DRAFT = "/api/v1/registration"
STRANGER = "nobody@example.org"


@pytest.fixture
def phone(world: World) -> Browser:
    """A second device."""
    return Browser(world)


@pytest.fixture
def token(world: World) -> str:
    """The link that was mailed for a draft of which only the address is missing elsewhere."""
    draft_id = filled_but_email(world)
    verify.give_email(draft_id, EMAIL, tools=world)
    verify.confirm_email(draft_id, letters_sent(draft_id, world), tools=world)
    resume.send_resume_link(EMAIL, tools=world)
    return password_token(world, Template.RESUME_LINK)


def test_a_known_and_an_unknown_address_are_answered_alike(browser: Browser, token: str, world: World) -> None:
    world.clock.advance(minutes=2)
    known, unknown = (browser.post(f"{DRAFT}/resume-links", {"email": one}) for one in (EMAIL, STRANGER))
    assert (known.status, known.text) == (unknown.status, unknown.text) == (202, '{"accepted":true}')
    assert set(known.headers) == set(unknown.headers)
    assert "set-cookie" not in known.headers


def test_the_token_opens_the_draft_in_another_browser(phone: Browser, token: str) -> None:
    reply = phone.post(f"{DRAFT}/resumption", {"token": token})
    assert reply.status == 201
    assert reply.header("set-cookie").endswith("; Path=/; Max-Age=1209600; Secure; HttpOnly; SameSite=Lax")
    assert phone.get(DRAFT).json == reply.json
    assert Browser(phone.world).post(f"{DRAFT}/resumption", {"token": token}).code == "link_used"


@pytest.mark.parametrize(
    ("language", "title"), [("fr", "Reprendre votre inscription"), ("en", "Go on with your registration")]
)
def test_opening_the_page_shows_a_button_and_changes_nothing(
    phone: Browser, token: str, language: str, title: str
) -> None:
    before = dict(phone.world.store.rows)
    path = f"/{language}/resume/{token}"
    page = the_page(phone.get(path), language=language)
    assert (page.h1, page.forms) == (title, [("post", path)])
    assert phone.world.store.rows == before
    assert phone.cookies == {}


def test_the_button_opens_the_draft_and_says_what_is_missing(phone: Browser, world: World, token: str) -> None:
    [draft] = world.store.of(Draft)
    world.store.commit(draft.next(contact=None))
    reply = phone.submit(f"/fr/resume/{token}")
    assert the_page(reply, language="fr").h1 == "Votre inscription reprend ici"
    assert "vos coordonnées" in reply.text
    assert "votre INE" not in reply.text
    assert phone.get(DRAFT).json["missing"] == ["contact"]


def test_a_link_that_has_served_is_said_on_the_page_without_a_cookie(phone: Browser, token: str) -> None:
    phone.submit(f"/en/resume/{token}")
    late = Browser(phone.world)
    page = the_page(late.submit(f"/en/resume/{token}"), language="en", status=410)
    assert (page.forms, late.cookies) == ([], {})
    assert page.alerts


def open_on_both(laptop: Browser, phone: Browser) -> int:
    """One draft on two devices, both having seen its identity; the version both saw."""
    laptop.post(DRAFT)
    phone.cookies |= laptop.cookies
    version: int = laptop.put(f"{DRAFT}/identity", GOOD["Identity"]).json["version"]
    return version


def with_name(name: str) -> dict[str, object]:
    return {**GOOD["Identity"], "first_name": name}


def test_a_screen_changed_on_another_device_is_not_overwritten_and_what_it_sent_is_kept(
    browser: Browser, phone: Browser
) -> None:
    seen = open_on_both(browser, phone)
    sent = phone.put(f"{DRAFT}/identity", with_name("Françoise"), headers={"If-Match": f'"{seen}"'})
    assert sent.status == 200
    late = browser.put(f"{DRAFT}/identity", with_name("Franck"), headers={"If-Match": f'"{seen}"'})
    assert (late.status, late.code) == (409, "changed_elsewhere")
    kept = browser.get(DRAFT).json
    assert kept == sent.json
    again = browser.put(f"{DRAFT}/identity", with_name("Franck"), headers={"If-Match": str(kept["version"])})
    assert again.json["identity"]["first_name"] == "Franck"


def test_another_screen_changed_elsewhere_is_no_conflict(browser: Browser, phone: Browser) -> None:
    seen = open_on_both(browser, phone)
    phone.put(f"{DRAFT}/contact", GOOD["Contact"], headers={"If-Match": str(seen)})
    assert browser.put(f"{DRAFT}/identity", with_name("Franck"), headers={"If-Match": str(seen)}).status == 200


def test_the_same_content_sent_again_is_no_conflict(browser: Browser, phone: Browser) -> None:
    seen = open_on_both(browser, phone)
    for _ in range(2):
        reply = browser.put(f"{DRAFT}/identity", with_name("Franck"), headers={"If-Match": str(seen)})
        assert reply.status == 200


def test_an_address_changed_elsewhere_gets_no_code(browser: Browser, phone: Browser, world: World) -> None:
    seen = open_on_both(browser, phone)
    phone.put(f"{DRAFT}/email", {"email": EMAIL, "email_again": EMAIL})
    sent = {"email": STRANGER, "email_again": STRANGER}
    assert browser.put(f"{DRAFT}/email", sent, headers={"If-Match": str(seen)}).code == "changed_elsewhere"
    [draft] = world.store.of(Draft)
    assert draft.email == EMAIL


@pytest.mark.parametrize("written", ["", "yesterday", '"-1"', "1, 2", "9" * 40, "١"])
def test_an_if_match_that_is_no_version_is_refused(browser: Browser, phone: Browser, written: str) -> None:
    open_on_both(browser, phone)
    reply = browser.put(f"{DRAFT}/identity", GOOD["Identity"], headers={"If-Match": written})
    assert (reply.status, reply.json["errors"]) == (422, [{"field": "if_match", "code": "version_form"}])

"""Step 1 through its door: one screen after the other, each kept, each refusal with a way out."""

import json
from typing import Any

import pytest
from cvec.domain.registration import Draft

from infra.deploy.contract import COMMITTED
from tests.support.calling import Browser
from tests.support.fakes import World
from tests.support.people import CONTACT, EMAIL, FRANCOIS, INE, letters_sent, registered

DRAFT = "/api/v1/registration"
IDENTITY: dict[str, Any] = json.loads(FRANCOIS.model_dump_json(exclude_none=True))
PHONE_AND_ADDRESS: dict[str, Any] = json.loads(CONTACT.model_dump_json(exclude_none=True))
SCREENS: dict[str, dict[str, Any]] = {
    "identity": IDENTITY,
    "email": {"email": EMAIL, "email_again": EMAIL},
    "ine": {"ine": "1409-002 949v"},
    "institution": {
        "status": "france",
        "department": "69",
        "name": "Université Claude Bernard - Lyon 1",
        "uai": "0691774D",
    },
    "contact": PHONE_AND_ADDRESS,
}


def fill(browser: Browser) -> str:
    """Send every screen and confirm the address; the draft's id."""
    browser.post(DRAFT)
    for screen, sent in SCREENS.items():
        assert browser.put(f"{DRAFT}/{screen}", sent).status == 200
    [draft] = browser.world.store.of(Draft)
    confirmation = {"code": letters_sent(draft.id, browser.world)}
    assert browser.post("/api/v1/verification-codes/confirmation", confirmation).status == 200
    return draft.id


def test_starting_gives_an_empty_draft_and_a_cookie_of_14_days(browser: Browser) -> None:
    reply = browser.post(DRAFT)
    assert reply.status == 201
    assert reply.json["state"] == "draft"
    assert reply.json["missing"] == ["identity", "email", "ine", "institution", "contact"]
    cookie = reply.header("set-cookie")
    assert cookie.startswith("__Host-cvec-draft=")
    assert cookie.endswith("; Path=/; Max-Age=1209600; Secure; HttpOnly; SameSite=Lax")


@pytest.mark.parametrize("screen", SCREENS)
def test_each_screen_is_kept_as_sent_and_read_back(browser: Browser, screen: str) -> None:
    browser.post(DRAFT)
    reply = browser.put(f"{DRAFT}/{screen}", SCREENS[screen])
    assert reply.status == 200
    assert screen not in reply.json["missing"]
    assert browser.get(DRAFT).json == reply.json
    assert reply.json[screen] is not None


def test_the_ine_is_kept_in_capitals_without_spaces(browser: Browser) -> None:
    browser.post(DRAFT)
    assert browser.put(f"{DRAFT}/ine", SCREENS["ine"]).json["ine"] == INE


def test_the_whole_street_ends_with_an_account_and_an_emptied_draft(browser: Browser, world: World) -> None:
    fill(browser)
    reply = browser.post(f"{DRAFT}/completion")
    assert reply.status == 200
    assert reply.json["state"] == "completed"
    assert reply.json["email"] is None
    assert reply.json["identity"] is None
    again = browser.post(f"{DRAFT}/completion")
    assert (again.status, again.json) == (200, reply.json)


def test_an_incomplete_registration_says_what_is_missing(browser: Browser) -> None:
    browser.post(DRAFT)
    browser.put(f"{DRAFT}/ine", SCREENS["ine"])
    reply = browser.post(f"{DRAFT}/completion")
    assert (reply.status, reply.code) == (409, "registration_incomplete")
    assert [one["field"] for one in reply.json["errors"]] == ["identity", "email", "institution", "contact"]
    assert {one["code"] for one in reply.json["errors"]} == {"missing"}


def test_an_unconfirmed_address_makes_no_account(browser: Browser) -> None:
    browser.post(DRAFT)
    for screen, sent in SCREENS.items():
        browser.put(f"{DRAFT}/{screen}", sent)
    reply = browser.post(f"{DRAFT}/completion")
    assert (reply.status, reply.code) == (409, "email_not_verified")
    assert reply.json["remedy"]["href"] == "/api/v1/verification-codes"


def test_an_ine_of_another_account_is_told_to_a_proved_mailbox_with_a_way_out(browser: Browser, world: World) -> None:
    registered(world)
    browser.post(DRAFT)
    assert browser.put(f"{DRAFT}/ine", {"ine": INE}).status == 200
    browser.put(f"{DRAFT}/ine", {"ine": "0494004062M"})
    browser.put(f"{DRAFT}/email", {"email": "other@example.org", "email_again": "other@example.org"})
    draft = next(draft for draft in world.store.of(Draft) if draft.email)
    browser.post("/api/v1/verification-codes/confirmation", {"code": letters_sent(draft.id, world)})
    reply = browser.put(f"{DRAFT}/ine", {"ine": INE})
    assert (reply.status, reply.code) == (409, "ine_held")
    assert reply.json["remedy"]["href"] == "/api/v1/password-links"


def test_two_drafts_of_one_address_make_one_account(world: World) -> None:
    first, second = Browser(world), Browser(world)
    fill(first)
    second.post(DRAFT)
    world.clock.advance(minutes=2)
    for screen, sent in {**SCREENS, "ine": {"ine": "0494004062M"}}.items():
        second.put(f"{DRAFT}/{screen}", sent)
    late = next(draft for draft in world.store.of(Draft) if draft.ine == "0494004062M")
    confirmation = {"code": letters_sent(late.id, world)}
    second.post("/api/v1/verification-codes/confirmation", confirmation)
    assert first.post(f"{DRAFT}/completion").status == 200
    reply = second.post(f"{DRAFT}/completion")
    assert (reply.status, reply.code) == (409, "address_taken")


def test_a_second_address_within_a_minute_must_wait_for_as_long_as_it_is_told(browser: Browser, world: World) -> None:
    browser.post(DRAFT)
    browser.put(f"{DRAFT}/email", SCREENS["email"])
    world.clock.advance(seconds=18)
    reply = browser.put(f"{DRAFT}/email", SCREENS["email"])
    assert (reply.status, reply.code) == (429, "too_many_codes")
    assert reply.header("retry-after") == "42"
    assert reply.json["retry_after"] == 42


@pytest.mark.parametrize("screen", SCREENS)
def test_without_a_draft_no_screen_is_taken(browser: Browser, screen: str) -> None:
    reply = browser.put(f"{DRAFT}/{screen}", SCREENS[screen])
    assert (reply.status, reply.code) == (401, "no_registration")
    assert reply.json["remedy"]["href"] == DRAFT


def test_a_draft_is_gone_on_its_fourteenth_day(browser: Browser, world: World) -> None:
    browser.post(DRAFT)
    world.clock.advance(days=13, hours=23, minutes=59, seconds=59)
    assert browser.get(DRAFT).status == 200
    world.clock.advance(seconds=1)
    assert browser.get(DRAFT).code == "no_registration"


@pytest.mark.parametrize(
    ("screen", "change", "field", "code"),
    [
        ("identity", {"birth_name": ""}, "birth_name", "not_a_name"),
        ("identity", {"birth_name": "R2D2"}, "birth_name", "not_a_name"),
        ("identity", {"birth_name": "Duval\u202eLe"}, "birth_name", "invisible_characters"),
        ("identity", {"first_name": "王"}, "first_name", "unprintable_letters"),
        ("identity", {"birth_date": "2020-01-01"}, "birth_date", "unlikely_age"),
        ("identity", {"birth_date": "1998-02-30"}, "birth_date", "date_from_datetime_parsing"),
        ("identity", {"birth_country": "ZZ"}, "birth_country", "unknown_country"),
        ("identity", {"birth_country": "FR"}, "birth_department", "inconsistent"),
        ("identity", {"shoe_size": 42}, "shoe_size", "extra_forbidden"),
        ("email", {"email_again": "other@example.org"}, "email_again", "inconsistent"),
        ("email", {"email": "no address", "email_again": "no address"}, "email", "not_an_email"),
        ("ine", {"ine": "1409002949A"}, "ine", "ine_key"),
        ("ine", {"ine": "12"}, "ine", "ine_form"),
        ("institution", {"department": None}, "department", "inconsistent"),
        ("institution", {"status": "elsewhere"}, "status", "enum"),
        ("contact", {"mobile_phone": None}, "mobile_phone", "inconsistent"),
        ("contact", {"mobile_phone": "+99999999"}, "mobile_phone", "not_a_phone_number"),
        ("contact", {"postal_code": "6900"}, "postal_code", "inconsistent"),
    ],
)
def test_each_bad_field_is_named(browser: Browser, screen: str, change: dict[str, Any], field: str, code: str) -> None:
    browser.post(DRAFT)
    reply = browser.put(f"{DRAFT}/{screen}", SCREENS[screen] | change)
    assert (reply.status, reply.code) == (422, "invalid_fields")
    assert {"field": field, "code": code} in reply.json["errors"]


def test_the_served_contract_is_the_committed_one(browser: Browser) -> None:
    reply = browser.get("/openapi.json")
    assert reply.status == 200
    assert reply.json == json.loads(COMMITTED.read_text(encoding="utf-8"))
    assert reply.header("cache-control") == "public, max-age=300"

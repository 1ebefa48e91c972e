"""Step 2 through its door: codes, passwords, sessions; the same answer to everybody about who has an account."""

import pytest
from cvec.domain.mails import Mail, Template
from cvec.domain.registration import Draft
from cvec.domain.sessions import Session
from cvec.web.callers import Caller

from tests.support.calling import Browser, Reply
from tests.support.fakes import World
from tests.support.people import EMAIL, INE, PASSWORD, letters_sent, password_token, registered, with_password

DRAFT, CODES, SESSION = "/api/v1/registration", "/api/v1/verification-codes", "/api/v1/session"
LINKS, PASSWORDS = "/api/v1/password-links", "/api/v1/password"
STRANGER = "nobody@example.org"


def waiting_for_a_code(browser: Browser) -> str:
    """A draft whose address was just sent a code; the right letters."""
    browser.post(DRAFT)
    browser.put(f"{DRAFT}/email", {"email": EMAIL, "email_again": EMAIL})
    [draft] = browser.world.store.of(Draft)
    return letters_sent(draft.id, browser.world)


def wrong(letters: str) -> str:
    return letters[::-1] if letters != letters[::-1] else "ABCDEF"


def sign_in(browser: Browser, email: str = EMAIL, password: str = PASSWORD) -> Reply:
    return browser.post(SESSION, {"email": email, "password": password})


def seen(reply: Reply) -> tuple[int, object, dict[str, list[str]]]:
    """Everything a stranger sees of an answer but its number and its new cookie."""
    body = {name: value for name, value in reply.json.items() if name != "request_id"} if reply.text else None
    return reply.status, body, {name: value for name, value in reply.headers.items() if name != "x-request-id"}


@pytest.mark.parametrize("spell", [str, str.lower, lambda letters: f" {letters[:3]} - {letters[3:]} "])
def test_the_right_code_in_any_spelling_confirms_the_address(browser: Browser, spell: type[str]) -> None:
    reply = browser.post(f"{CODES}/confirmation", {"code": spell(waiting_for_a_code(browser))})
    assert (reply.status, reply.json["state"]) == (200, "email_verified")


def test_a_wrong_code_is_refused_and_the_last_tries_are_counted(browser: Browser) -> None:
    letters = waiting_for_a_code(browser)
    replies = [browser.post(f"{CODES}/confirmation", {"code": wrong(letters)}) for _ in range(11)]
    assert [reply.code for reply in replies] == ["wrong_code"] * 10 + ["too_many_guesses"]
    assert [reply.json.get("tries_left") for reply in replies] == [None] * 6 + [3, 2, 1, 0, None]
    assert replies[-1].header("retry-after") == "86400"


def test_a_code_is_refused_at_its_tenth_minute(browser: Browser, world: World) -> None:
    letters = waiting_for_a_code(browser)
    world.clock.advance(minutes=10)
    reply = browser.post(f"{CODES}/confirmation", {"code": letters})
    assert (reply.status, reply.code) == (410, "code_expired")


def test_a_new_code_replaces_the_last_after_a_minute(browser: Browser, world: World) -> None:
    old = waiting_for_a_code(browser)
    assert browser.post(CODES).code == "too_many_codes"
    world.clock.advance(minutes=1)
    assert browser.post(CODES).status == 200
    assert browser.post(f"{CODES}/confirmation", {"code": old}).code == "wrong_code"
    [draft] = world.store.of(Draft)
    assert browser.post(f"{CODES}/confirmation", {"code": letters_sent(draft.id, world)}).status == 200


def test_without_an_address_there_is_no_code_to_send(browser: Browser) -> None:
    browser.post(DRAFT)
    reply = browser.post(CODES)
    assert (reply.status, reply.code) == (409, "email_not_verified")


def test_the_password_is_set_once_with_the_mailed_link(browser: Browser, world: World) -> None:
    registered(world)
    sent = {"token": password_token(world), "password": PASSWORD}
    assert browser.put(PASSWORDS, sent).json == {"accepted": True}
    reply = browser.put(PASSWORDS, sent)
    assert (reply.status, reply.code) == (410, "link_used")


def test_a_weak_password_is_refused_with_its_reasons_and_the_link_still_serves(browser: Browser, world: World) -> None:
    registered(world)
    token = password_token(world)
    reply = browser.put(PASSWORDS, {"token": token, "password": "short"})
    assert (reply.status, reply.code) == (422, "unfit_password")
    assert reply.json["errors"] == [{"field": "password", "code": "too_short"}]
    assert browser.put(PASSWORDS, {"token": token, "password": PASSWORD}).status == 200


def test_a_link_expires_after_24_hours(browser: Browser, world: World) -> None:
    registered(world)
    world.clock.advance(hours=24)
    reply = browser.put(PASSWORDS, {"token": password_token(world), "password": PASSWORD})
    assert (reply.status, reply.code) == (410, "link_expired")


def test_an_invented_link_is_unknown(browser: Browser) -> None:
    reply = browser.put(PASSWORDS, {"token": "invented", "password": PASSWORD})
    assert (reply.status, reply.code) == (404, "unknown_link")


def test_signing_in_opens_a_session_of_12_hours_and_signing_out_ends_it(browser: Browser, world: World) -> None:
    with_password(world)
    reply = sign_in(browser)
    assert reply.status == 201
    assert reply.json == {
        "email": EMAIL,
        "first_name": "François",
        "ine": INE,
        "expires_at": "2026-07-01T22:00:00Z",
    }
    cookie, device = reply.headers["set-cookie"]
    assert cookie.startswith("__Host-cvec=")
    assert cookie.endswith("; Path=/; Max-Age=43200; Secure; HttpOnly; SameSite=Lax")
    assert device.startswith("__Host-cvec-device=")
    assert device.endswith("; Path=/; Max-Age=31536000; Secure; HttpOnly; SameSite=Lax")
    assert browser.get(SESSION).json == reply.json
    held = dict(browser.cookies)
    gone = browser.delete(SESSION)
    assert (gone.status, gone.text) == (204, "")
    assert set(browser.cookies) == {"__Host-cvec-device"}
    browser.cookies.update(held)
    assert browser.get(SESSION).code == "not_signed_in"


def test_a_session_ends_at_its_twelfth_hour(browser: Browser, world: World) -> None:
    with_password(world)
    sign_in(browser)
    world.clock.advance(hours=11, minutes=59, seconds=59)
    assert browser.get(SESSION).status == 200
    world.clock.advance(seconds=1)
    assert browser.get(SESSION).code == "not_signed_in"


def test_a_new_password_ends_every_session(browser: Browser, world: World) -> None:
    with_password(world)
    sign_in(browser)
    browser.post(LINKS, {"email": EMAIL})
    token = password_token(world, Template.PASSWORD_LINK)
    browser.put(PASSWORDS, {"token": token, "password": "une autre phrase de passe"})
    assert browser.get(SESSION).code == "not_signed_in"
    assert sign_in(browser).code == "wrong_credentials"
    assert sign_in(browser, password="une autre phrase de passe").status == 201


def test_the_tenth_failure_locks_and_the_lock_ends_by_itself(browser: Browser, world: World) -> None:
    with_password(world)
    assert {sign_in(browser, password="not the one").code for _ in range(10)} == {"wrong_credentials"}
    locked = sign_in(browser)
    assert (locked.status, locked.code, locked.header("retry-after")) == (429, "too_many_sign_ins", "900")
    world.clock.advance(minutes=15)
    assert sign_in(browser).status == 201


def test_signing_in_says_the_same_to_strangers_and_to_wrong_passwords(world: World) -> None:
    with_password(world)
    known, unknown = sign_in(Browser(world), password="not the one"), sign_in(Browser(world), email=STRANGER)
    assert known.status == 401
    assert seen(known) == seen(unknown)


def test_a_forgotten_password_gets_the_same_answer_with_and_without_an_account(world: World) -> None:
    with_password(world)
    known, unknown = (Browser(world).post(LINKS, {"email": email}) for email in (EMAIL, STRANGER))
    assert known.status == 202
    assert seen(known) == seen(unknown)
    assert [mail.to for mail in world.store.of(Mail) if mail.template is Template.PASSWORD_LINK] == [EMAIL]
    known, unknown = (Browser(world).post(LINKS, {"email": email}) for email in (EMAIL, STRANGER))
    assert known.status == 429
    assert seen(known) == seen(unknown)


def test_a_forgotten_address_gets_the_same_answer_known_or_not(world: World) -> None:
    with_password(world)
    for status in (202, 429):
        asked = [{"ine": ine, "birth_date": "1998-05-23"} for ine in (INE, "223120671JH")]
        known, unknown = (Browser(world).post("/api/v1/address-reminders", one) for one in asked)
        assert known.status == status
        assert seen(known) == seen(unknown)
    assert [mail.to for mail in world.store.of(Mail) if mail.template is Template.ADDRESS_REMINDER] == [EMAIL]


def test_a_registration_with_a_known_address_gets_the_same_answers(world: World) -> None:
    with_password(world)
    world.clock.advance(days=1)
    known, unknown = Browser(world), Browser(world)
    for who in (known, unknown):
        who.post(DRAFT)
    taken = known.put(f"{DRAFT}/email", {"email": EMAIL, "email_again": EMAIL})
    free = unknown.put(f"{DRAFT}/email", {"email": STRANGER, "email_again": STRANGER})
    assert taken.json | {"email": STRANGER} == free.json
    assert seen(taken)[2] == seen(free)[2]
    guesses = [who.post(f"{CODES}/confirmation", {"code": "ZZZZZZ"}) for who in (known, unknown)]
    assert guesses[0].code == "wrong_code"
    assert seen(guesses[0]) == seen(guesses[1])
    last = world.store.of(Mail)[-2:]
    assert [mail.template for mail in last] == [Template.ALREADY_REGISTERED, Template.CODE]


@pytest.mark.parametrize("value", ["", "junk", "a.b", ".", "a.", "é.x", "x" * 300, "a.b.c", '"', "a.\x7f", "%00.a"])
@pytest.mark.parametrize(("who", "path"), [(Caller.STUDENT, SESSION), (Caller.DRAFT, DRAFT)])
def test_a_junk_cookie_is_no_session(browser: Browser, who: Caller, path: str, value: str) -> None:
    browser.take(who, value)
    assert browser.get(path).status == 401


def test_a_draft_s_cookie_does_not_sign_anybody_in(browser: Browser) -> None:
    browser.post(DRAFT)
    browser.take(Caller.STUDENT, browser.cookies["__Host-cvec-draft"])
    assert browser.get(SESSION).code == "not_signed_in"


def test_only_the_digest_of_a_session_is_stored(browser: Browser, world: World) -> None:
    browser.post(DRAFT)
    token = browser.cookies["__Host-cvec-draft"].partition(".")[2]
    [session] = world.store.of(Session)
    assert token not in session.model_dump_json()

"""A lost answer, asked for again with its key, is the same answer and no second act, on every route that takes one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from cvec.domain.codes import CodePurpose, VerificationCode
from cvec.domain.idempotency import KEPT, Answered
from cvec.domain.model import Row
from cvec.domain.payment_links import PaymentLink, ShownName
from cvec.domain.registration import Draft
from cvec.usecases import pay, third_party
from cvec.usecases.tokens import code_letters
from cvec.web.idempotency import HEADER, REPLAYED

from tests.functions.test_register import SCREENS
from tests.support.calling import Browser, Reply, operations
from tests.support.fakes import World
from tests.support.people import EMAIL, LYON, PASSWORD, YEAR, letters_sent, ready_to_pay, with_password

CARD, LINK = f"/api/v1/files/{YEAR}/card-payments", f"/api/v1/files/{YEAR}/payment-link"
DRAFT, CODES = "/api/v1/registration", "/api/v1/verification-codes"
NEW_ADDRESS, NEW_EMAIL = "/api/v1/account/email/confirmation", "nouvelle@example.org"
KEY, OTHER_KEY = "7f1c-first", "7f1c-second"
SECOND = timedelta(seconds=1)


class Killed(BaseException):
    """The function was killed in the middle: out of time, out of memory."""


def ask(browser: Browser, path: str, sent: Any = None, *, key: str | None = KEY) -> Reply:
    return browser.post(path, sent, headers={} if key is None else {HEADER: key})


def signed_in(world: World, email: str = EMAIL) -> Browser:
    browser = Browser(world)
    assert browser.post("/api/v1/session", {"email": email, "password": PASSWORD}).status == 201
    return browser


@pytest.fixture
def payer(world: World) -> Browser:
    """A student who is ready to pay."""
    ready_to_pay(world)
    return signed_in(world)


# ── Every route that makes something ─────────────────────────────────────────────────────────────────────────────────


def ready(world: World) -> Browser:
    ready_to_pay(world)
    return signed_in(world)


def offered(world: World) -> str:
    """The token of a link that a student gave."""
    view = third_party.ask_third_party(ready_to_pay(world), YEAR, name=ShownName.FIRST_NAME, language="fr", tools=world)
    return (view.url or "").rpartition("/")[2]


def filling(world: World, *, is_confirmed: bool) -> Browser:
    """A browser whose registration wants only its end, or a code."""
    browser = Browser(world)
    for screen, sent in SCREENS.items() if browser.post(DRAFT) else ():
        assert browser.put(f"{DRAFT}/{screen}", sent).status == 200
    if is_confirmed:
        assert browser.post(f"{CODES}/confirmation", {"code": letters(world)}).status == 200
    world.clock.advance(minutes=2)
    return browser


def letters(world: World) -> str:
    [draft] = world.store.of(Draft)
    return letters_sent(draft.id, world)


def to_confirm(world: World) -> "Prepared":
    browser = filling(world, is_confirmed=False)
    return browser, f"{CODES}/confirmation", {"code": letters(world)}


def changing_address(world: World) -> "Prepared":
    """A student whose new address has received its code."""
    person_id = with_password(world)
    browser = signed_in(world)
    asked = {"email": NEW_EMAIL, "email_again": NEW_EMAIL, "password": PASSWORD}
    assert browser.put("/api/v1/account/email", asked).status == 202
    code = world.store.find(VerificationCode, person_id, CodePurpose.NEW_EMAIL)
    assert code is not None
    return browser, NEW_ADDRESS, {"code": code_letters(code.id, secrets=world.secrets)}


Prepared = tuple[Browser, str, Any]
REQUESTS: dict[str, Callable[[World], Prepared]] = {
    NEW_ADDRESS: changing_address,
    CODES: lambda world: (filling(world, is_confirmed=False), CODES, None),
    f"{CODES}/confirmation": to_confirm,
    f"{DRAFT}/completion": lambda world: (filling(world, is_confirmed=True), f"{DRAFT}/completion", None),
    "/api/v1/files/{year}/card-payments": lambda world: (ready(world), CARD, None),
    "/api/v1/files/{year}/payment-link": lambda world: (ready(world), LINK, {"phrase": "Merci"}),
    "/api/v1/payment-links/{token}/acceptance": lambda world: (
        Browser(world),
        f"/api/v1/payment-links/{offered(world)}/acceptance",
        None,
    ),
    "/api/v1/payment-links/{token}/refusal": lambda world: (
        Browser(world),
        f"/api/v1/payment-links/{offered(world)}/refusal",
        {"reason": "Pas cette fois"},
    ),
}
"""How each route that takes a key comes to succeed once."""

TAKING = [one.path for _, one in operations() if one.takes_key]


def test_every_route_that_takes_a_key_is_tried_here() -> None:
    assert set(TAKING) == set(REQUESTS), "say in REQUESTS of this file how the new route comes to succeed"


@pytest.mark.parametrize("path", TAKING)
def test_asking_again_with_the_key_gives_the_same_answer_and_does_nothing(world: World, path: str) -> None:
    browser, at, sent = REQUESTS[path](world)
    first = ask(browser, at, sent)
    before = dict(world.store.rows)
    again = ask(browser, at, sent)
    assert first.status in (200, 201)
    assert (again.status, again.json) == (first.status, first.json)
    assert again.header(REPLAYED.lower()) == "true"
    assert REPLAYED.lower() not in first.headers
    assert world.store.rows == before


@pytest.mark.parametrize("path", TAKING)
def test_on_every_route_a_malformed_key_is_refused_before_anything_is_done(world: World, path: str) -> None:
    browser, at, sent = REQUESTS[path](world)
    before = dict(world.store.rows)
    reply = ask(browser, at, sent, key="two words")
    assert (reply.status, reply.code) == (422, "invalid_fields")
    assert world.store.rows == before


def test_with_another_key_it_is_done_again(payer: Browser, world: World) -> None:
    first, second = ask(payer, LINK, {}), ask(payer, LINK, {}, key=OTHER_KEY)
    assert first.json["url"] != second.json["url"]
    assert len(world.store.of(PaymentLink)) == 2


def test_without_a_key_nothing_is_remembered(payer: Browser, world: World) -> None:
    ask(payer, LINK, {}, key=None)
    assert world.store.of(Answered) == []


# ── The same key for something else ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("path", "sent"), [(LINK, {"phrase": "Autre"}), (LINK, None), (CARD, None)])
def test_the_key_of_another_request_is_refused_and_does_nothing(
    payer: Browser, world: World, path: str, sent: Any
) -> None:
    ask(payer, LINK, {"phrase": "Merci"})
    before = dict(world.store.rows)
    body = b'{"phrase": "Merci" }' if sent is None and path == LINK else None
    reply = payer.post(path, sent, body=body, headers={HEADER: KEY})
    assert (reply.status, reply.code) == (409, "key_reused")
    assert world.store.rows == before


def test_the_keys_of_two_people_never_meet(world: World) -> None:
    ready_to_pay(world)
    other = {"email": "other@example.org", "ine": "0494004062M"}
    with_password(world, **other)
    francois, stranger = signed_in(world), signed_in(world, other["email"])
    assert stranger.put(f"/api/v1/files/{YEAR}/study-city", LYON).status == 200
    replies = [ask(one, CARD) for one in (francois, stranger, francois, stranger)]
    assert [reply.headers.get("idempotent-replayed") for reply in replies] == [None, None, ["true"], ["true"]]
    assert replies[0].json == replies[2].json != replies[1].json == replies[3].json


# ── While it is under way ────────────────────────────────────────────────────────────────────────────────────────────


def killed_once(monkeypatch: pytest.MonkeyPatch, payer: Browser) -> None:
    """A request whose function dies in the middle, after it began."""

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(pay, "pay_by_card", die)
        with pytest.raises(Killed):
            ask(payer, CARD)


@pytest.mark.parametrize(("after", "wait"), [(0, "30"), (0.5, "30"), (29, "1"), (29.9, "1")])
def test_while_a_request_may_still_run_its_key_waits(
    payer: Browser, world: World, monkeypatch: pytest.MonkeyPatch, after: float, wait: str
) -> None:
    killed_once(monkeypatch, payer)
    world.clock.advance(seconds=after)
    reply = ask(payer, CARD)
    assert (reply.status, reply.code, reply.header("retry-after")) == (409, "still_running", wait)
    assert world.cards.pages == {}


def test_thirty_seconds_after_a_request_died_another_may(
    payer: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_once(monkeypatch, payer)
    world.clock.advance(seconds=30)
    first = ask(payer, CARD)
    assert first.status == 201
    assert ask(payer, CARD).json == first.json
    assert len(world.cards.open_pages) == 1


def test_of_two_requests_that_begin_at_the_same_moment_one_is_told_to_wait(
    payer: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = world.store.commit

    def overtaken(*rows: Row, **erased: Any) -> None:
        monkeypatch.setattr(world.store, "commit", commit)
        commit(*rows)  # the other request, a moment earlier
        commit(*rows, **erased)

    monkeypatch.setattr(world.store, "commit", overtaken)
    reply = ask(payer, CARD)
    assert (reply.status, reply.code, reply.header("retry-after")) == (409, "still_running", "1")
    assert world.cards.pages == {}


# ── What is remembered, and for how long ─────────────────────────────────────────────────────────────────────────────


def test_a_refused_request_is_not_remembered(payer: Browser, world: World) -> None:
    world.cards.is_down = True
    assert ask(payer, CARD).code == "card_provider_unavailable"
    assert world.store.of(Answered) == []
    world.cards.is_down = False
    reply = ask(payer, CARD)
    assert (reply.status, REPLAYED.lower() in reply.headers) == (201, False)


def test_a_fault_of_ours_is_not_remembered(payer: Browser, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(pay, "pay_by_card", stumble)
        assert ask(payer, CARD).status == 500
    assert world.store.of(Answered) == []
    assert ask(payer, CARD).status == 201


def moment_of(world: World) -> datetime:
    return world.store.of(Answered)[0].asked_at


@pytest.mark.parametrize("before_the_end", [timedelta(hours=1), SECOND])
def test_an_answer_is_kept_to_the_end_of_its_thirty_days(world: World, before_the_end: timedelta) -> None:
    token = offered(world)
    browser, path = Browser(world), f"/api/v1/payment-links/{token}/refusal"
    first = ask(browser, path, {})
    world.clock.at = moment_of(world) + KEPT - before_the_end
    again = ask(browser, path, {})
    assert (again.status, again.json) == (first.status, first.json)
    assert again.header("idempotent-replayed") == "true"


def test_after_thirty_days_the_key_is_new_even_if_storage_has_not_swept_it(world: World) -> None:
    token = offered(world)
    browser, path = Browser(world), f"/api/v1/payment-links/{token}/refusal"
    ask(browser, path, {})
    world.clock.at = moment_of(world) + KEPT
    again = ask(browser, path, {})
    assert (again.status, again.code) == (410, "payment_link_over")
    assert world.store.of(Answered) == []


def test_after_thirty_days_the_key_may_serve_for_something_else(payer: Browser, world: World) -> None:
    ask(payer, LINK, {})
    world.clock.at = moment_of(world) + KEPT
    later = signed_in(world)
    reply = ask(later, CARD)
    assert (reply.status, REPLAYED.lower() in reply.headers) == (201, False)
    [remembered] = world.store.of(Answered)
    assert (remembered.asked_at, remembered.status) == (world.clock.now(), 201)


# ── Keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "a\tb", "k" * 256, "\x7f"])
def test_a_malformed_key_is_named(payer: Browser, key: str) -> None:
    reply = ask(payer, CARD, key=key)
    assert (reply.status, reply.code) == (422, "invalid_fields")
    assert reply.json["errors"] == [{"field": HEADER, "code": "key_form"}]


@pytest.mark.parametrize("key", ["a", "k" * 255, '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "~!#"])
def test_a_well_formed_key_is_taken(payer: Browser, key: str) -> None:
    assert ask(payer, CARD, key=key).status == 201
    assert ask(payer, CARD, key=key).header("idempotent-replayed") == "true"


def test_neither_key_nor_person_nor_body_is_readable_in_what_is_kept(payer: Browser, world: World) -> None:
    [draft] = world.store.of(Draft)
    ask(payer, LINK, {"phrase": "tres-personnel"})
    [kept] = world.store.of(Answered)
    said = repr(kept.model_copy(update={"answer": None}))
    assert not [word for word in (KEY, "tres-personnel", draft.id, EMAIL) if word in said]


def test_the_token_of_a_link_is_said_again_without_being_kept(world: World) -> None:
    browser = ready(world)
    first, again = (browser.post(LINK, {"phrase": "Merci"}, headers={"Idempotency-Key": "k1"}) for _ in range(2))
    token = first.json["url"].rpartition("/")[2]
    assert again.json["url"] == first.json["url"]
    assert token not in repr(world.store.of(Answered))

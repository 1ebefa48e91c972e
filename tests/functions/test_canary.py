"""Nothing personal is ever logged, counted, or said to somebody else: a journey full of canaries, with its faults."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from cvec import journal
from cvec.domain.certificates import Certificate
from cvec.domain.mails import Mail, Template

from tests.support.calling import STEPS, Browser, Reply, invoke, messages_event, rows_event
from tests.support.canary import (
    DRAFT,
    EMAIL,
    FILE,
    INE,
    PASSWORD,
    PERSONAL,
    SCREENS,
    SESSION,
    Journey,
    NotedStore,
    leaks,
)
from tests.support.fakes import World, new_world
from tests.support.people import LYON, password_token


class Ear:
    """Hears all that is logged or printed, whichever way."""

    def __init__(self, written: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
        self._written = written
        self._capsys = capsys
        self._printed = ""

    @property
    def heard(self) -> str:
        """Every line so far, with escapes undone."""
        out, err = self._capsys.readouterr()
        self._printed += out + err
        said = self._written.getvalue() + self._printed
        said = said.replace("test_canary.py", "")  # where a fault of ours was raised
        return said + said.encode().decode("unicode_escape", "replace")


@pytest.fixture
def ear(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Ear]:
    written = io.StringIO()
    root, listener = logging.getLogger(), logging.StreamHandler(written)
    monkeypatch.setattr(root, "level", logging.DEBUG)
    root.addHandler(listener)
    for name in (*STEPS, "facts"):
        monkeypatch.setattr(journal.logger(name).registered_handler, "stream", written)
    yield Ear(written, capsys)
    root.removeHandler(listener)


@pytest.fixture
def canary_world() -> World:
    return new_world(store=NotedStore())


def test_the_whole_journey_logs_and_counts_nothing_personal(canary_world: World, ear: Ear) -> None:
    journey = Journey(canary_world)
    journey.walk()
    heard = ear.heard
    assert len(journey.secrets) >= 5
    assert {"registration_completed", "password_set", "payment_applied", "certificate_issued"} <= set(heard.split('"'))
    assert "CloudWatchMetrics" in heard
    assert leaks(heard, journey) == []


def test_the_ear_is_not_deaf(canary_world: World, ear: Ear) -> None:
    journal.logger("register").info("canari")
    logging.getLogger("botocore.hooks").info("Ôiseau CANARIN")
    print(INE)  # noqa: T201 - what must be heard
    assert leaks(ear.heard, Journey(canary_world)) == ["CANAR", "canar", INE]


FAULTS = {
    "the store's reads": ("store", "find"),
    "the store's writes": ("store", "commit"),
    "the store's lists": ("store", "all"),
    "hashing": ("passwords", "hash"),
    "checking a password": ("passwords", "verify"),
    "the secret": ("secrets", "derive"),
    "the provider": ("cards", "open_page"),
    "the provider's truth": ("cards", "fetch"),
    "printing": ("printer", "print"),
    "the shelf": ("shelf", "keep"),
    "writing letters": ("letters", "write"),
    "the post": ("post", "send"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_whose_message_holds_everything_is_logged_without_it(
    canary_world: World, ear: Ear, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    def explode(*given: object, **named: object) -> None:
        try:
            raise ValueError(f"{given} {named} {SCREENS}")
        except ValueError as cause:
            raise RuntimeError(f"{PERSONAL} {given} {named}") from cause

    journey = Journey(canary_world)
    journey.walk()
    port, method = FAULTS[fault]
    monkeypatch.setattr(getattr(canary_world, port), method, explode)
    replies = _everything_again(journey)
    heard = ear.heard
    assert '"fault"' in heard
    assert leaks(heard, journey) == []
    assert [leaks(reply.text, journey) for reply in replies if reply.status >= 500] == [
        [] for reply in replies if reply.status >= 500
    ]


def _everything_again(journey: Journey) -> list[Reply]:
    """Knock at every door, and wake every consumer, whatever comes back."""
    world, browser = journey.world, Browser(journey.world, dict(journey.browser.cookies))
    world.clock.advance(minutes=20)
    other = Browser(world)
    replies = [
        browser.get(FILE),
        browser.get(SESSION),
        other.post(DRAFT),
        browser.put(f"{DRAFT}/identity", SCREENS["identity"]),
        browser.put(f"{DRAFT}/email", SCREENS["email"]),
        other.post("/api/v1/password-links", {"email": EMAIL}),
        other.post(SESSION, {"email": EMAIL, "password": PASSWORD}),
        browser.get(f"{FILE}/certificate"),
        other.call("GET", f"/api/v1/certificates/{journey.number}", query="etudiant=CANARIN"),
        other.get(f"/fr/payments/{journey.payment}"),
    ]
    replies += _payment_again(journey)
    replies += _password_again(other, world)
    _background_again(world)
    return replies


def _password_again(other: Browser, world: World) -> list[Reply]:
    links = [mail for mail in world.store.of(Mail) if mail.template is Template.PASSWORD_LINK and mail.words]
    if not links:
        return []
    try:
        token = password_token(world, Template.PASSWORD_LINK)
    except RuntimeError:  # the secret itself is what fails
        token = "any"
    return [other.submit(f"/fr/password/{token}", password=PASSWORD)]


def _payment_again(journey: Journey) -> list[Reply]:
    """The year before, so that there is a page to open and a payment to look at."""
    year = "/api/v1/files/2025-2026"
    browser = journey.browser
    replies = [browser.put(f"{year}/study-city", LYON), browser.post(f"{year}/card-payments")]
    if replies[-1].status == 201:
        payment = replies[-1].json["payment"]
        journey.world.cards.pay(f"page-{payment}")
        invoke("pay", messages_event(json.dumps({"payment": payment})))
    return replies


def _background_again(world: World) -> None:
    rows = [{"kind": row.kind, "person_id": row.person_id, "year": row.year} for row in world.store.of(Certificate)]
    invoke("certify", rows_event(*rows))
    invoke("notify", rows_event(*({"kind": "mail", "id": mail.id} for mail in world.store.of(Mail))))


def test_a_stranger_is_told_nothing_of_the_canary(canary_world: World) -> None:
    journey = Journey(canary_world)
    journey.walk()
    canary_world.clock.advance(days=1)
    stranger = Browser(canary_world)
    stranger.post(DRAFT)
    replies = [
        stranger.put(f"{DRAFT}/email", {"email": EMAIL, "email_again": "else@example.org"}),
        stranger.put(f"{DRAFT}/ine", {"ine": f"{INE}A"}),
        stranger.put(f"{DRAFT}/identity", SCREENS["identity"] | {"birth_country": "FR"}),
        stranger.post(SESSION, {"email": EMAIL, "password": PASSWORD + "!"}),
        stranger.get(f"/api/v1/payments/{journey.payment}"),
        stranger.get(FILE),
        stranger.get(f"{FILE}/certificate"),
        stranger.submit(f"/en/password/{journey.secrets[2]}", password=PASSWORD),
        stranger.call("GET", f"/api/v1/certificates/{journey.number}", query="etudiant=AUTRE"),
        stranger.get(f"/fr/payments/{journey.payment}"),
    ]
    assert [leaks(reply.text.replace(journey.secrets[2], ""), journey) for reply in replies] == [[]] * len(replies)


def test_what_is_printed_bears_the_name_so_the_canary_was_there(canary_world: World) -> None:
    journey = Journey(canary_world)
    journey.walk()
    [document] = canary_world.shelf.documents.values()
    assert "CANARIN-Ôiseau" in document.decode()

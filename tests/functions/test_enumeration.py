"""A stranger learns nothing of who has an account: known and unknown addresses get one answer, for one amount of work.

A door that takes an address is one line of `DOORS`.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pytest
from argon2 import PasswordHasher
from cvec.adapters.passwords import Argon2Passwords
from cvec.domain.model import Row

from tests.support.calling import Browser, Reply
from tests.support.fakes import FakePasswords, MemoryStore, World, new_world
from tests.support.people import EMAIL, INE, with_password

DRAFT, CODES, SESSION = "/api/v1/registration", "/api/v1/verification-codes", "/api/v1/session"
STRANGER = "antoinette.ngom@example.org"
"""An address without account, as long as the known one."""
ASKED = 40
"""How often each door is asked: beyond every limit."""
R = TypeVar("R", bound=Row)


class CountedStore(MemoryStore):
    """A store that counts what it is asked, by the kind of row."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: Counter[str] = Counter()

    def find(self, kind: type[R], *key: str) -> R | None:
        self.calls["find"] += 1
        return super().find(kind, *key)

    def all(self, kind: type[R], *key: str) -> list[R]:
        self.calls["all"] += 1
        return super().all(kind, *key)

    def commit(self, *rows: Row, erase: Sequence[Row] = ()) -> None:
        self.calls["commit"] += 1
        super().commit(*rows, erase=erase)


class CountedPasswords(FakePasswords):
    """Passwords whose costly verifications are counted."""

    def __init__(self) -> None:
        self.verified = 0

    def verify(self, password: str, hashed: str | None) -> bool:
        self.verified += 1
        return super().verify(password, hashed)


def give_email(browser: Browser, email: str) -> Reply:
    return browser.put(f"{DRAFT}/email", {"email": email, "email_again": email})


def resend_code(browser: Browser, email: str) -> Reply:
    browser.world.clock.advance(minutes=1)
    return browser.post(CODES)


def guess_code(browser: Browser, email: str) -> Reply:
    return browser.post(f"{CODES}/confirmation", {"code": "ZZZZZZ"})


def ask_password_link(browser: Browser, email: str) -> Reply:
    return browser.post("/api/v1/password-links", {"email": email})


def ask_resume_link(browser: Browser, email: str) -> Reply:
    return browser.post(f"{DRAFT}/resume-links", {"email": email})


def ask_reminder(browser: Browser, email: str) -> Reply:
    ine = INE if email == EMAIL else "0494004062M"
    return browser.post("/api/v1/address-reminders", {"ine": ine, "birth_date": "1998-05-23"})


def sign_in(browser: Browser, email: str) -> Reply:
    return browser.post(SESSION, {"email": email, "password": "not the one"})


def with_draft(browser: Browser, email: str) -> None:
    """A registration that has given its address."""
    assert browser.post(DRAFT).status == 201
    assert give_email(browser, email).status == 200


def with_empty_draft(browser: Browser, email: str) -> None:
    assert browser.post(DRAFT).status == 201


def with_nothing(browser: Browser, email: str) -> None:
    """A stranger as they come."""


Ask = Callable[[Browser, str], Reply]
Ready = Callable[[Browser, str], None]
DOORS: dict[str, tuple[Ready, Ask, int]] = {
    "give an address": (with_empty_draft, give_email, 200),
    "resend the code": (with_draft, resend_code, 200),
    "guess the code": (with_draft, guess_code, 422),
    "ask for a password link": (with_nothing, ask_password_link, 202),
    "sign in": (with_nothing, sign_in, 401),
    "go on with a registration": (with_nothing, ask_resume_link, 202),
    "which address did I use": (with_nothing, ask_reminder, 202),
}
"""By name: what comes before, the request, and the status of its first answer."""


def asked(ready: Ready, ask: Ask, email: str) -> tuple[World, Browser]:
    """Somebody about to ask, in a world where EMAIL has an account and its quotas are whole again."""
    world = new_world(store=CountedStore(), passwords=CountedPasswords())
    with_password(world)
    world.clock.advance(days=2)
    browser = Browser(world)
    ready(browser, email)
    return world, browser


def seen(reply: Reply, email: str) -> tuple[int, object, dict[str, list[str]]]:
    """All that a stranger sees of an answer, but its number and the address they typed themselves."""
    text = reply.text.replace(email, "(the address)")
    headers = {name: values for name, values in reply.headers.items() if name != "x-request-id"}
    body: Any = Reply(reply.status, {}, text).json if text else None
    if isinstance(body, dict):
        body.pop("request_id", None)
    return reply.status, body, headers


@pytest.mark.parametrize("door", DOORS)
def test_known_and_unknown_addresses_get_one_answer_until_and_beyond_the_limit(door: str) -> None:
    ready, ask, status = DOORS[door]
    answers = []
    for email in (EMAIL, STRANGER):
        _, browser = asked(ready, ask, email)
        answers.append([seen(ask(browser, email), email) for _ in range(ASKED)])
    known, unknown = answers
    assert known == unknown
    assert known[0][0] == status
    assert known[-1][0] == 429


@pytest.mark.parametrize("door", DOORS)
def test_known_and_unknown_addresses_cost_the_same_work(door: str) -> None:
    ready, ask, _ = DOORS[door]
    work = []
    for email in (EMAIL, STRANGER):
        world, browser = asked(ready, ask, email)
        store, passwords = world.store, world.passwords
        assert isinstance(store, CountedStore)
        assert isinstance(passwords, CountedPasswords)
        store.calls.clear()
        ask(browser, email)
        work.append((dict(store.calls), passwords.verified))
    assert work[0] == work[1]


@pytest.mark.parametrize("email", [EMAIL, STRANGER])
def test_signing_in_verifies_one_password_known_or_not(email: str) -> None:
    world, browser = asked(with_nothing, sign_in, email)
    sign_in(browser, email)
    assert isinstance(world.passwords, CountedPasswords)
    assert world.passwords.verified == 1


@pytest.mark.parametrize("is_known", [True, False])
def test_argon2_runs_as_often_whether_or_not_there_is_a_hash(is_known: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = Argon2Passwords().hash("neuf girafes") if is_known else None
    ran: list[str] = []
    for work in ("verify", "hash"):
        monkeypatch.setattr(PasswordHasher, work, counted(work, ran))
    passwords = Argon2Passwords()
    assert not passwords.verify("not the one", stored)
    assert ran == ["hash", "verify"]  # a new process makes its stand-in for nobody's hash, whoever comes first
    assert not passwords.verify("not the one", stored)
    assert ran == ["hash", "verify", "verify"]


def counted(work: str, ran: list[str]) -> Callable[..., object]:
    """A costly method of the hasher, noted each time it runs."""
    method = getattr(PasswordHasher, work)

    def noted(hasher: PasswordHasher, *given: str | bytes) -> object:
        ran.append(work)
        return method(hasher, *given)

    return noted

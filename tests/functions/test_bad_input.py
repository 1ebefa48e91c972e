"""Whatever is sent to any route, the answer is a problem that says so, or a good answer; never a fault of ours."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from cvec.adapters.cards_stripe import CardKeys, StripeGateway
from cvec.ports import Pointer
from cvec.usecases import sign_in, verify
from cvec.web.callers import Caller
from cvec.web.operations import Operation

from tests.support.bad_input import FORMS, HEADERS, PLACES, QUERIES, RAW_BODIES, VALUES, spoiled_bodies
from tests.support.bodies import GOOD
from tests.support.calling import Browser, Reply, operations
from tests.support.fakes import FakeCards, FakeClock, World, new_world
from tests.support.people import EMAIL, PASSWORD, YEAR, at_the_page, started

FEWEST_CASES = 2_000


class SignedCards(FakeCards):
    """The fake provider, whose notifications are read by the real reader of signatures."""

    def read_notification(self, headers: Any, body: bytes) -> Pointer:
        keys = CardKeys(api_key="sk_test_x", notification_secrets=("whsec_x",))
        gateway = StripeGateway(lambda: keys, site_url="https://cvec.example", api_base="", is_live=False)
        return gateway.read_notification(headers, body)


class Prober:
    """Sends everything bad to one route, each time to the same world with the same sessions."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.browser, self.places = _a_busy_world()
        self._rows = dict(self.browser.world.store.rows)
        self._cookies = dict(self.browser.cookies)
        self.sent = 0

    def send(self, path: str | None = None, **options: Any) -> None:
        """One case, judged."""
        self.browser.world.store.rows = dict(self._rows)
        self.browser.cookies = dict(self._cookies)
        options.setdefault("content_type", self.operation.content_type or "application/json")
        reply = self.browser.call(
            self.operation.methods[0], path or self.path(), resource=self.operation.path, **options
        )
        self.sent += 1
        _judge(reply, (self.operation.path, path, {name: repr(value)[:80] for name, value in options.items()}))

    def path(self, **places: str) -> str:
        return self.operation.path.format(**{**self.places, **places})


def _a_busy_world() -> tuple[Browser, dict[str, str]]:
    """Somebody who registers, and is signed in, and stands before the payment page; and the names of things."""
    clock = FakeClock()
    world: World = new_world(clock=clock, cards=SignedCards(clock))
    _, offered = at_the_page(world)
    browser = Browser(world)
    cookie = sign_in.sign_in(EMAIL, PASSWORD, tools=world).cookie
    browser.take(Caller.STUDENT, cookie)
    clock.advance(days=1)
    assert browser.post("/api/v1/registration").status == 201
    assert browser.post("/api/v1/session", {"email": EMAIL, "password": PASSWORD}).status == 201
    draft_id = browser.cookies["__Host-cvec-draft"].partition(".")[0]
    verify.give_email(draft_id, "other@example.org", tools=world)
    assert started(world)
    invented = {"token": "invented", "number": "CRE8DTGBLX70", "session_id": "invented"}
    return browser, {"year": YEAR, "payment": offered.payment, **invented}


def _judge(reply: Reply, about: Any) -> None:
    assert reply.status < 500, about
    assert reply.status >= 200, about
    assert "x-request-id" in reply.headers, about
    kind = reply.header("content-type") if reply.text else ""
    if reply.status >= 400 and not kind.startswith("text/html"):
        assert kind == "application/problem+json", about
        assert reply.json["code"], about
        assert reply.json["remedy"]["text"], about


def probe(operation: Operation) -> int:
    """Send everything that can be bad about a route; how many cases that was."""
    prober = Prober(operation)
    _send_lines(prober)
    if operation.methods != ("GET",):
        _send_bodies(prober)
    return prober.sent


def _send_lines(prober: Prober) -> None:
    """What is before the body: headers, the query, the path."""
    for headers in HEADERS:
        prober.send(headers=headers)
    for query in QUERIES:
        prober.send(query=query)
    for name in prober.operation.path_parameters:
        for place in PLACES:
            prober.send(prober.path(**{name: place}))


def _send_bodies(prober: Prober) -> None:
    for body in (*RAW_BODIES, *FORMS, *_bodies_of(prober.operation)):
        prober.send(body=body)
    for body in RAW_BODIES[:30]:
        prober.send(body=body, is_binary=True)


def _bodies_of(operation: Operation) -> Iterator[bytes]:
    """The route's own fields, spoiled."""
    if operation.body:
        yield from spoiled_bodies(operation)
    if operation.form:
        for value in VALUES:
            yield urlencode(dict.fromkeys(GOOD[operation.form.__name__], value)).encode()


@pytest.mark.parametrize("operation", [pytest.param(one, id=f"{one.methods[0]} {one.path}") for _, one in operations()])
def test_whatever_is_sent_to_it_a_route_never_breaks(operation: Operation) -> None:
    assert probe(operation) > len(QUERIES)


def test_thousands_of_cases_are_sent() -> None:
    def cases(one: Operation) -> int:
        bodies = len(list(spoiled_bodies(one))) if one.body else 0
        return len(HEADERS) + len(QUERIES) + len(PLACES) * len(one.path_parameters) + bodies

    assert sum(cases(one) for _, one in operations()) >= FEWEST_CASES


@pytest.mark.parametrize("size", [64 * 1024 + 1, 1024 * 1024])
def test_a_body_over_64_kilobytes_is_too_large_and_one_of_64_is_read(size: int) -> None:
    browser, _ = _a_busy_world()
    reply = browser.put("/api/v1/registration/ine", body=b" " * size)
    assert (reply.status, reply.code) == (413, "too_large")
    exact = b'{"ine": "1409002949V"}'.ljust(64 * 1024)
    assert browser.put("/api/v1/registration/ine", body=exact).status == 200

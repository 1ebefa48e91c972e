"""What holds at every door: headers, origins, languages, and refusals that are problems with a way out."""

import logging

import pytest
from cvec.domain.sessions import Session
from cvec.web.callers import Caller
from cvec.web.headers import SECURITY_HEADERS
from cvec.web.operations import Operation

from tests.support.calling import SITE, Browser, Reply, operations
from tests.support.fakes import World

DRAFT = "/api/v1/registration"
EXAMPLES = {
    "year": "2026-2027",
    "number": "CRE8DTGBLX70",
    "payment": "invented",
    "token": "invented",
    "session_id": "invented",
}
ROUTES = [pytest.param(one, id=f"{one.methods[0]} {one.path}") for _, one in operations()]
CHANGES = [
    pytest.param(one, id=f"{one.methods[0]} {one.path}")
    for _, one in operations()
    if one.methods != ("GET",) and one.who is not Caller.PROVIDER
]


def knock(browser: Browser, operation: Operation, method: str = "", **options: object) -> Reply:
    """Call a route with nothing but what its path needs."""
    kind = operation.content_type or "application/json"
    path = operation.path.format(**EXAMPLES)
    method = method or operation.methods[0]
    body = None if method == "GET" else b""
    given = {"resource": operation.path, "body": body, "content_type": kind, **options}
    return browser.call(method, path, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("operation", ROUTES)
def test_every_answer_carries_our_headers_and_its_number(browser: Browser, operation: Operation) -> None:
    reply = knock(browser, operation)
    assert reply.status < 500
    assert {name.lower() for name in SECURITY_HEADERS} <= set(reply.headers)
    assert len(reply.header("x-request-id")) == 36
    assert "default-src 'none'" in reply.header("content-security-policy")
    if "problem" in reply.header("content-type"):
        assert reply.json["request_id"] == reply.header("x-request-id")


@pytest.mark.parametrize("operation", ROUTES)
def test_a_method_that_a_route_does_not_have_is_a_problem_of_ours(browser: Browser, operation: Operation) -> None:
    reply = knock(browser, operation, method="PATCH")
    assert (reply.status, reply.code) == (405, "wrong_method")
    assert set(operation.methods) <= set(reply.header("allow").split(", "))
    assert {name.lower() for name in SECURITY_HEADERS} <= set(reply.headers)
    assert reply.json["request_id"] == reply.header("x-request-id")


@pytest.mark.parametrize("operation", [route for route in ROUTES if route.values[0].content_type])  # type: ignore[union-attr]
@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "application/xml", "junk", ""])
def test_a_body_of_another_type_is_a_problem_of_ours(browser: Browser, operation: Operation, kind: str) -> None:
    reply = knock(browser, operation, body=b"{}", headers={"Content-Type": kind}, content_type=None)
    assert (reply.status, reply.code) == (415, "unsupported_content")
    assert {name.lower() for name in SECURITY_HEADERS} <= set(reply.headers)


def test_a_json_body_may_name_its_charset(browser: Browser) -> None:
    browser.post(DRAFT)
    reply = browser.put(f"{DRAFT}/ine", {"ine": "1409002949V"}, content_type="application/json; charset=utf-8")
    assert reply.status == 200


@pytest.mark.parametrize("operation", CHANGES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": SITE.replace("https", "http")},
        {"Origin": f"{SITE}.evil.example"},
        {"Origin": SITE, "Sec-Fetch-Site": "cross-site"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
    ],
    ids=lambda headers: ",".join(f"{name}={value}" for name, value in headers.items()),
)
def test_a_change_asked_for_by_another_site_is_refused(
    browser: Browser, operation: Operation, headers: dict[str, str]
) -> None:
    before = dict(browser.world.store.rows)
    reply = knock(browser, operation, headers=headers)
    assert (reply.status, reply.code) == (403, "foreign_origin")
    assert browser.world.store.rows == before


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": SITE}, {"Origin": SITE, "Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}],
)
def test_our_own_pages_and_programs_may_ask(browser: Browser, headers: dict[str, str]) -> None:
    assert browser.post(DRAFT, headers=headers).status == 201


def test_reading_from_another_site_is_no_change(browser: Browser) -> None:
    assert browser.get("/api/v1/exemption-reasons", headers={"Sec-Fetch-Site": "cross-site"}).status == 200


@pytest.mark.parametrize(
    ("accepted", "language", "title"),
    [
        ("", "fr", "Aucune inscription en cours"),
        ("fr-FR", "fr", "Aucune inscription en cours"),
        ("de, en-GB;q=0.8, fr;q=0.5", "en", "No registration under way"),
        ("zh", "fr", "Aucune inscription en cours"),
        ("é;;;,,q=\x7f", "fr", "Aucune inscription en cours"),
    ],
)
def test_a_problem_speaks_the_reader_s_language(browser: Browser, accepted: str, language: str, title: str) -> None:
    browser.language = accepted
    reply = browser.get(DRAFT)
    assert (reply.header("content-language"), reply.json["title"]) == (language, title)
    assert reply.json["type"] == "urn:cvec:problem:no_registration"
    assert (reply.json["status"], reply.json["remedy"]["href"]) == (401, DRAFT)
    assert reply.json["detail"]
    assert reply.json["remedy"]["text"]


def test_a_fault_of_ours_says_its_number_and_nothing_else(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(*_: object, **__: object) -> None:
        raise RuntimeError("ana@example.org did it")

    browser = Browser(world)
    monkeypatch.setattr(world.store, "commit", explode)
    with caplog.at_level(logging.DEBUG):
        reply = browser.post(DRAFT)
    assert (reply.status, reply.code) == (500, "unexpected")
    assert "ana@" not in reply.text + caplog.text
    assert reply.json["request_id"] == reply.header("x-request-id")
    assert {name.lower() for name in SECURITY_HEADERS} <= set(reply.headers)


def test_two_cookies_of_one_name_open_nothing_they_should_not(browser: Browser, world: World) -> None:
    browser.post(DRAFT)
    [session] = world.store.of(Session)
    value = browser.cookies["__Host-cvec-draft"]
    line = f"__Host-cvec-draft=junk; __Host-cvec-draft={value}; __Host-cvec={session.subject}.x"
    assert browser.get(DRAFT, headers={"Cookie": line}).status == 200
    assert browser.get("/api/v1/session", headers={"Cookie": line}).status == 401

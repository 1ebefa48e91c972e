"""Step 4 through its door: the holder's certificate, and the public check that tells a stranger nothing more."""

from typing import Any

import pytest
from cvec.domain.certificates import Certificate
from cvec.usecases import settle

from tests.functions.pages import the_page
from tests.support.calling import Browser, invoke, round_of, rows_event
from tests.support.fakes import World
from tests.support.people import EMAIL, PASSWORD, YEAR, at_the_page, ready_to_pay

MINE, CHECK = f"/api/v1/files/{YEAR}/certificate", "/api/v1/certificates"
UNKNOWN = "LYO6AAAAAA"


@pytest.fixture
def ordered(world: World) -> Certificate:
    """A certificate that was ordered by a payment and is not printed yet."""
    _, offered = at_the_page(world)
    world.cards.pay(f"page-{offered.payment}")
    settle.sync(offered.payment, tools=world)
    [certificate] = world.store.of(Certificate)
    return certificate


def row_of(certificate: Certificate) -> dict[str, Any]:
    return {"kind": "certificate", "person_id": certificate.person_id, "year": certificate.year}


@pytest.fixture
def issued(ordered: Certificate, browser: Browser) -> Certificate:
    """The same, printed."""
    browser.get("/cvec.css")
    assert invoke("certify", rows_event(row_of(ordered))) == {"batchItemFailures": []}
    return ordered


def compact(certificate: Certificate) -> str:
    return certificate.number.replace(" ", "")


def test_the_order_that_the_stream_brings_is_printed_once(issued: Certificate, world: World) -> None:
    invoke("certify", rows_event(row_of(issued), row_of(issued)))
    assert list(world.shelf.kept.values()) == [1]


def test_rows_that_fail_are_brought_again_alone(ordered: Certificate, browser: Browser, world: World) -> None:
    browser.get("/cvec.css")
    event = rows_event({"kind": "unheard_of"}, row_of(ordered), {"kind": "certificate"})
    answer = invoke("certify", event)
    assert {one["itemIdentifier"] for one in answer["batchItemFailures"]} == {"1", "3"}
    assert len(world.shelf.documents) == 1


def test_the_schedule_prints_what_the_stream_forgot(ordered: Certificate, browser: Browser, world: World) -> None:
    browser.get("/cvec.css")
    world.clock.advance(minutes=30)
    assert round_of("certify", "sweep") == (1, [])
    assert len(world.shelf.documents) == 1


def test_the_holder_gets_an_address_for_a_minute(issued: Certificate, browser: Browser) -> None:
    browser.post("/api/v1/session", {"email": EMAIL, "password": PASSWORD})
    reply = browser.get(MINE)
    assert reply.status == 200
    assert reply.json["number"] == issued.number
    assert reply.json["download_url"].endswith(f"attestation-cvec-{YEAR}-{compact(issued)}.pdf&60")
    assert reply.json["download_expires_at"] == "2026-07-01T10:01:00Z"


def test_a_file_that_is_not_settled_has_no_certificate(browser: Browser, world: World) -> None:
    ready_to_pay(world)
    browser.post("/api/v1/session", {"email": EMAIL, "password": PASSWORD})
    reply = browser.get(MINE)
    assert (reply.status, reply.code) == (404, "no_certificate_yet")
    assert browser.get("/api/v1/files/2026/certificate").code == "unknown_campaign"


def test_nobody_else_gets_it(issued: Certificate, browser: Browser) -> None:
    assert browser.get(MINE).code == "not_signed_in"


@pytest.mark.parametrize("surname", ["NDIAY", "N'Diaye", "ndiaye", "N’DIAYE"])
@pytest.mark.parametrize("spell", [str, str.lower, lambda number: number.replace(" ", ""), lambda n: f" {n}-"])
def test_number_and_surname_in_any_spelling_are_valid(
    issued: Certificate, browser: Browser, surname: str, spell: Any
) -> None:
    from urllib.parse import quote, urlencode

    reply = browser.call("GET", f"{CHECK}/{quote(spell(issued.number))}", query=urlencode({"etudiant": surname}))
    assert reply.json == {"number": issued.number, "validity": "valid", "academic_year": YEAR}


def test_a_wrong_surname_and_an_unknown_number_look_the_same(issued: Certificate, browser: Browser) -> None:
    from cvec.domain.certificate_number import CertificateNumber

    nobodys = CertificateNumber.draw("LYO", 2026, "DTGBLX")
    wrong = browser.call("GET", f"{CHECK}/{compact(issued)}", query="etudiant=MARTI")
    unknown = browser.call("GET", f"{CHECK}/{nobodys.compact}", query="etudiant=NDIAY")
    assert wrong.json == {"number": issued.number, "validity": "not_valid", "academic_year": None}
    assert unknown.json == wrong.json | {"number": str(nobodys)}
    assert {**wrong.headers, "x-request-id": []} == {**unknown.headers, "x-request-id": []}


@pytest.mark.parametrize("number", ["x", UNKNOWN, "CRE8DTGBLX71", "%00", "%F0%9F%92%A5", "A" * 500])
def test_a_mistyped_number_is_said_to_be_that(browser: Browser, number: str) -> None:
    reply = browser.call("GET", f"{CHECK}/{number}", query="etudiant=NDIAY")
    assert (reply.status, reply.code) == (422, "mistyped_number")


@pytest.mark.parametrize("query", ["", "etudiant=", f"etudiant={'A' * 61}", "etudiant=NDIAY&sexe=M"])
def test_a_check_without_a_surname_is_refused(issued: Certificate, browser: Browser, query: str) -> None:
    assert browser.call("GET", f"{CHECK}/{compact(issued)}", query=query).code == "invalid_fields"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_check_page_answers_on_the_same_page(issued: Certificate, browser: Browser, language: str) -> None:
    path = f"/{language}/certificates/{compact(issued)}"
    asked = the_page(browser.get(path), language=language)
    assert asked.forms == [("post", path)]
    good = the_page(browser.submit(path, surname="ndiaye"), language=language)
    bad = the_page(browser.submit(path, surname="martin"), language=language)
    assert "2026 - 2027" in good.text
    assert "2026 - 2027" not in bad.text
    assert "DIAYE" not in good.text + bad.text


@pytest.mark.parametrize("number", ["CRE8DTGBLX71", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "%22onclick=%22"])
def test_a_mistyped_number_has_a_page_that_shows_none_of_it(browser: Browser, number: str) -> None:
    reply = browser.get(f"/fr/certificates/{number}")
    page = the_page(reply, language="fr")
    assert (page.alerts, page.forms) == (1, [])
    assert "script" not in reply.text
    assert "onclick" not in reply.text


def test_an_empty_check_form_is_refused(issued: Certificate, browser: Browser) -> None:
    reply = browser.submit(f"/fr/certificates/{compact(issued)}", surname="")
    assert (reply.status, reply.code) == (422, "invalid_fields")


def test_the_stylesheet_may_be_kept(browser: Browser) -> None:
    reply = browser.get("/cvec.css")
    assert (reply.header("content-type"), reply.header("cache-control")) == (
        "text/css; charset=utf-8",
        "public, max-age=3600",
    )

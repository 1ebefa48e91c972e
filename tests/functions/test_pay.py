"""Step 3 through its door: the file, the study city, the payment page, the return page, and the provider's word."""

import pytest
from cvec.domain.errors import TryAgain
from cvec.web.callers import Caller

from tests.functions.pages import the_page
from tests.support.calling import Browser, invoke, messages_event, round_of
from tests.support.fakes import World
from tests.support.people import EMAIL, LYON, PASSWORD, YEAR, ready_to_pay, with_password

FILE = f"/api/v1/files/{YEAR}"
CITY, CARD = f"{FILE}/study-city", f"{FILE}/card-payments"
OTHER = {"email": "other@example.org", "ine": "0494004062M"}


def signed_in(browser: Browser, email: str = EMAIL) -> Browser:
    assert browser.post("/api/v1/session", {"email": email, "password": PASSWORD}).status == 201
    return browser


@pytest.fixture
def student(browser: Browser, world: World) -> Browser:
    """A student who is signed in; nothing done yet."""
    with_password(world)
    return signed_in(browser)


@pytest.fixture
def payer(browser: Browser, world: World) -> Browser:
    """A student who is ready to pay."""
    ready_to_pay(world)
    return signed_in(browser)


def test_a_file_nobody_touched_is_open_and_costs_the_campaign_s_amount(student: Browser) -> None:
    file = student.get(FILE).json
    assert (file["state"], file["amount_cents"], file["currency"]) == ("open", 10500, "eur")
    assert file["identity"]["birth_name"] == "N'DIAYE"
    assert (file["study_city"], file["current_payment"], file["certificate_number"]) == (None, None, None)


def test_the_study_city_decides_the_crous(student: Browser) -> None:
    reply = student.put(CITY, LYON)
    assert reply.status == 200
    assert reply.json["study_city"] == {"commune": "69123", "label": "Lyon (69001)", "crous": "Crous de Lyon"}
    assert student.get(FILE).json == reply.json


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"commune": "99999"}, "commune", "unknown_commune"),
        ({"commune": "Lyon"}, "commune", "string_pattern_mismatch"),
        ({"postcode": "75001"}, "postcode", "not_of_this_commune"),
        ({"terms_version": "1999-01"}, "terms_version", "other_terms_in_force"),
    ],
)
def test_a_bad_choice_is_named(student: Browser, change: dict[str, str], field: str, code: str) -> None:
    reply = student.put(CITY, LYON | change)
    assert (reply.status, reply.code) == (422, "invalid_fields")
    assert reply.json["errors"] == [{"field": field, "code": code}]


@pytest.mark.parametrize("year", ["2030-2031", "2026-2028", "2026", "2026-2027x", "..", "٢٠٢٦-٢٠٢٧"])
def test_a_year_without_campaign_is_unknown(student: Browser, year: str) -> None:
    replies = [
        student.get(f"/api/v1/files/{year}"),
        student.put(f"/api/v1/files/{year}/study-city", LYON),
        student.post(f"/api/v1/files/{year}/card-payments"),
    ]
    assert [(reply.status, reply.code) for reply in replies] == [(404, "unknown_campaign")] * 3


def test_a_percent_encoded_year_is_the_year_it_spells(student: Browser) -> None:
    assert student.get("/api/v1/files/2026%2D2027").status == 200


def test_a_closed_campaign_takes_no_payment(payer: Browser) -> None:
    reply = payer.post("/api/v1/files/2024-2025/card-payments")
    assert (reply.status, reply.code) == (409, "campaign_not_open")
    assert (reply.json["opens"], reply.json["closes"]) == ("2024-05-02", "2025-08-31")


def test_paying_before_the_city_is_chosen_takes_no_money(student: Browser, world: World) -> None:
    reply = student.post(CARD)
    assert (reply.status, reply.code) == (409, "file_not_ready")
    assert "Aucune somme" in reply.json["detail"]
    assert world.cards.pages == {}


def test_clicking_twice_offers_the_same_page(payer: Browser, world: World) -> None:
    first, second = payer.post(CARD), payer.post(CARD)
    assert first.status == 201
    assert first.json["url"].startswith("https://cards.example/")
    assert first.json["amount_cents"] == 10500
    assert second.json == first.json
    assert len(world.cards.open_pages) == 1


def test_the_page_is_in_the_payer_s_language(payer: Browser, world: World) -> None:
    payer.language = "en-GB,fr;q=0.1"
    payer.post(CARD)
    [page] = world.cards.open_pages
    assert page.payment.language == "en"


def test_an_outage_of_the_provider_says_that_no_money_was_taken(payer: Browser, world: World) -> None:
    world.cards.is_down = True
    reply = payer.post(CARD)
    assert (reply.status, reply.code) == (503, "card_provider_unavailable")
    assert reply.json["remedy"]["text"]


def paid(payer: Browser) -> str:
    payment = str(payer.post(CARD).json["payment"])
    assert payer.world.cards.pay(f"page-{payment}")
    return payment


def test_a_paid_payment_settles_the_file_when_it_is_read(payer: Browser) -> None:
    payment = paid(payer)
    view = payer.get(f"/api/v1/payments/{payment}").json
    assert (view["state"], view["is_money_taken"], view["is_refunded"]) == ("succeeded", True, False)
    file = payer.get(FILE).json
    assert file["state"] == "paid"
    assert file["certificate_number"] == view["certificate_number"]
    assert payer.post(CARD).code == "already_in_order"
    assert payer.put(CITY, LYON).code == "already_in_order"


def test_another_student_s_payment_is_unknown(payer: Browser, world: World) -> None:
    payment = paid(payer)
    with_password(world, **OTHER)
    stranger = signed_in(Browser(world), OTHER["email"])
    theirs, nobodys = stranger.get(f"/api/v1/payments/{payment}"), stranger.get("/api/v1/payments/invented")
    assert (theirs.status, theirs.code) == (404, "unknown_payment")
    assert theirs.json | {"request_id": ""} == nobodys.json | {"request_id": ""}


@pytest.mark.parametrize("path", [FILE, CITY, CARD, "/api/v1/payments/any"])
def test_nobody_reads_or_pays_without_being_signed_in(browser: Browser, path: str) -> None:
    call = {CITY: browser.put, CARD: browser.post}.get(path, browser.get)
    assert call(path).code == "not_signed_in"


@pytest.mark.parametrize(("language", "paid_title"), [("fr", "Paiement reçu"), ("en", "Payment received")])
def test_the_return_page_tells_the_outcome_and_nothing_about_anybody(
    payer: Browser, world: World, language: str, paid_title: str
) -> None:
    payment = paid(payer)
    reply = Browser(world).get(f"/{language}/payments/{payment}")
    page = the_page(reply, language=language)
    assert page.h1 == paid_title
    assert "DIAYE" not in reply.text
    assert "CRE" not in page.text
    assert ("105,00\xa0€" if language == "fr" else "€105.00") in page.text


def test_the_return_page_of_an_open_payment_asks_again_by_itself(payer: Browser) -> None:
    payment = payer.post(CARD).json["payment"]
    reply = payer.get(f"/fr/payments/{payment}")
    assert the_page(reply, language="fr").h1 == "Paiement en cours de confirmation"
    assert '<meta http-equiv="refresh" content="5">' in reply.text


def test_an_unknown_payment_has_no_return_page(browser: Browser) -> None:
    reply = browser.get("/en/payments/invented")
    assert (reply.status, reply.code, reply.header("content-language")) == (404, "unknown_payment", "en")


@pytest.mark.parametrize(("search", "label"), [("Lyon", "Lyon (69)"), ("69001", "Lyon (69001)"), ("evry c", "Évry")])
def test_a_city_is_found_by_the_beginning_of_its_name_or_postcode(browser: Browser, search: str, label: str) -> None:
    reply = browser.call("GET", "/api/v1/communes", query=f"search={search}")
    assert reply.status == 200
    assert reply.json[0]["label"].startswith(label.partition(" (")[0])


@pytest.mark.parametrize("query", ["", "search=L", "search=", f"search={'a' * 61}", "search=Lyon&more=1", "q=Lyon"])
def test_a_search_that_is_none_is_refused(browser: Browser, query: str) -> None:
    reply = browser.call("GET", "/api/v1/communes", query=query)
    assert (reply.status, reply.code) == (422, "invalid_fields")


def notify(browser: Browser, payment: str, signature: str = "good") -> int:
    headers = {"Stripe-Signature": signature, "Origin": "https://hooks.example"}
    return browser.call("POST", "/api/v1/card-notifications", body=payment.encode(), headers=headers).status


def test_a_signed_notification_rings_and_the_queue_settles(payer: Browser, world: World) -> None:
    payment = paid(payer)
    assert notify(payer, payment) == 200
    assert world.doorbell.rung == [payment]
    assert payer.get(FILE).json["state"] == "open"
    answer = invoke("pay", messages_event(f'{{"payment": "{payment}"}}'))
    assert answer == {"batchItemFailures": []}
    assert payer.get(FILE).json["state"] == "paid"


def test_a_forged_notification_changes_nothing(payer: Browser, world: World) -> None:
    payment = paid(payer)
    before = dict(world.store.rows)
    assert notify(payer, payment, signature="forged") == 400
    assert (world.doorbell.rung, world.store.rows) == ([], before)


def test_only_the_messages_that_failed_come_again(payer: Browser, capsys: pytest.CaptureFixture[str]) -> None:
    payment = paid(payer)
    event = messages_event('{"payment": "invented"}', f'{{"payment": "{payment}"}}', "not json", "{}")
    answer = invoke("pay", event)
    assert {one["itemIdentifier"] for one in answer["batchItemFailures"]} == {"m1", "m3", "m4"}
    assert payer.get(FILE).json["state"] == "paid"


def test_a_batch_that_fails_whole_is_reported_whole_and_raises_nothing(payer: Browser, world: World) -> None:
    payment = paid(payer)
    world.cards.is_down = True
    answer = invoke("pay", messages_event(f'{{"payment": "{payment}"}}'))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}


def test_the_schedule_finds_what_no_notification_told(payer: Browser, world: World) -> None:
    paid(payer)
    world.clock.advance(minutes=30)
    assert round_of("pay", "reconcile") == (1, [])
    payer.take(Caller.STUDENT, payer.cookies["__Host-cvec"])
    assert payer.get(FILE).json["state"] == "paid"


def test_a_round_counts_what_stopped_it(payer: Browser, world: World) -> None:
    paid(payer)
    world.clock.advance(minutes=30)
    world.cards.is_down = True
    assert round_of("pay", "reconcile") == (1, ["card_provider_unavailable"])


def test_an_unanswered_doorbell_makes_the_provider_send_again(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(payment_id: str) -> None:
        raise TryAgain

    monkeypatch.setattr(world.doorbell, "ring", refuse)
    assert notify(browser, "any") == 503

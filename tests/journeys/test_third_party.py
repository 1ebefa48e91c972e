"""Somebody else pays, over HTTP: asked by a copied link or by mail, they accept or refuse, and learn five facts."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from cvec import wiring

from infra.local.laptop import Laptop
from tests.contracts.card_provider.visitor import Page
from tests.journeys.payer import LINK, Payer, ask, doors, state_of_link
from tests.journeys.shortcuts import person_of, sign_in, student_ready
from tests.journeys.street import ASKS_THE_BANK, DECLINED, YEAR, Student, pay_with, ready_to_pay, try_card
from tests.support.people import CONTACT, FRANCOIS

pytest_plugins = ["tests.support.laptop"]

FIVE_FACTS = {"year", "shown_name", "phrase", "amount_cents", "currency", "expires_at"}
"""What is paid, for whom (with their word), how much (in which currency), until when."""


@dataclasses.dataclass(frozen=True)
class LaterClock:
    """The real clock, seen from later."""

    later: timedelta

    def now(self) -> datetime:
        return datetime.now(UTC) + self.later

    def sleep(self, seconds: float) -> None:
        """Nobody waits in a test."""


def let_pass(**span: float) -> None:
    """Move the service's clock, until the laptop is parked."""
    wiring.use(dataclasses.replace(wiring.tools(), clock=LaterClock(timedelta(**span))))


@pytest.fixture
def student(laptop: Laptop) -> Student:
    return student_ready(laptop)


def mailbox_of(address: str, laptop: Laptop) -> Student:
    """Somebody of whom only the mails matter."""
    return Student(laptop.site_url, laptop.mailbox.url, rest=laptop.pump.drain, email=address)


def words_of(page: Page) -> str:
    return " ".join(page.words.split())


def subjects(somebody: Student) -> list[str]:
    """What their letters are about, in English, newest first."""
    return [mail["subject"].partition(" / ")[2] for mail in somebody.mails()]


def test_a_mailed_payer_accepts_pays_with_three_d_secure_and_the_student_gets_the_certificate(laptop: Laptop) -> None:
    student = ready_to_pay(laptop)
    parent = mailbox_of(f"parent.{student.email}", laptop)
    asked = ask(student, payer_email=parent.email, phrase="Merci maman")
    assert (asked["state"], asked["is_mailed"]) == ("active", True)
    assert subjects(parent) == ["François N. asks you to pay their student contribution"]

    payer = Payer(parent.read(r"http\S+/fr/pay/[\w-]+"))
    shown = payer.page()
    assert shown.status == 200
    for said in ("François N.", "105,00 €", "Merci maman", "heure de Paris"):
        assert said in words_of(shown)

    back = pay_with(payer.accept(), ASKS_THE_BANK)
    thanks = Page(back, payer.get(back))
    assert "Votre paiement de 105,00 € est enregistré" in words_of(thanks)
    assert "La personne qui vous l'avait demandé est prévenue" in words_of(thanks)

    assert student.certificate()["number"] == student.file()["certificate_number"]
    assert state_of_link(student) == "used"
    assert subjects(student)[0].startswith("Your contribution is paid, your ")
    assert not any(subject.endswith("certificate is ready") for subject in subjects(parent))


def test_the_student_sees_the_link_live_while_the_payer_goes_through_the_api(student: Student, laptop: Laptop) -> None:
    seen = [ask(student, name="first_name")["state"]]
    payer = Payer(student.ask("GET", LINK)["url"])
    opened = payer.get(payer.api).json()
    assert set(opened) == FIVE_FACTS
    assert (opened["shown_name"], opened["phrase"], opened["amount_cents"]) == ("François", None, 10_500)
    seen.append(state_of_link(student))
    accepted = payer.post(f"{payer.api}/acceptance", json={})
    assert accepted.status_code == 201
    seen.append(state_of_link(student))
    pay_with(accepted.json()["url"])
    laptop.cards.control.wait_for_deliveries()
    laptop.pump.drain()
    seen.append(state_of_link(student))
    assert seen == ["active", "opened", "in_payment", "used"]


def test_a_mail_scanner_that_opens_everything_twenty_times_consumes_nothing(student: Student) -> None:
    payer = Payer(ask(student)["url"])
    for _ in range(10):
        assert payer.page().status == 200
        assert payer.get(payer.api).status_code == 200
    assert state_of_link(student) == "opened"
    pay_with(payer.accept())
    assert student.certificate()["number"]


def test_a_declined_card_leaves_the_payer_on_the_page_and_another_one_settles(student: Student) -> None:
    card_page = Payer(ask(student)["url"]).accept()
    assert try_card(card_page, DECLINED).status == 402
    assert state_of_link(student) == "in_payment"
    pay_with(card_page)
    assert student.certificate()["number"]


def test_pressing_accept_again_leads_to_the_same_card_page(student: Student) -> None:
    payer = Payer(ask(student)["url"])
    assert payer.accept() == payer.accept()


def test_a_refusal_with_its_reason_reaches_the_student_who_then_pays_themself(student: Student) -> None:
    payer = Payer(ask(student)["url"])
    said = payer.refuse("Pas ce mois-ci, désolée")
    assert said.status == 200
    assert "Votre refus est enregistré" in words_of(said)
    link = student.ask("GET", LINK)
    assert (link["state"], link["refusal"], link["url"]) == ("declined", "Pas ce mois-ci, désolée", None)
    assert subjects(student)[0] == "Your payment request was refused"
    assert "Pas ce mois-ci, désolée" in student.mails()[0]["text"]
    pay_with(student.start_payment()["url"])
    assert student.certificate()["number"]


def test_a_refusal_may_say_nothing(student: Student) -> None:
    payer = Payer(ask(student)["url"])
    assert payer.refuse().status == 200
    assert student.ask("GET", LINK)["refusal"] is None


def test_after_48_hours_the_link_is_dead_and_both_were_told_in_time(student: Student, laptop: Laptop) -> None:
    parent = mailbox_of(f"parent.{student.email}", laptop)
    payer = Payer(ask(student, payer_email=parent.email)["url"])
    told = []
    for hours in (23.9, 24.1, 44.1, 47.9, 48):
        let_pass(hours=hours)
        laptop.pump.run_schedule("PayFunction", "TendLinks")
        told.append((len(subjects(parent)), len(subjects(student)), payer.page().status))
    assert told == [(1, 0, 200), (2, 1, 200), (3, 2, 200), (3, 2, 200), (3, 3, 410)]
    ending = [subject.partition(" on ")[0] for subject in subjects(student)]
    assert ending == ["Your payment link has ended", "Your payment link ends", "Your payment link ends"]
    sign_in(student, person_of(student))
    assert state_of_link(student) == "expired"
    assert student.file()["state"] == "open"


def test_a_link_renewed_while_its_payer_is_paying_closes_their_card_page(student: Student) -> None:
    first = Payer(ask(student)["url"])
    card_page = first.accept()
    second = Payer(ask(student)["url"])
    assert first.get(card_page).status_code == 410
    assert first.page().status == 410
    pay_with(second.accept())
    assert student.certificate()["number"]


def test_a_student_who_pays_themself_closes_the_payers_card_page_and_link(student: Student) -> None:
    payer = Payer(ask(student)["url"])
    theirs = payer.accept()
    mine = student.start_payment()["url"]
    assert payer.get(theirs).status_code == 410
    assert payer.page().status == 410
    assert state_of_link(student) == "revoked"
    pay_with(mine)
    assert student.certificate()["number"]


def test_a_link_taken_back_closes_the_payers_card_page(student: Student) -> None:
    payer = Payer(ask(student)["url"])
    card_page = payer.accept()
    assert student.ask("DELETE", LINK)["state"] == "revoked"
    assert payer.get(card_page).status_code == 410
    assert payer.page().status == 410


def test_a_payer_who_accepts_again_or_refuses_just_after_paying_is_told_it_is_settled(
    student: Student, laptop: Laptop
) -> None:
    laptop.cards.control.pause_deliveries()
    payer = Payer(ask(student)["url"])
    card_page = payer.accept()
    pay_with(card_page)
    assert 'class="notice paid"' in payer.refuse("Trop tard").html
    assert payer.page().status == 410
    laptop.cards.control.resume_deliveries()
    assert student.certificate()["number"]


def test_a_page_of_another_site_cannot_accept_or_refuse(student: Student) -> None:
    payer = Payer(ask(student)["url"])
    for act in ("acceptance", "refusal"):
        foreign = requests.post(
            f"{payer.url}/{act}", data={"reason": "x"}, headers={"Origin": "https://evil.example"}, timeout=30
        )
        assert foreign.status_code == 403
    assert state_of_link(student) == "active"


def secrets_of(student: Student) -> list[str]:
    """What of a student is nobody else's business, in the forms in which it could show."""
    named = [FRANCOIS.birth_name, "N&#39;DIAYE", "NDIAYE", FRANCOIS.birth_place, "1998"]
    reached = [CONTACT.mobile_phone, CONTACT.address_line1, CONTACT.postal_code, CONTACT.city, student.email]
    return [str(secret) for secret in (*named, *reached, student.ine, person_of(student))]


def everything_a_payer_reads(student: Student) -> list[requests.Response]:
    """All answers to a payer, from the first page to the last, those to a refusal among them."""
    refusing = Payer(ask(student)["url"])
    read = [refusing.post(f"{refusing.api}/refusal", json={"reason": "Non"}), refusing.get(refusing.url)]
    payer = Payer(ask(student)["url"])
    english = payer.url.replace("/fr/", "/en/")
    read += [payer.get(payer.url), payer.get(english), payer.get(payer.api)]
    read += [payer.post(f"{payer.api}/acceptance", json={}), payer.post(f"{payer.url}/acceptance", form={})]
    card_page = read[-1].headers["Location"]
    read.append(payer.get(card_page))
    back = pay_with(card_page)
    read += [payer.get(back), payer.get(back.replace("/fr/", "/en/")), payer.get(payer.url), payer.get(payer.api)]
    return read


def test_whatever_a_payer_reads_holds_nothing_of_the_student_but_the_shown_name(student: Student) -> None:
    secrets = secrets_of(student)
    for answer in everything_a_payer_reads(student):
        said = f"{answer.headers}\n{answer.text}"
        assert [secret for secret in secrets if secret in said] == [], answer.url
        assert "Set-Cookie" not in answer.headers


def test_the_canary_would_sing(student: Student) -> None:
    own = student.send("GET", f"/api/v1/files/{YEAR}").text
    assert len([secret for secret in secrets_of(student) if secret in own]) >= 5


def use(_: Student, payer: Payer, laptop: Laptop) -> None:
    pay_with(payer.accept())
    laptop.cards.control.wait_for_deliveries()
    laptop.pump.drain()


def sweep_late(_: Student, payer: Payer, laptop: Laptop) -> None:
    let_pass(days=5)
    laptop.pump.run_schedule("PayFunction", "TendLinks")


ENDS: dict[str, Callable[[Student, Payer, Laptop], Any]] = {
    "refused": lambda _student, payer, _laptop: payer.refuse("Non"),
    "revoked": lambda student, _payer, _laptop: student.ask("DELETE", LINK),
    "replaced": lambda student, _payer, _laptop: ask(student),
    "used": use,
    "expired": lambda _student, _payer, _laptop: let_pass(hours=48),
    "expired and swept": sweep_late,
}


def as_told(answer: requests.Response, token: str) -> tuple[int, str, dict[str, str]]:
    """The whole answer, but for what differs between any two: its number, its second, the token that was asked with."""
    text = answer.text.replace(answer.headers["X-Request-Id"], "<request>").replace(token, "<token>")
    headers = {name: value for name, value in answer.headers.items() if name not in ("X-Request-Id", "Date")}
    return answer.status_code, text, headers


def unknown_beside(payer: Payer) -> Payer:
    """Somebody with a token of the same shape that was never given to anyone."""
    return Payer(payer.url.replace(payer.token, "A" * len(payer.token)))


@pytest.mark.parametrize("end", ENDS)
def test_an_ended_link_is_answered_as_one_that_never_was_in_status_body_and_headers(
    student: Student, laptop: Laptop, end: str
) -> None:
    payer = Payer(ask(student)["url"])
    ENDS[end](student, payer, laptop)
    unknown = unknown_beside(payer)
    for door, knock in doors(payer).items():
        told = as_told(knock(), payer.token)
        assert told == as_told(doors(unknown)[door](), unknown.token), door
        assert told[0] == 410


def test_a_living_link_is_answered_otherwise(student: Student) -> None:
    payer = Payer(ask(student)["url"])
    unknown = unknown_beside(payer)
    for door in ("read", "page"):
        assert as_told(doors(payer)[door](), payer.token) != as_told(doors(unknown)[door](), unknown.token)

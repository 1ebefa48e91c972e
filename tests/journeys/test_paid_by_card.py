"""The whole street over HTTP, as the README tells it: from nothing to a certificate that anybody can check."""

import re
from typing import Any

import pytest
import requests

from infra.local.laptop import Laptop
from tests.journeys.pages import opened, words_of
from tests.journeys.street import (
    ASKS_THE_BANK,
    YEAR,
    Student,
    newcomer,
    pay_with,
    ready_to_pay,
)
from tests.support.certificate_page import lines, scanned

pytest_plugins = ["tests.support.laptop"]

PRINTED_YEAR = f"{int(YEAR[:4])} - {int(YEAR[:4]) + 1}"


@pytest.fixture(scope="module")
def somebody(running_laptop: Laptop) -> Student:
    running_laptop.lay()
    student = ready_to_pay(running_laptop)
    pay_with(student.start_payment()["url"])
    running_laptop.cards.control.wait_for_deliveries()
    running_laptop.pump.drain()
    running_laptop.park()
    return student


@pytest.fixture
def paid(somebody: Student, laptop: Laptop) -> Student:
    """Somebody who has paid; what a test does to them stays."""
    return somebody


def download(certificate: Any) -> bytes:
    answer = requests.get(certificate["download_url"], timeout=30)
    assert answer.headers["Content-Type"] == "application/pdf"
    compact = certificate["number"].replace(" ", "")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="attestation-cvec-{YEAR}-{compact}.pdf"'
    return answer.content


def test_a_student_registers_pays_with_three_d_secure_and_downloads_a_certificate(laptop: Laptop) -> None:
    student = newcomer(laptop)
    student.register()
    student.choose_password()
    student.sign_in()
    assert student.file()["amount_cents"] == 10_500
    student.prepare_file()

    offered = student.start_payment()
    back = pay_with(offered["url"], ASKS_THE_BANK)
    assert back == f"{laptop.site_url}/fr/payments/{offered['payment']}"
    shown = opened(back)
    assert shown.status == 200
    assert "Votre paiement de 105,00 € est enregistré" in words_of(shown)

    certificate = student.certificate()
    assert set(lines(download(certificate))) >= {
        "Contribution à la Vie Étudiante et de Campus",
        f"Année universitaire {PRINTED_YEAR}",
        "ATTESTATION",
        f"N° de l’attestation {certificate['number']}",
        "Civilité Monsieur",
        "Nom N'DIAYE",
        "Prénom François",
        "Né(e) le 23 mai 1998",
        f"N° INE {student.ine}",
        "est en règle au regard de la Contribution à la Vie Étudiante et de Campus",
        "Rattachée au Crous de Lyon",
    }
    assert student.file()["state"] == "paid"


def test_each_mail_is_bilingual_in_text_and_in_html(paid: Student) -> None:
    mails = paid.mails()
    assert [mail["subject"].partition(" / ")[2] for mail in mails[:3]] == [
        f"Your {PRINTED_YEAR} certificate is ready",
        "New sign-in to your account",
        "Your account is ready: choose your password",
    ]
    assert re.fullmatch(r"([A-Z]{6}), votre code de vérification / \1, your verification code", mails[3]["subject"])
    for mail in mails:
        french, english = mail["text"].split("English version")
        assert "attestation" in french or "mot de passe" in french or "code" in french or "ouvert" in french
        assert "certificate" in english or "password" in english or "code" in english or "opened" in english
        assert mail["html"].index('<div lang="fr"') < mail["html"].index('<div lang="en"')


def test_anybody_can_check_the_number_with_the_beginning_of_the_surname(paid: Student, laptop: Laptop) -> None:
    number = paid.certificate()["number"]
    anybody = newcomer(laptop)
    compact = number.replace(" ", "")
    good = {"number": number, "validity": "valid", "academic_year": YEAR}
    assert anybody.ask("GET", f"/api/v1/certificates/{compact}?etudiant=NDIAY") == good
    assert anybody.ask("GET", f"/api/v1/certificates/{compact.lower()}?etudiant=n'diaye") == good


def test_a_wrong_surname_and_an_unknown_number_are_answered_alike(paid: Student, laptop: Laptop) -> None:
    number = paid.certificate()["number"].replace(" ", "")
    unknown = "LYO6ZZZZZZ" + check_digits("LYO6ZZZZZZ")
    wrong_surname = newcomer(laptop).send("GET", f"/api/v1/certificates/{number}?etudiant=DUPON")
    unknown_number = newcomer(laptop).send("GET", f"/api/v1/certificates/{unknown}?etudiant=NDIAY")
    answers = [without_its_number(wrong_surname), without_its_number(unknown_number)]
    assert answers[0] == answers[1] == (200, {"validity": "not_valid", "academic_year": None})


def without_its_number(answer: requests.Response) -> tuple[int, dict[str, Any]]:
    return answer.status_code, {name: value for name, value in answer.json().items() if name != "number"}


def check_digits(body: str) -> str:
    """ISO 7064 MOD 97-10 over the letters as base-36 digits."""
    digits = "".join(str(int(character, 36)) for character in body)
    return f"{98 - int(digits + '00') % 97:02d}"


def test_the_code_on_the_certificate_opens_the_page_that_checks_it(paid: Student) -> None:
    (address,) = scanned(download(paid.certificate()), dots_per_inch=150)
    assert opened(address).status == 200
    valid = f"Cette attestation est valable pour l'année universitaire {PRINTED_YEAR}"
    assert valid in words_of(opened(address, surname="N'Diaye"))
    assert valid not in words_of(opened(address, surname="Dupont"))


def test_signing_out_ends_the_session_and_not_only_the_cookie(paid: Student) -> None:
    stolen = dict(paid.cookies)
    paid.ask("DELETE", "/api/v1/session")
    assert paid.cookies["__Host-cvec"] == ""
    paid.cookies = stolen
    answer = paid.send("GET", "/api/v1/session")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    paid.sign_in()


def test_another_student_sees_nothing_of_it(paid: Student, laptop: Laptop) -> None:
    other = ready_to_pay(laptop)
    payment = paid.file()["current_payment"]
    assert other.send("GET", f"/api/v1/payments/{payment}").status_code == 404
    assert other.send("GET", f"/api/v1/files/{YEAR}/certificate").status_code == 404

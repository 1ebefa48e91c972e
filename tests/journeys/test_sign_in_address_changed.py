"""Another sign-in address over HTTP: a code, two mails, and seven days to say that it was not them."""

import pytest

from infra.local.laptop import Laptop
from tests.journeys.pages import opened, pressed, words_of
from tests.journeys.street import PASSWORD, Student, newcomer

pytest_plugins = ["tests.support.laptop"]

ANOTHER = "sept tortues lisent le journal du soir"


@pytest.fixture
def student(laptop: Laptop) -> Student:
    """Somebody signed in."""
    found = newcomer(laptop)
    found.register()
    found.choose_password()
    found.sign_in()
    return found


def moved(laptop: Laptop, student: Student) -> Student:
    """The same browser, once it has another address; the student keeps reading the mailbox they left."""
    there = Student(laptop.site_url, laptop.mailbox.url, rest=laptop.pump.drain, email=f"nouvelle.{student.email}")
    there.cookies = student.cookies
    wanted = {"email": there.email, "email_again": there.email, "password": PASSWORD}
    there.ask("PUT", "/api/v1/account/email", wanted)
    there.ask("POST", "/api/v1/account/email/confirmation", {"code": there.read(r"\b[A-Z]{6}\b")})
    return there


def test_the_new_address_signs_in_and_both_are_told(laptop: Laptop, student: Student) -> None:
    there = moved(laptop, student)
    assert there.ask("GET", "/api/v1/session")["email"] == there.email
    there.sign_in()
    assert there.read("Vous vous connectez désormais avec cette adresse")
    assert student.read(r"une autre adresse pour se connecter\s: n…\d+@e….org")
    refused = student.send("POST", "/api/v1/session", {"email": student.email, "password": PASSWORD})
    assert (refused.status_code, refused.json()["code"]) == (401, "wrong_credentials")


def test_this_wasn_t_me_gives_the_former_address_back_and_locks_the_other_out(laptop: Laptop, student: Student) -> None:
    there = moved(laptop, student)
    token = student.read(r"(?<=/fr/not-me/)[\w-]+")
    address = f"{laptop.site_url}/fr/not-me/{token}"
    assert "Ce n'était pas vous" in words_of(opened(address))
    assert "Votre compte est protégé" in words_of(pressed(address))
    assert there.send("GET", "/api/v1/session").status_code == 401
    assert there.send("POST", "/api/v1/session", {"email": there.email, "password": PASSWORD}).status_code == 401
    student.ask("PUT", "/api/v1/password", {"token": student.password_token(), "password": ANOTHER})
    student.ask("POST", "/api/v1/session", {"email": student.email, "password": ANOTHER})
    assert student.ask("GET", "/api/v1/session")["email"] == student.email


def test_a_new_browser_is_told_and_a_known_one_is_not(student: Student) -> None:
    student.ask("DELETE", "/api/v1/session")
    student.sign_in()
    assert sum("Nouvelle connexion" in mail["subject"] for mail in student.mails()) == 1

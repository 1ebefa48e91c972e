"""A forgotten password, and a forgotten address, over HTTP: links and mails to the mailbox, nothing to strangers."""

import pytest

from infra.local.laptop import Laptop
from tests.journeys.profile import IDENTITY
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


def test_a_forgotten_password_is_replaced_and_every_browser_signed_out(laptop: Laptop, student: Student) -> None:
    elsewhere = Student(laptop.site_url, laptop.mailbox.url, rest=laptop.pump.drain, email=student.email)
    elsewhere.ask("POST", "/api/v1/password-links", {"email": student.email})
    assert student.read("Vous avez demandé à choisir un nouveau mot de passe")
    elsewhere.ask("PUT", "/api/v1/password", {"token": student.password_token(), "password": ANOTHER})
    assert student.send("GET", "/api/v1/session").status_code == 401
    assert student.send("POST", "/api/v1/session", {"email": student.email, "password": PASSWORD}).status_code == 401
    elsewhere.ask("POST", "/api/v1/session", {"email": student.email, "password": ANOTHER})
    assert student.read("Un nouveau mot de passe a été choisi le")


def test_a_forgotten_address_is_mailed_to_itself_and_the_answer_tells_nothing(student: Student) -> None:
    born = IDENTITY["birth_date"]
    known = student.send("POST", "/api/v1/address-reminders", {"ine": student.ine, "birth_date": born})
    unknown = student.send("POST", "/api/v1/address-reminders", {"ine": "199999999JH", "birth_date": born})
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (202, b'{"accepted":true}')
    assert student.read(f"c'est {student.email}")


def test_a_session_is_seen_and_ended_from_another_browser(laptop: Laptop, student: Student) -> None:
    elsewhere = Student(laptop.site_url, laptop.mailbox.url, rest=laptop.pump.drain, email=student.email)
    elsewhere.sign_in()
    listed = elsewhere.ask("GET", "/api/v1/sessions")
    assert [one["is_this_one"] for one in listed] == [True, False]
    elsewhere.ask("DELETE", f"/api/v1/sessions/{listed[1]['session']}")
    assert student.send("GET", "/api/v1/session").status_code == 401
    assert elsewhere.send("GET", "/api/v1/session").status_code == 200

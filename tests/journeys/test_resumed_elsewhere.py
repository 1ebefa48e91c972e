"""Nothing typed is lost: left on one device and finished on another; a wrong address noticed and corrected."""

import re

import pytest
import requests

from infra.local.laptop import Laptop
from tests.journeys.profile import CONTACT, IDENTITY
from tests.journeys.street import Student, newcomer

pytest_plugins = ["tests.support.laptop"]

DRAFT = "/api/v1/registration"


def second_device(laptop: Laptop, student: Student) -> Student:
    """The same person, at a device that has seen nothing."""
    return Student(laptop.site_url, laptop.mailbox.url, rest=laptop.pump.drain, email=student.email, ine=student.ine)


def began(student: Student) -> None:
    """Identity sent, address confirmed; then life goes on elsewhere."""
    student.ask("POST", DRAFT)
    student.ask("PUT", f"{DRAFT}/identity", IDENTITY)
    student.ask("PUT", f"{DRAFT}/email", {"email": student.email, "email_again": student.email})
    student.confirm()


def test_abandoned_on_a_laptop_and_finished_on_a_phone(laptop: Laptop) -> None:
    student = newcomer(laptop)
    began(student)
    phone = second_device(laptop, student)
    assert phone.send("GET", DRAFT).status_code == 401
    phone.ask("POST", f"{DRAFT}/resume-links", {"email": phone.email})
    link = phone.read(r"http\S+/fr/resume/[\w-]+")
    assert "<form" in requests.get(link, timeout=30).text  # what a mail scanner does
    path = "/fr/resume/" + link.rpartition("/")[2]
    page = requests.post(phone.site + path, headers={"Content-Type": "application/x-www-form-urlencoded"}, timeout=30)
    assert re.findall(r"<li>(.*?)</li>", page.text) == ["votre INE", "votre établissement", "vos coordonnées"]
    phone.cookies["__Host-cvec-draft"] = page.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
    assert phone.ask("GET", DRAFT)["missing"] == ["ine", "institution", "contact"]
    phone.ask("PUT", f"{DRAFT}/ine", {"ine": phone.ine})
    phone.ask("PUT", f"{DRAFT}/institution", {"status": "not_registered"})
    phone.ask("PUT", f"{DRAFT}/contact", CONTACT)
    phone.ask("POST", f"{DRAFT}/completion")
    assert student.ask("GET", DRAFT)["state"] == "completed"
    phone.choose_password()
    phone.sign_in()
    assert phone.ask("GET", "/api/v1/session")["email"] == student.email
    assert phone.send("POST", f"{DRAFT}/resumption", {"token": path.rpartition("/")[2]}).status_code == 410


def test_two_devices_never_overwrite_each_other_unseen(laptop: Laptop) -> None:
    student = newcomer(laptop)
    began(student)
    phone = second_device(laptop, student)
    phone.ask("POST", f"{DRAFT}/resume-links", {"email": phone.email})
    phone.ask("POST", f"{DRAFT}/resumption", {"token": phone.read(r"(?<=/fr/resume/)[\w-]+")})
    seen = str(student.ask("GET", DRAFT)["version"])
    sent = phone.send("PUT", f"{DRAFT}/identity", {**IDENTITY, "first_name": "Autre"}, **{"If-Match": seen})
    assert sent.ok
    late = student.send("PUT", f"{DRAFT}/identity", {**IDENTITY, "first_name": "Tard"}, **{"If-Match": seen})
    assert (late.status_code, late.json()["code"]) == (409, "changed_elsewhere")
    assert student.ask("GET", DRAFT) == sent.json()


@pytest.mark.parametrize(
    ("name", "outcome"), [("bounce", "bounced"), ("complaint", "complained"), ("suppressionlist", "suppressed")]
)
def test_an_address_that_returns_its_mail_is_seen_and_corrected(laptop: Laptop, name: str, outcome: str) -> None:
    student = newcomer(laptop)
    wrong = f"{name}+{student.email.partition('@')[0]}@example.org"
    student.ask("POST", DRAFT)
    said = student.ask("PUT", f"{DRAFT}/email", {"email": wrong, "email_again": wrong})
    assert said["email_delivery"] == "waiting"
    laptop.pump.drain()
    assert student.ask("GET", DRAFT)["email_delivery"] == outcome
    student.ask("PUT", f"{DRAFT}/email", {"email": student.email, "email_again": student.email})
    laptop.pump.drain()
    assert student.ask("GET", DRAFT)["email_delivery"] == "delivered"
    student.confirm()
    view = student.ask("GET", DRAFT)
    assert (view["state"], view["email"], view["email_delivery"]) == ("email_verified", student.email, None)

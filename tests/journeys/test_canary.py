"""Nobody's name, address, number, code or token is in what the real service logs, from registration to certificate."""

import logging

import pytest
import requests

from infra.local.laptop import Laptop
from tests.journeys.profile import CONTACT, IDENTITY
from tests.journeys.street import YEAR, newcomer, pay_with

pytest_plugins = ["tests.support.laptop"]


def test_no_log_line_of_the_whole_journey_holds_anything_personal(
    laptop: Laptop, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """The real adapters, botocore at INFO and the gateway's access log included."""
    caplog.set_level(logging.INFO)
    student = newcomer(laptop)
    student.register()
    token = student.password_token()
    page = requests.get(f"{laptop.site_url}/fr/password/{token}", timeout=30)
    student.choose_password()
    student.sign_in()
    student.prepare_file()
    link = student.ask("POST", f"/api/v1/files/{YEAR}/payment-link", {"phrase": "Canari"})
    requests.get(link["url"], timeout=30)
    pay_with(student.start_payment()["url"])
    laptop.cards.control.wait_for_deliveries()
    laptop.pump.drain()
    number = student.certificate()["number"]
    requests.get(f"{laptop.site_url}/api/v1/certificates/{number}?etudiant=NDIAY", timeout=30)
    code = next(one["text"] for one in student.mails() if "code" in one["subject"])
    out, err = capfd.readouterr()
    said = "\n".join((out, err, caplog.text))
    assert page.ok
    assert "payment_applied" in said
    assert "/fr/password/{token}" in said
    personal = [
        student.email,
        student.ine,
        *(str(IDENTITY[field]) for field in ("birth_name", "first_name", "birth_place", "birth_date")),
        *(str(CONTACT[field]) for field in ("address_line1", "mobile_phone")),
        token,
        link["url"].rpartition("/")[2],
        "Canari",
        next(word for word in code.split() if len(word) == 6 and word.isupper()),
        *(cookie.partition(".")[2] for cookie in student.cookies.values()),
    ]
    assert [one for one in personal if one and one in said] == []

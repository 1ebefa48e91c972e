"""My profile over HTTP: what is shown before paying may be modified, what is printed is corrected, one may leave."""

from infra.local.laptop import Laptop
from tests.journeys.street import PASSWORD, YEAR, newcomer, pay_with

pytest_plugins = ["tests.support.laptop"]

PROFILE = "/api/v1/profile"


def test_each_part_shown_with_the_file_may_be_modified_before_paying(laptop: Laptop) -> None:
    student = newcomer(laptop)
    student.register()
    student.choose_password()
    student.sign_in()
    held = student.ask("GET", PROFILE)
    student.ask("PUT", f"{PROFILE}/identity", {**held["identity"], "second_name": "Ousmane"})
    student.ask("PUT", f"{PROFILE}/contact", {**held["contact"], "landline_phone": "+33472000000"})
    shown = student.ask("GET", f"/api/v1/files/{YEAR}")["identity"]
    assert (shown["first_names"], shown["landline_phone"]) == ("François Ousmane", "+33472000000")


def test_once_the_certificate_is_printed_a_name_waits_for_an_agent(laptop: Laptop) -> None:
    student = newcomer(laptop)
    student.register()
    student.choose_password()
    student.sign_in()
    student.prepare_file()
    pay_with(student.start_payment()["url"])
    laptop.pump.drain()
    held = student.ask("GET", PROFILE)
    view = student.ask("PUT", f"{PROFILE}/identity", {**held["identity"], "birth_name": "NDIAYE"})
    assert view["identity"]["birth_name"] == "N'DIAYE"
    [difference] = view["correction"]["differences"]
    assert difference == {"field": "birth_name", "before": "N'DIAYE", "after": "NDIAYE"}


def test_an_account_is_taken_away_then_closed_and_its_address_serves_again(laptop: Laptop) -> None:
    student = newcomer(laptop)
    student.register()
    student.choose_password()
    student.sign_in()
    export = student.ask("GET", "/api/v1/export")
    assert export["profile"]["email"] == student.email
    assert export["account"]["state"] == "active"
    wrong = student.send("PUT", "/api/v1/account/closing", {"password": "not this one, by far"})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_credentials")
    student.ask("PUT", "/api/v1/account/closing", {"password": PASSWORD})
    assert student.send("GET", PROFILE).status_code == 401
    assert "effac" in student.read(r"effacé le .*")

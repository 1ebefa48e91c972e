"""Steps 1 and 2 over HTTP: screens that are kept, a code that comes back, a password set once by a mailed link."""

from infra.local.laptop import Laptop
from tests.journeys.pages import opened, words_of
from tests.journeys.street import PASSWORD, newcomer

pytest_plugins = ["tests.support.laptop"]


def test_every_screen_is_kept_and_says_what_is_missing(laptop: Laptop) -> None:
    student = newcomer(laptop)
    student.fill_in()
    kept = student.ask("GET", "/api/v1/registration")
    assert (kept["state"], kept["missing"], kept["ine"]) == ("draft", [], student.ine)
    assert kept["identity"]["birth_name"] == "N'DIAYE"
    student.confirm()
    assert student.ask("GET", "/api/v1/registration")["state"] == "email_verified"


def test_the_registration_cannot_be_completed_before_the_code_came_back(laptop: Laptop) -> None:
    student = newcomer(laptop)
    student.fill_in()
    answer = student.send("POST", "/api/v1/registration/completion")
    assert (answer.status_code, answer.json()["code"]) == (409, "email_not_verified")
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_password_can_be_chosen_on_the_page_that_the_mail_links_to(laptop: Laptop) -> None:
    student = newcomer(laptop)
    student.register()
    address = f"{laptop.site_url}/fr/password/{student.password_token()}"
    assert opened(address).status == 200
    too_easy = opened(address, password="azerty")
    assert too_easy.status == 422
    assert too_easy.field("password")["aria-invalid"] == "true"
    assert "Vous pouvez maintenant vous connecter" in words_of(opened(address, password=PASSWORD))
    student.sign_in()
    assert student.ask("GET", "/api/v1/session")["email"] == student.email


def test_a_password_link_serves_once(laptop: Laptop) -> None:
    student = newcomer(laptop)
    student.register()
    student.choose_password()
    again = {"token": student.password_token(), "password": PASSWORD}
    answer = student.send("PUT", "/api/v1/password", again)
    assert (answer.status_code, answer.json()["code"]) == (410, "link_used")


def test_the_study_city_is_found_by_the_beginning_of_its_name_and_decides_the_crous(laptop: Laptop) -> None:
    student = newcomer(laptop)
    found = student.ask("GET", "/api/v1/communes?search=saint-etienne")
    assert {
        "commune": "42218",
        "postcode": "42000",
        "label": "Saint-Étienne (42000)",
        "crous": "Crous de Lyon",
    } in found
    by_postcode = student.ask("GET", "/api/v1/communes?search=69001")
    assert [one["commune"] for one in by_postcode] == ["69123"]

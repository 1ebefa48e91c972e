"""The pages in a real Chromium without JavaScript, on a phone: password, card and bank, return, check; and axe."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from infra.local.chromium import CHROMIUM
from infra.local.chromium import chromium as chromium_running
from infra.local.laptop import Laptop
from tests.journeys.street import ASKS_THE_BANK, PASSWORD, Student, newcomer, pay_with, ready_to_pay
from tests.support.laptop import TEMPLATE

PHONE = {"width": 390, "height": 844}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not there: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def town() -> Iterator[Laptop]:
    with Laptop(TEMPLATE) as laptop:
        yield laptop


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with chromium_running() as browser:
        yield browser


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A phone's browser without JavaScript."""
    with chromium.new_context(java_script_enabled=False, viewport=PHONE, locale="fr-FR") as context:  # type: ignore[arg-type]
        yield context.new_page()


@pytest.fixture(scope="module")
def paid(town: Laptop) -> Student:
    student = ready_to_pay(town)
    pay_with(student.start_payment()["url"])
    town.cards.control.wait_for_deliveries()
    town.pump.drain()
    return student


def test_the_password_is_chosen_on_the_page_of_the_mailed_link(town: Laptop, phone: Page) -> None:
    student = newcomer(town)
    student.register()
    phone.goto(f"{town.site_url}/fr/password/{student.password_token()}")
    phone.get_by_label("Mot de passe").fill("azerty")
    phone.get_by_role("button").click()
    assert phone.get_by_role("alert").is_visible()
    assert phone.locator("#password").get_attribute("aria-describedby") == "password-hint password-fault"
    assert phone.locator("#password").input_value() == ""
    phone.locator("#password").fill(PASSWORD)
    phone.get_by_role("button").click()
    assert phone.get_by_role("heading", level=1).inner_text() == "Mot de passe enregistré"
    student.sign_in()


def test_a_card_is_paid_with_on_a_phone_through_the_bank_s_page(town: Laptop, phone: Page) -> None:
    offered = ready_to_pay(town).start_payment()
    phone.goto(offered["url"])
    fill_card(phone, ASKS_THE_BANK)
    phone.locator("button.primary").click()
    assert "/c/authenticate/" in phone.url
    phone.locator("button[value=approve]").click()
    assert phone.url == f"{town.site_url}/fr/payments/{offered['payment']}"
    assert phone.get_by_role("heading", level=1).inner_text() == "Paiement reçu"
    phone.get_by_role("link", name="English").click()
    assert "€105.00" in phone.locator("main").inner_text()


def fill_card(page: Page, number: str) -> None:
    typed = {"email": "payer@example.org", "number": number, "expiry": "12/34", "cvc": "123", "name": "F. N'DIAYE"}
    for name, value in typed.items():
        page.locator(f"#{name}").fill(value)


def test_a_payment_that_is_not_known_yet_reloads_its_page_by_itself(town: Laptop, phone: Page) -> None:
    offered = ready_to_pay(town).start_payment()
    phone.goto(f"{town.site_url}/fr/payments/{offered['payment']}")
    assert phone.locator("meta[http-equiv=refresh]").count() == 1
    pay_with(offered["url"])
    with phone.expect_navigation(timeout=15_000):
        pass
    assert phone.get_by_role("heading", level=1).inner_text() == "Paiement reçu"


def test_a_certificate_is_checked_with_the_keyboard_alone(town: Laptop, phone: Page, paid: Student) -> None:
    number = paid.certificate()["number"].replace(" ", "")
    phone.goto(f"{town.site_url}/fr/certificates/{number}")
    phone.keyboard.press("Tab")
    assert phone.locator(":focus").inner_text() == "Aller au contenu"
    for _ in range(2):
        phone.keyboard.press("Tab")
    assert phone.locator(":focus").get_attribute("id") == "surname"
    phone.keyboard.type("ndiay")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    assert "est valable" in phone.get_by_role("status").inner_text()


def test_the_browser_keeps_the_host_cookie_of_a_plain_http_address_of_this_machine(town: Laptop, phone: Page) -> None:
    form = '<form method="post" action="/api/v1/registration"><button>begin</button></form>'
    phone.route("**/begin", lambda route: route.fulfill(content_type="text/html", body=form))
    phone.goto(f"{town.site_url}/begin")
    phone.get_by_role("button").click()
    (cookie,) = phone.context.cookies()
    assert (cookie["name"], cookie["secure"], cookie["httpOnly"]) == ("__Host-cvec-draft", True, True)
    again = phone.goto(f"{town.site_url}/api/v1/registration")
    assert again is not None
    assert again.status == 200


# ── What axe finds ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(params=["light", "dark"])
def scripted(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A browser in which axe may run: scripts are on, and the pages' own policy does not stop it."""
    with chromium.new_context(bypass_csp=True, viewport=PHONE, color_scheme=request.param) as context:  # type: ignore[arg-type]
        yield context.new_page()


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response
    assert found["passes"]
    return [f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_axe_finds_nothing_on_our_pages(town: Laptop, scripted: Page, paid: Student, language: str) -> None:
    site = f"{town.site_url}/{language}"
    number = paid.certificate()["number"].replace(" ", "")
    student = newcomer(town)
    student.register()
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        fits = scripted.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found[name] = violations(scripted) + ([] if fits else ["wider than the phone"])

    scripted.goto(f"{site}/password/{student.password_token()}")
    look("password")
    scripted.locator("#password").fill("azerty")
    scripted.get_by_role("button").click()
    look("password refused")
    scripted.locator("#password").fill(PASSWORD)
    scripted.get_by_role("button").click()
    look("password set")
    scripted.goto(f"{site}/password/unknown")
    look("link unknown")
    scripted.goto(f"{site}/payments/{paid.file()['current_payment']}")
    look("paid")
    scripted.goto(f"{site}/certificates/{number}")
    look("check")
    for name, surname in (("valid", "NDIAY"), ("not valid", "DUPON")):
        scripted.locator("#surname").fill(surname)
        scripted.get_by_role("button").click()
        look(name)
    scripted.goto(f"{site}/certificates/{number[:-1]}X")
    look("mistyped")
    assert {name: said for name, said in found.items() if said} == {}


def test_axe_would_find_something(town: Laptop, scripted: Page, paid: Student) -> None:
    scripted.goto(f"{town.site_url}/fr/certificates/{paid.certificate()['number'].replace(' ', '')}")
    scripted.evaluate("document.querySelector('label').remove(); document.body.style.color = '#ccc'")
    assert any(said.startswith("label:") for said in violations(scripted))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_follows_the_reader_s_light_or_dark(town: Laptop, chromium: Browser, scheme: str) -> None:
    with chromium.new_context(color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{town.site_url}/fr/password/unknown")
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(246, 244, 239)", "dark": "rgb(20, 24, 31)"}[scheme]

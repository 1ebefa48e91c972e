"""The payer in a real Chromium, on a small phone, with and without JavaScript: open, read, accept, pay; or refuse."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from infra.local.chromium import CHROMIUM, chromium
from infra.local.laptop import Laptop
from tests.journeys.payer import LINK, ask, state_of_link
from tests.journeys.shortcuts import student_ready
from tests.journeys.street import ASKS_THE_BANK, Student, pay_with
from tests.support.laptop import TEMPLATE

PHONE = {"width": 360, "height": 740}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
CARD = {"email": "parent@example.org", "number": ASKS_THE_BANK, "expiry": "12/34", "cvc": "123", "name": "A. N'DIAYE"}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not there: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def town() -> Iterator[Laptop]:
    with Laptop(TEMPLATE) as laptop:
        yield laptop


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def student(town: Laptop) -> Student:
    return student_ready(town)


@pytest.fixture(params=[False, True], ids=["without scripts", "with scripts"])
def phone(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A small phone; whatever its page's policy blocks fails the test."""
    with browser.new_context(java_script_enabled=request.param, viewport=PHONE, locale="fr-FR") as context:  # type: ignore[arg-type]
        page = context.new_page()
        blocked: list[str] = []
        page.on("console", lambda said: blocked.append(said.text) if "Content Security" in said.text else None)
        yield page
        assert blocked == []


def title(page: Page) -> str:
    """The page's heading, whichever of its spaces may break."""
    return " ".join(page.get_by_role("heading", level=1).inner_text().split())


def is_as_wide_as_the_phone(page: Page) -> bool:
    """Nothing makes one scroll sideways."""
    return page.locator("main").bounding_box()["width"] <= PHONE["width"]  # type: ignore[index]


def fill_card(page: Page) -> None:
    for name, value in CARD.items():
        page.locator(f"#{name}").fill(value)


def test_a_payer_opens_reads_accepts_and_pays_with_three_d_secure(town: Laptop, student: Student, phone: Page) -> None:
    phone.goto(ask(student, phrase="Merci maman, je te rembourse en août !")["url"])
    assert title(phone) == "Payer la contribution étudiante de François N."
    shown = phone.locator("dl").inner_text()
    assert "105,00\N{NO-BREAK SPACE}€" in shown
    assert "Merci maman, je te rembourse en août !" in shown
    assert is_as_wide_as_the_phone(phone)

    phone.get_by_role("button", name="Accepter et payer 105,00").click()
    assert phone.url.startswith(f"{town.cards.url}/c/pay/")
    fill_card(phone)
    phone.locator("button.primary").click()
    assert "/c/authenticate/" in phone.url
    phone.locator("button[value=approve]").click()

    assert phone.url.startswith(f"{town.site_url}/fr/payments/")
    assert title(phone) == "Paiement reçu"
    assert "La personne qui vous l'avait demandé est prévenue" in phone.locator("main").inner_text()
    assert state_of_link(student) == "used"


def test_a_payer_refuses_with_a_reason(student: Student, phone: Page) -> None:
    phone.goto(ask(student)["url"])
    phone.get_by_label("Un mot pour expliquer").fill("Pas ce mois-ci, désolée")
    phone.get_by_role("button", name="Refuser").click()
    assert title(phone) == "Demande refusée"
    assert "Aucune somme n'a été prélevée" in phone.get_by_role("status").inner_text()
    assert student.ask("GET", LINK)["refusal"] == "Pas ce mois-ci, désolée"
    phone.go_back()
    phone.reload()
    assert title(phone) == "Lien inutilisable"


def test_a_reason_may_be_as_people_type_it(student: Student, phone: Page) -> None:
    phone.goto(ask(student)["url"])
    phone.get_by_label("Un mot pour expliquer").fill("  \N{FAMILY} \N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL} bise  ")
    phone.get_by_role("button", name="Refuser").click()
    assert title(phone) == "Demande refusée"


def test_a_payer_who_changes_language_keeps_the_request(student: Student, phone: Page) -> None:
    phone.goto(ask(student)["url"])
    phone.get_by_role("link", name="English").click()
    assert title(phone) == "Pay the student contribution of François N."
    assert "€105.00" in phone.locator("dl").inner_text()


def test_a_payer_accepts_with_the_keyboard_alone(town: Laptop, student: Student, phone: Page) -> None:
    phone.goto(ask(student)["url"])
    seen = []
    for _ in range(3):
        phone.keyboard.press("Tab")
        seen.append(phone.locator(":focus").inner_text())
    assert seen[:2] == ["Aller au contenu", "English"]
    assert seen[2].startswith("Accepter et payer")
    phone.keyboard.press("Enter")
    phone.wait_for_url(f"{town.cards.url}/c/pay/*")


def test_a_payer_refuses_with_the_keyboard_alone(student: Student, phone: Page) -> None:
    phone.goto(ask(student)["url"])
    for _ in range(4):
        phone.keyboard.press("Tab")
    phone.keyboard.type("Non merci")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/refusal")
    assert title(phone) == "Demande refusée"
    assert student.ask("GET", LINK)["refusal"] == "Non merci"


# ── What axe finds ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(params=["light", "dark"])
def scripted(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A browser in which axe may run."""
    with browser.new_context(bypass_csp=True, viewport=PHONE, color_scheme=request.param) as context:  # type: ignore[arg-type]
        yield context.new_page()


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response
    assert found["passes"]
    return [f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_axe_finds_nothing_on_the_pages_of_a_payer(student: Student, scripted: Page, language: str) -> None:
    asked = ask(student, phrase="Merci")["url"].replace("/fr/", f"/{language}/")
    found = {"asked": violations_at(asked, scripted)}
    scripted.locator("button.quiet").click()
    found["refused"] = violations(scripted)
    found["over"] = violations_at(asked, scripted)
    paying = ask(student)["url"].replace("/fr/", f"/{language}/")
    scripted.goto(paying)
    scripted.locator("button").first.click()
    back = pay_with(scripted.url)
    scripted.goto(paying)
    found["settled or over"] = violations(scripted)
    found["paid"] = violations_at(back, scripted)
    assert {page: broken for page, broken in found.items() if broken} == {}


def violations_at(url: str, page: Page) -> list[str]:
    page.goto(url)
    return violations(page)


def test_axe_would_find_a_field_without_a_name_and_words_too_pale(student: Student, scripted: Page) -> None:
    scripted.goto(ask(student)["url"])
    scripted.evaluate(
        "document.querySelector('label').remove(); document.querySelector('.hint').style.color = 'rgb(128,128,128)'"
    )
    assert {one.partition(":")[0] for one in violations(scripted)} >= {"label", "color-contrast"}

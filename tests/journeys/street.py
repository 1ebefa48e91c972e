"""A student on the street, seen from outside: HTTP to the site, letters in the mailbox, a card page without scripts.

student = Student(laptop.site_url, laptop.mailbox.url, rest=laptop.pump.drain)
student.register(); student.choose_password(); student.sign_in(); student.prepare_file()
pay_with(student.start_payment()["url"])
"""

import itertools
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from typing import Any

import requests
from cvec.domain.campaigns import CAMPAIGNS
from cvec.domain.files import TERMS_VERSION

from infra.local.laptop import Laptop
from tests.contracts.card_provider.visitor import Left, Page, Visitor
from tests.journeys.profile import CONTACT, IDENTITY

PASSWORD = "neuf girafes dansent sous la pluie"
GOOD_CARD, ASKS_THE_BANK, DECLINED = "4242424242424242", "4000002760003184", "4000000000000002"

_PATIENCE_SECONDS = 30
_numbers = itertools.count(1)


def open_year() -> str:
    """The newest academic year that may be paid today: these journeys run on the real calendar."""
    today = datetime.now(UTC).date()
    return max(year for year, campaign in CAMPAIGNS.items() if campaign.is_open(today))


YEAR = open_year()


class Student:
    """One invented person and their browser. `rest` gives the background its time before letters are read.

    Cookies are carried by hand: they are Secure, which a browser keeps for 127.0.0.1 over plain http and a library
    does not.
    """

    def __init__(
        self, site: str, mailbox: str, *, rest: Callable[[], object] = lambda: None, email: str = "", ine: str = ""
    ) -> None:
        number = next(_numbers)
        self.site, self._mailbox, self._rest = site, mailbox, rest
        self.email = email or f"etudiant{number}@example.org"
        self.ine = ine or f"{223_000_000 + number}JH"
        self.cookies: dict[str, str] = {}

    def move_to(self, site: str, mailbox: str) -> None:
        """The same browser, at another address of the service."""
        self.site, self._mailbox, self._rest = site, mailbox, lambda: None

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """One request, whatever its answer."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        said = {"Origin": self.site, "Cookie": cookies, **headers}
        answer = requests.request(method, self.site + path, json=body, headers=said, timeout=_PATIENCE_SECONDS)
        for line in answer.raw.headers.getlist("Set-Cookie"):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """What is answered to a request that must succeed."""
        answer = self.send(method, path, body)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def mails(self) -> list[dict[str, Any]]:
        """The letters they received, newest first."""
        self._rest()
        found: list[dict[str, Any]] = requests.get(
            f"{self._mailbox}/mails.json", params={"to": self.email}, timeout=_PATIENCE_SECONDS
        ).json()
        return found

    def read(self, pattern: str) -> str:
        """The first match in their newest letter that has one; the post may take a moment."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            for mail in self.mails():
                if match := re.search(pattern, mail["text"]):
                    return match[0]
            time.sleep(0.1)
        raise AssertionError(f"no letter to {self.email} says {pattern}")

    def fill_in(self) -> None:
        """Every screen of the registration; the address last, so that its code is on its way."""
        draft = "/api/v1/registration"
        self.ask("POST", draft)
        self.ask("PUT", f"{draft}/identity", IDENTITY)
        self.ask("PUT", f"{draft}/ine", {"ine": self.ine})
        self.ask("PUT", f"{draft}/institution", {"status": "not_registered"})
        self.ask("PUT", f"{draft}/contact", CONTACT)
        self.ask("PUT", f"{draft}/email", {"email": self.email, "email_again": self.email})

    def confirm(self) -> None:
        """The code that came by mail."""
        self.ask("POST", "/api/v1/verification-codes/confirmation", {"code": self.read(r"\b[A-Z]{6}\b")})

    def register(self) -> None:
        """Step 1."""
        self.fill_in()
        self.confirm()
        self.ask("POST", "/api/v1/registration/completion")

    def password_token(self) -> str:
        """The token of the newest link they were mailed."""
        return self.read(r"(?<=/fr/password/)[\w-]+")

    def choose_password(self) -> None:
        """Step 2, with the mailed link."""
        self.ask("PUT", "/api/v1/password", {"token": self.password_token(), "password": PASSWORD})

    def sign_in(self) -> None:
        """Step 2, every later time."""
        self.ask("POST", "/api/v1/session", {"email": self.email, "password": PASSWORD})

    def prepare_file(self) -> None:
        """Step 3, before the card."""
        city = {"commune": "69123", "postcode": "69001", "terms_version": TERMS_VERSION}
        self.ask("PUT", f"/api/v1/files/{YEAR}/study-city", city)

    def become_ready_to_pay(self) -> None:
        """All that comes before the card."""
        self.register()
        self.choose_password()
        self.sign_in()
        self.prepare_file()

    def start_payment(self) -> Any:
        """The payment page they are offered."""
        return self.ask("POST", f"/api/v1/files/{YEAR}/card-payments")

    def payment(self, payment_id: str) -> Any:
        """Where a payment stands, after asking the provider."""
        return self.ask("GET", f"/api/v1/payments/{payment_id}")

    def file(self) -> Any:
        """Their file of the year."""
        return self.ask("GET", f"/api/v1/files/{YEAR}")

    def certificate(self) -> Any:
        """Their certificate, once the background has printed it."""
        self._rest()
        return self.ask("GET", f"/api/v1/files/{YEAR}/certificate")


def person_of(student: Student) -> str:
    """Whose session a cookie is, which its value begins with."""
    return student.cookies["__Host-cvec"].partition(".")[0]


def newcomer(laptop: Laptop) -> Student:
    """Somebody nobody has seen yet."""
    return Student(laptop.site_url, laptop.mailbox.url, rest=laptop.pump.drain)


def ready_to_pay(laptop: Laptop) -> Student:
    """Somebody with an account, signed in, whose file has its city and terms."""
    student = newcomer(laptop)
    student.become_ready_to_pay()
    return student


def try_card(page_url: str, number: str, *, bank: str = "approve") -> Page:
    """Fill in the provider's page as a person would, and answer the bank if it asks; what the page then says.

    Raises Left, with where one is sent back to, when the card is taken.
    """
    visitor = Visitor(page_url.partition("/c/")[0])
    page = visitor.pay(page_url, number, email="payer@example.org")
    return visitor.submit(page, answer=bank) if "/c/authenticate/" in page.url else page


def pay_with(page_url: str, number: str = GOOD_CARD) -> str:
    """Pay; the address on our side where one is sent back to."""
    try:
        page = try_card(page_url, number)
    except Left as left:
        return left.url
    raise AssertionError(f"{number} was not taken: {page.words.split()}")

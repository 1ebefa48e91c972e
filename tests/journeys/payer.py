"""Somebody whom a student asks to pay: a link, no account, no cookie, and a browser without scripts.

payer = Payer(ask(student)["url"])
pay_with(payer.accept())
"""

from typing import Any
from urllib.parse import urlsplit

import requests

from tests.contracts.card_provider.visitor import Page
from tests.journeys.street import YEAR, Student

LINK = f"/api/v1/files/{YEAR}/payment-link"
_PATIENCE_SECONDS = 30


def ask(student: Student, **how: str) -> Any:
    """The student asks somebody else to pay; the link as its student sees it."""
    return student.ask("POST", LINK, how)


def state_of_link(student: Student) -> str:
    """Where the student's link stands."""
    return str(student.ask("GET", LINK)["state"])


class Payer:
    """Keeps nothing between two requests but the link's address."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.site = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        self.token = url.rpartition("/")[2]
        self.api = f"{self.site}/api/v1/payment-links/{self.token}"

    def get(self, url: str) -> requests.Response:
        """One page or answer, redirects not followed."""
        return requests.get(url, allow_redirects=False, timeout=_PATIENCE_SECONDS)

    def post(self, url: str, *, json: Any = None, form: dict[str, str] | None = None) -> requests.Response:
        """One request as a page of the site makes it: a form says what it is even when it is empty."""
        said = {"Origin": self.site} | ({} if form is None else {"Content-Type": "application/x-www-form-urlencoded"})
        return requests.post(url, json=json, data=form, headers=said, allow_redirects=False, timeout=_PATIENCE_SECONDS)

    def page(self) -> Page:
        """The link's page."""
        return Page(self.url, self.get(self.url))

    def accept(self) -> str:
        """Press the button that accepts; the address of the card page. The page's own policy must allow going there."""
        policy = self.page().policy
        answer = self.post(f"{self.url}/acceptance", form={})
        assert answer.status_code == 303, answer.text
        card_page = answer.headers["Location"]
        assert "{0.scheme}://{0.netloc}".format(urlsplit(card_page)) in policy["form-action"]
        return card_page

    def refuse(self, reason: str = "") -> Page:
        """Press the button that refuses, with whatever was typed; what the page then says."""
        url = f"{self.url}/refusal"
        return Page(url, self.post(url, form={"reason": reason}))


def doors(payer: Payer) -> dict[str, Any]:
    """Every way to knock with a token."""
    return {
        "read": lambda: payer.get(payer.api),
        "accept": lambda: payer.post(f"{payer.api}/acceptance", json={}),
        "refuse": lambda: payer.post(f"{payer.api}/refusal", json={}),
        "page": lambda: payer.get(payer.url),
        "accept by form": lambda: payer.post(f"{payer.url}/acceptance", form={}),
        "refuse by form": lambda: payer.post(f"{payer.url}/refusal", form={"reason": "Non"}),
    }

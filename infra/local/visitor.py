"""A browser without a screen: keeps the service's cookies, speaks JSON, and says loudly when it is refused."""

from http.cookies import SimpleCookie
from typing import Any

import requests

PATIENCE_SECONDS = 30


class RefusedError(Exception):
    """The service refused what a demonstration must be able to do."""


class Visitor:
    """One person's session with the site.

    Cookies are carried by hand: the service marks them Secure, which a browser accepts from 127.0.0.1 over plain http
    and a library does not.
    """

    def __init__(self, site_url: str) -> None:
        self._site_url = site_url
        self._cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """The JSON answer, None when it is empty. Raises RefusedError for any status from 400 on."""
        headers = {"Origin": self._site_url, "Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        url = self._site_url + path
        answer = requests.request(method, url, json=body, headers=headers, timeout=PATIENCE_SECONDS)
        if answer.status_code >= 400:
            raise RefusedError(f"{method} {path}: {answer.status_code} {answer.text}")
        self._keep_cookies(answer)
        return answer.json() if answer.content else None

    def _keep_cookies(self, answer: requests.Response) -> None:
        for line in answer.raw.headers.getlist("Set-Cookie"):
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value


def pay_by_card(page_url: str, *, number: str = "4242424242424242") -> None:
    """Fill in the stand-in's card page. Raises RefusedError unless it sends the payer back to the site."""
    form = {"number": number, "expiry": "12 / 40", "cvc": "123", "name": "Camille Exemple", "email": "c@example.org"}
    answer = requests.post(page_url, data=form, allow_redirects=False, timeout=PATIENCE_SECONDS)
    if answer.status_code != 303:
        raise RefusedError(f"the card page answered {answer.status_code}")

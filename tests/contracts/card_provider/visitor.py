"""A person with a browser and no JavaScript: reads a page, fills the form it finds, follows what it may follow."""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests


class Page(HTMLParser):
    """A page as read: its words, its elements, the policy that came with it."""

    def __init__(self, url: str, answer: requests.Response) -> None:
        super().__init__()
        self.url, self.status, self.headers = url, answer.status_code, answer.headers
        self.html = answer.text
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def field(self, name: str) -> dict[str, str]:
        return next(one for one in self.all("input") if one["name"] == name)

    def text_of(self, identifier: str) -> str:
        """The words of the element with that id, up to its end tag."""
        after = self.html.split(f'id="{identifier}"', 1)[1].split(">", 1)[1]
        return after.rsplit("</p>", 1)[0].split("</p>", 1)[0]

    @property
    def policy(self) -> dict[str, list[str]]:
        rules = (rule.split() for rule in self.headers["Content-Security-Policy"].split(";"))
        return {name: values for name, *values in rules}


class Left(Exception):
    """The person was sent away from the provider, to `url`."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


class Visitor:
    """Opens and submits; keeps the provider's own redirects, and raises `Left` when sent elsewhere."""

    def __init__(self, home: str) -> None:
        self.home = home

    def open(self, url: str) -> Page:
        return self._arrive(url, requests.get(url, allow_redirects=False, timeout=5))

    def submit(self, page: Page, **typed: str) -> Page:
        """Send the page's form: what it already holds, and what the person typed."""
        fields = {one["name"]: one["value"] for one in page.all("input")} | typed
        answer = requests.post(page.url, data=fields, allow_redirects=False, timeout=5)
        if answer.is_redirect:
            _check_policy(page, urljoin(page.url, answer.headers["Location"]))
        return self._arrive(page.url, answer)

    def _arrive(self, url: str, answer: requests.Response) -> Page:
        if not answer.is_redirect:
            return Page(url, answer)
        target = urljoin(url, answer.headers["Location"])
        if not target.startswith(self.home + "/"):
            raise Left(target)
        return self.open(target)

    def pay(self, url: str, number: str, **typed: str) -> Page:
        """Fill the card form at that address, well but for what is said otherwise."""
        filled = {"number": number, "expiry": "12/34", "cvc": "123", "name": "François N'DIAYE"}
        return self.submit(self.open(url), **filled | typed)


def _check_policy(page: Page, target: str) -> None:
    """What a browser does: the redirect after a POST must satisfy the page's `form-action`."""
    allowed = page.policy["form-action"]
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(target))
    is_own = origin == "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    assert (is_own and "'self'" in allowed) or origin in allowed, f"form-action blocks {target}"

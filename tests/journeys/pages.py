"""Our own pages, as a browser without scripts gets them."""

from urllib.parse import urlsplit

import requests

from tests.contracts.card_provider.visitor import Page


def opened(url: str, **form: str) -> Page:
    """A page of ours as a browser without scripts gets it, by a form when one is sent."""
    site = "{0.scheme}://{0.netloc}".format(urlsplit(url))
    if form:
        return Page(url, requests.post(url, data=form, headers={"Origin": site}, timeout=30))
    return Page(url, requests.get(url, timeout=30))


def pressed(url: str) -> Page:
    """What comes of a form that is only a button."""
    site = "{0.scheme}://{0.netloc}".format(urlsplit(url))
    headers = {"Origin": site, "Content-Type": "application/x-www-form-urlencoded"}
    return Page(url, requests.post(url, data="", headers=headers, timeout=30))


def words_of(page: Page) -> str:
    return " ".join(page.words.split())

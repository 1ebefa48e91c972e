"""What a browser is to its owner: a coarse label they recognise, from fixed words, and the cookie it is known by."""

from collections.abc import Mapping

from cvec.domain.devices import REMEMBERED_FOR
from cvec.web.callers import cookie_value, set_cookie

DEVICE_COOKIE = "__Host-cvec-device"

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""What a User-Agent holds, and whose it is; the first that fits, since most claim to be several."""

_SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def device_label(user_agent: str) -> str | None:
    """The browser and its system, as far as they are known; None where neither is.

    >>> device_label("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:141.0) Gecko/20100101 Firefox/141.0")
    'Firefox, Windows'
    >>> device_label("curl/8.5.0") is None
    True
    """
    known = [_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)]
    return ", ".join(word for word in known if word) or None


def _first(words: tuple[tuple[str, str], ...], user_agent: str) -> str | None:
    return next((word for mark, word in words if mark in user_agent), None)


def device_cookie(headers: Mapping[str, str]) -> str:
    """The browser's token, if it brings one."""
    return cookie_value(headers.get("cookie", ""), DEVICE_COOKIE)


def device_cookie_header(token: str) -> str:
    """The Set-Cookie line by which a browser is known for a year."""
    return set_cookie(DEVICE_COOKIE, token, max_age_seconds=int(REMEMBERED_FOR.total_seconds()))

"""Who may call a route, and how they show it: a draft's or an account's cookie, nothing, or a signature."""

from collections.abc import Mapping
from enum import StrEnum
from http.cookies import CookieError, SimpleCookie

from cvec.domain.errors import ForeignOrigin, NoRegistration, NotSignedIn
from cvec.domain.sessions import Holder, Session
from cvec.ports import Tools
from cvec.usecases.sessions import find_session

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_OWN_SITE = ("same-origin", "none")


class Caller(StrEnum):
    """Who may call a route."""

    ANYONE = "anyone"
    DRAFT = "draft"
    STUDENT = "student"
    PROVIDER = "provider"


COOKIES = {Caller.DRAFT: "__Host-cvec-draft", Caller.STUDENT: "__Host-cvec"}
_HOLDERS = {Caller.DRAFT: Holder.DRAFT, Caller.STUDENT: Holder.STUDENT}
_MISSING = {Caller.DRAFT: NoRegistration, Caller.STUDENT: NotSignedIn}


def cookie_header(who: Caller, value: str, *, max_age_seconds: int) -> str:
    """The Set-Cookie line that opens a session, or ends it with an age of 0."""
    return set_cookie(COOKIES[who], value, max_age_seconds=max_age_seconds)


def set_cookie(name: str, value: str, *, max_age_seconds: int) -> str:
    """The Set-Cookie line of a cookie that only this site sees, and no script."""
    return f"{name}={value}; Path=/; Max-Age={max_age_seconds}; Secure; HttpOnly; SameSite=Lax"


def session_of(who: Caller, headers: Mapping[str, str], *, tools: Tools) -> Session:
    """The session that the request's cookie opens. Raises NotSignedIn or NoRegistration."""
    session = find_session(cookie_value(headers.get("cookie", ""), COOKIES[who]), _HOLDERS[who], tools=tools)
    if session is None:
        raise _MISSING[who]
    return session


def check_origin(method: str, headers: Mapping[str, str], *, site_url: str) -> None:
    """Refuse a change asked for by a page of another site. Browsers say so; other programs carry nobody's cookies.

    Raises ForeignOrigin.
    """
    if method in _SAFE_METHODS:
        return
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    is_foreign = site not in (None, *_OWN_SITE) or origin not in (None, site_url)
    if is_foreign:
        raise ForeignOrigin


def cookie_value(header: str, name: str) -> str:
    """One cookie's value; a header no browser writes has none."""
    try:
        morsel = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return morsel.value if morsel else ""

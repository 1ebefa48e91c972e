"""The headers on every answer, ours, Chalice's and API Gateway's (the template repeats them for the last)."""

from collections.abc import Mapping

SECURITY_HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    # not no-referrer: Chromium then says "Origin: null" on our own forms, and the same-origin proof fails
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
}


def page_policy(form_targets: tuple[str, ...] = ()) -> str:
    """What a page may load and where its forms may end: Chromium holds `form-action` against redirects too."""
    targets = " ".join(("'self'", *form_targets))
    return (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action {targets}"
    )


def with_security(headers: Mapping[str, str | list[str]], request_id: str) -> dict[str, str | list[str]]:
    """An answer's headers with ours, which give way to the answer's own where it says otherwise.

    Raises ValueError for a line break, with which somebody could write headers of their own.
    """
    complete = {**SECURITY_HEADERS, "X-Request-Id": request_id, **headers}
    for value in complete.values():
        if any("\r" in one or "\n" in one for one in ([value] if isinstance(value, str) else value)):
            raise ValueError("a header value holds a line break")
    return complete

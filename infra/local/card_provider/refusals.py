"""Every refusal of the API, in the words and codes of Stripe's error object."""

from typing import Any

Json = dict[str, Any]


class Refused(Exception):
    """The call is answered with an HTTP status and Stripe's `{"error": {…}}`."""

    def __init__(
        self, message: str, *, status: int = 400, kind: str = "invalid_request_error", **more: str | None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error: Json = {"type": kind, "message": message}
        self.error |= {name: value for name, value in more.items() if value is not None}

    @property
    def body(self) -> Json:
        """The JSON that answers the call."""
        return {"error": self.error}


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> Refused:
    """400: the parameters cannot be accepted."""
    return Refused(message, param=param, code=code)


def missing(kind: str, identifier: str, *, param: str = "id", status: int = 404) -> Refused:
    """404, or 400 when the identifier came as a parameter: there is no such object."""
    name = kind.replace("checkout.session", "checkout session").replace("_", " ")
    return Refused(f"No such {name}: '{identifier}'", status=status, code="resource_missing", param=param)


def unauthenticated(message: str) -> Refused:
    """401: no test key, or not a test key."""
    return Refused(message, status=401)


def idempotency_mismatch(key: str) -> Refused:
    """400: the key was used with other parameters, which is always a mistake of the caller."""
    text = "Keys for idempotent requests can only be used with the same parameters they were first used with."
    return Refused(f"{text} Try using a key other than '{key}'.", kind="idempotency_error")


def in_flight(key: str) -> Refused:
    """409: the first call with this key has not ended; the SDK tries again by itself."""
    text = f"There is currently another in-progress request using this Idempotent Key: {key}."
    return Refused(text, status=409, code="idempotency_key_in_use")


def unavailable(status: int) -> Refused:
    """A 5xx asked for by a test, before anything took effect."""
    return Refused("An unknown error occurred (asked for by a test).", status=status, kind="api_error")

"""The card form: what was typed, and what is wrong with it before any bank is asked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from infra.local.card_provider.cards import brand, is_blocked, passes_luhn
from infra.local.card_provider.payments import Payer

EXPIRY = re.compile(r"(\d{1,2})\s*[/\-. ]?\s*(\d{4}|\d{2})")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
NAME_LENGTH, EMAIL_LENGTH = 150, 254


@dataclass(frozen=True)
class CardForm:
    """The fields as typed. The number and the security code are never sent back to a page."""

    email: str
    name: str
    number: str
    expiry: str
    cvc: str

    @property
    def payer(self) -> Payer:
        """What the provider keeps; only for a form without faults."""
        month, year = parse_expiry(self.expiry) or (0, 0)
        return Payer(self.name, self.email, month, year)


def read(fields: Mapping[str, str], email: str | None) -> CardForm:
    """The form sent; the e-mail of the Session, if it has one, is not up to the payer."""
    typed = {name: " ".join(fields.get(name, "").split()) for name in ("email", "name", "expiry", "cvc")}
    number = re.sub(r"[\s-]", "", fields.get("number", ""))
    return CardForm(**typed | {"email": email or typed["email"], "number": number})


def faults(form: CardForm, *, blocked: list[str], today: tuple[int, int]) -> dict[str, str]:
    """Each faulty field and the code of its fault, in the order of the page; `today` is (year, month)."""
    number = _number(form.number, blocked)
    checks = {
        "email": _email(form.email),
        "number": number,
        "expiry": _expiry(form.expiry, today),
        # Nobody can say how long the code of a card is while its number is wrong.
        "cvc": _cvc(form.cvc, "3,4" if number else _cvc_length(form.number)),
        "name": None if 0 < len(form.name) <= NAME_LENGTH else "name",
    }
    return {field: code for field, code in checks.items() if code}


def parse_expiry(text: str) -> tuple[int, int] | None:
    """Month and four-digit year, or None.

    >>> parse_expiry("04 / 29"), parse_expiry("1229"), parse_expiry("13/29")
    ((4, 2029), (12, 2029), None)
    """
    match = EXPIRY.fullmatch(text)
    if match is None or not 1 <= int(match[1]) <= 12:
        return None
    return int(match[1]), int(match[2]) + (2000 if len(match[2]) == 2 else 0)


def _email(email: str) -> str | None:
    return None if EMAIL.fullmatch(email) and len(email) <= EMAIL_LENGTH else "email"


def _number(number: str, blocked: list[str]) -> str | None:
    if not re.fullmatch(r"[0-9]{12,19}", number):
        return "number_incomplete"
    if not passes_luhn(number):
        return "number_false"
    return "brand_blocked" if is_blocked(number, blocked) else None


def _expiry(text: str, today: tuple[int, int]) -> str | None:
    found = parse_expiry(text)
    if found is None:
        return "expiry_unreadable"
    month, year = found
    return "expiry_past" if (year, month) < today else None


def _cvc(cvc: str, length: str) -> str | None:
    return None if re.fullmatch(rf"[0-9]{{{length}}}", cvc) else "cvc"


def _cvc_length(number: str) -> str:
    return "4" if brand(number) == "amex" else "3"

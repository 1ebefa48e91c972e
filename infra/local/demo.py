"""One invented student with a paid certificate, made through the service's own API: what `--demo` adds."""

import re
from typing import Any

from infra.local.laptop import Laptop
from infra.local.visitor import RefusedError, Visitor, pay_by_card

EMAIL = "camille.exemple@example.org"
PASSWORD = "quatre chevaux sages au marché"  # of an invented person, on one's own machine
YEAR = "2026-2027"
TERMS_VERSION = "2026-05"

IDENTITY = {
    "marital_status": "single",
    "civility": "Mme",
    "birth_name": "EXEMPLE",
    "first_name": "Camille",
    "birth_date": "2004-02-29",
    "birth_country": "FR",
    "birth_department": "69",
    "birth_place": "Lyon",
    "nationality": "FR",
}
INE = "0494004062M"
CONTACT = {
    "mobile_phone": "+33639980000",  # a number kept for fiction by the Arcep
    "address_line1": "1 rue de l'Exemple",
    "postal_code": "69001",
    "city": "Lyon",
    "country": "FR",
}


def seed(laptop: Laptop) -> str:
    """Register, pay and certify one student; what to tell the person at the terminal.

    Says so when the student is there already, from an earlier run. Raises RefusedError when the service refuses.
    """
    if laptop.mailbox.messages(EMAIL):
        return f"\n  The demonstration's student is there already: {EMAIL}\n"
    visitor = Visitor(laptop.site_url)
    register(visitor, laptop)
    sign_in(visitor, laptop)
    number = pay(visitor, laptop)
    return f"\n  A student who has paid\n    sign in       {EMAIL} / {PASSWORD}\n    certificate   {number}\n"


def register(visitor: Visitor, laptop: Laptop) -> None:
    """Step 1, and the code of step 2."""
    draft = "/api/v1/registration"
    visitor.ask("POST", draft, {"language": "fr"})
    visitor.ask("PUT", f"{draft}/identity", IDENTITY)
    visitor.ask("PUT", f"{draft}/email", {"email": EMAIL, "email_again": EMAIL})
    visitor.ask("POST", "/api/v1/verification-codes/confirmation", {"code": found(r"\b[A-Z]{6}\b", laptop)})
    visitor.ask("PUT", f"{draft}/ine", {"ine": INE})
    visitor.ask("PUT", f"{draft}/institution", {"status": "not_registered"})
    visitor.ask("PUT", f"{draft}/contact", CONTACT)
    visitor.ask("POST", f"{draft}/completion")


def sign_in(visitor: Visitor, laptop: Laptop) -> None:
    """Step 2: the mailed link sets the password."""
    token = found(r"(?<=/fr/password/)[\w-]+", laptop)
    visitor.ask("PUT", "/api/v1/password", {"token": token, "password": PASSWORD})
    visitor.ask("POST", "/api/v1/session", {"email": EMAIL, "password": PASSWORD})


def pay(visitor: Visitor, laptop: Laptop) -> str:
    """Steps 3 and 4; the certificate's number."""
    city = {"commune": "69381", "postcode": "69001", "terms_version": TERMS_VERSION}
    visitor.ask("PUT", f"/api/v1/files/{YEAR}/study-city", city)
    offered = visitor.ask("POST", f"/api/v1/files/{YEAR}/card-payments", {"language": "fr"})
    pay_by_card(offered["url"])
    visitor.ask("GET", f"/api/v1/payments/{offered['payment']}")
    laptop.pump.drain()
    certificate: Any = visitor.ask("GET", f"/api/v1/files/{YEAR}/certificate")
    return str(certificate["number"])


def found(pattern: str, laptop: Laptop) -> str:
    """The first match in the newest mail, once the background has sent it. Raises RefusedError."""
    laptop.pump.drain()
    for mail in laptop.mailbox.messages(EMAIL):
        if match := re.search(pattern, mail.text):
            return match[0]
    raise RefusedError(f"no mail to {EMAIL} holds {pattern}")

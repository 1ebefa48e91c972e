"""A student whose every word is a canary, and their walk down the whole street through the doors."""

import json
from collections.abc import Sequence
from typing import Any

from cvec import journal
from cvec.domain.history import Entry
from cvec.domain.mails import Mail
from cvec.domain.model import Row
from cvec.domain.registration import Draft

from tests.support.bodies import GOOD
from tests.support.calling import Browser, invoke, messages_event, rows_event
from tests.support.fakes import MemoryStore, World
from tests.support.people import LYON, YEAR, letters_sent, password_token

DRAFT, SESSION = "/api/v1/registration", "/api/v1/session"
FILE = f"/api/v1/files/{YEAR}"
EMAIL, INE, PASSWORD = "canari.jaune+42@example.org", "0494004062M", "le canari jaune vole sur la mer"
SCREENS: dict[str, dict[str, Any]] = {
    "identity": GOOD["Identity"]
    | {"birth_name": "CANARIN-Ôiseau", "usage_name": "CANARUSAGE", "first_name": "Canarprénom"}
    | {
        "second_name": "Canarsecond",
        "third_name": "Canartrois",
        "birth_place": "CANARVILLE",
        "birth_date": "1987-06-05",
    },
    "email": {"email": EMAIL, "email_again": EMAIL},
    "ine": {"ine": INE},
    "institution": {"status": "france", "department": "77", "name": "CANARUNIVERSITÉ"},
    "contact": GOOD["Contact"]
    | {"mobile_phone": "+33639980077", "landline_phone": "+33139980078", "city": "CANARCITÉ"}
    | {"address_line1": "77 rue des CANARIS", "address_line2": "CANARÉTAGE"},
}
PERSONAL = ["CANAR", "canar", "Canar", EMAIL, INE, PASSWORD, "1987-06-05", "+33639980077", "+33139980078"]


class NotedStore(MemoryStore):
    """The store in memory, whose facts are logged as the real one's are."""

    def commit(self, *rows: Row, erase: Sequence[Row] = ()) -> None:
        super().commit(*rows, erase=erase)
        for row in rows:
            if isinstance(row, Entry):
                journal.note_fact(row)


class Journey:
    """The whole street, walked by one canary; it remembers every secret it was given."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.browser = Browser(world)
        self.secrets: list[str] = []

    def walk(self) -> None:
        for stage in (
            self.register,
            self.confirm,
            self.complete,
            self.set_password,
            self.sign_in,
            self.pay,
            self.settle,
        ):
            stage()

    def register(self) -> None:
        self.browser.post(DRAFT)
        for screen, sent in SCREENS.items():
            assert self.browser.put(f"{DRAFT}/{screen}", sent).status == 200, screen

    def confirm(self) -> None:
        [draft] = self.world.store.of(Draft)
        code = letters_sent(draft.id, self.world)
        self.secrets += [code, code.lower()]
        self.browser.post("/api/v1/verification-codes/confirmation", {"code": "QQQQQQ"})
        self.browser.post("/api/v1/verification-codes/confirmation", {"code": code})

    def complete(self) -> None:
        assert self.browser.post(f"{DRAFT}/completion").status == 200

    def set_password(self) -> None:
        token = password_token(self.world)
        self.secrets.append(token)
        self.browser.put("/api/v1/password", {"token": token, "password": "canari"})
        self.browser.get(f"/fr/password/{token}")
        self.browser.submit(f"/fr/password/{token}", password=PASSWORD)

    def sign_in(self) -> None:
        self.browser.post(SESSION, {"email": EMAIL, "password": f"{PASSWORD}?"})
        assert self.browser.post(SESSION, {"email": EMAIL, "password": PASSWORD}).status == 201
        self.secrets += [cookie.rpartition(".")[2] for cookie in self.browser.cookies.values()]

    def pay(self) -> None:
        assert self.browser.put(f"{FILE}/study-city", LYON).status == 200
        self.payment = self.browser.post(f"{FILE}/card-payments").json["payment"]
        assert self.world.cards.pay(f"page-{self.payment}")

    def settle(self) -> None:
        invoke("pay", messages_event(json.dumps({"payment": self.payment})))
        [file] = [self.browser.get(FILE).json]
        person = self.browser.get(SESSION).json
        assert person["ine"] == INE
        owner = next(row.person_id for row in self.world.store.of(Entry))
        invoke("certify", rows_event({"kind": "certificate", "person_id": owner, "year": YEAR}))
        invoke("notify", rows_event(*({"kind": "mail", "id": mail.id} for mail in self.world.store.of(Mail))))
        number = file["certificate_number"].replace(" ", "")
        self.browser.call("GET", f"/api/v1/certificates/{number}", query="etudiant=CANARIN")
        self.browser.submit(f"/en/certificates/{number}", surname="CANARIN")
        self.browser.get(f"/fr/payments/{self.payment}")
        self.number = number


def leaks(text: str, journey: Journey) -> list[str]:
    return [canary for canary in (*PERSONAL, *journey.secrets) if canary in text]

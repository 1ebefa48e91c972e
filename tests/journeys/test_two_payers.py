"""A student and the person they asked press "pay" at the same moment: one capture is kept, one certificate.

Each round is a new student. The rounds go over HTTP, as many as PAYER_ROUNDS says (200 in `.ci/run`, 50 in everyday
runs); 25 more call the gestures from two threads with the real adapters. The provider is the stand-in, which counts.
"""

import dataclasses
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any, TypeVar

import pytest
import stripe
from cvec import wiring
from cvec.adapters.cards_stripe import API_VERSION
from cvec.domain.certificates import Certificate, CertificateState
from cvec.domain.errors import AlreadyInOrder, PageOpening, PaymentLinkOver
from cvec.domain.files import File, FileState
from cvec.domain.history import Entry
from cvec.domain.mails import Mail, Template
from cvec.domain.payment_links import LinkState, PaymentLink, ShownName
from cvec.domain.payments import Payment
from cvec.ports import CardGateway, PaymentPage
from cvec.usecases import certify, pay, settle, third_party
from moto.dynamodb import dynamodb_backends

from infra.local.card_link import API_KEY
from infra.local.card_provider.control import Control
from infra.local.laptop import Laptop
from tests.journeys.payer import Payer
from tests.journeys.shortcuts import person_of, student_ready
from tests.journeys.street import YEAR, Student
from tests.support.laptop import TEMPLATE

T = TypeVar("T")

AMOUNT = 10_500
STUDENTS_CARD, PAYERS_CARD = "4242424242424242", "5555555555554444"
BUSY_PAGE = "Page de paiement en cours"
MOST_PRESSES = 40
PATIENCE_SECONDS = 30.0

ROUNDS, AT_ONE_GO = int(os.environ.get("PAYER_ROUNDS", "50")), 25
"""How many rounds over HTTP, and how many of them in one test."""

Press = Callable[[], str | None]
"""Ask for a card page: its address, or None when one is told that there is nothing (more) to pay here."""


class Busy(Exception):
    """Told to press again in a moment."""


class WatchedCards:
    """The real gateway, counting the pages that can take money each time one more is opened."""

    def __init__(self, cards: CardGateway, control: Control) -> None:
        self._cards, self._control, self.most_open = cards, control, 0

    def open_page(self, payment: Payment) -> PaymentPage:
        page = self._cards.open_page(payment)
        self.most_open = max(self.most_open, self._control.state()["sessions"].get("open", 0))
        return page

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cards, name)


@pytest.fixture
def laptop() -> Iterator[Laptop]:
    """A laptop of one go's own, so that the stand-in's counts are this go's; notifications are test_races.py's."""
    with Laptop(TEMPLATE) as laptop:
        laptop.cards.control.pause_deliveries()
        yield laptop


@pytest.fixture
def cards(laptop: Laptop) -> WatchedCards:
    watched = WatchedCards(wiring.tools().cards, laptop.cards.control)
    wiring.use(dataclasses.replace(wiring.tools(), cards=watched))
    return watched


def by_gesture(student: Student, payer: Payer) -> tuple[Press, Press]:
    """How the two press, without a gateway between."""
    tools, person_id = wiring.tools(), person_of(student)
    return (
        told(lambda: pay.pay_by_card(person_id, YEAR, "fr", tools=tools).url),
        told(lambda: third_party.accept_link(payer.token, "fr", tools=tools).url),
    )


def told(ask: Callable[[], str]) -> Press:
    """The answer of a gesture as somebody at a page would take it."""

    def press() -> str | None:
        try:
            return ask()
        except (AlreadyInOrder, PaymentLinkOver):
            return None
        except PageOpening:
            raise Busy from None

    return press


def over_http(student: Student, payer: Payer) -> tuple[Press, Press]:
    """How the two press: the student by the API, the payer by the form of the link's page."""

    def mine() -> str | None:
        answer = student.send("POST", f"/api/v1/files/{YEAR}/card-payments")
        if answer.status_code == 409 and "Retry-After" in answer.headers:
            raise Busy
        assert answer.status_code in (201, 409), answer.text
        return str(answer.json()["url"]) if answer.ok else None

    def theirs() -> str | None:
        answer = payer.post(f"{payer.url}/acceptance", form={})
        if answer.status_code == 409 and BUSY_PAGE in answer.text:
            raise Busy
        assert answer.status_code in (303, 409, 410), answer.text
        return answer.headers.get("Location")

    return mine, theirs


def pressed(press: Press) -> str | None:
    """Press, and again as long as one is told to."""
    for _ in range(MOST_PRESSES):
        try:
            return press()
        except Busy:
            time.sleep(0.02)
    raise AssertionError(f"told {MOST_PRESSES} times to press again")


def pay_at(url: str | None, number: str, control: Control) -> bool:
    """Try a card on a page at the provider, if one was given: whether it was taken."""
    return url is not None and control.pay(url.rpartition("/")[2], number) == "paid"


def press_and_pay(mine: Press, theirs: Press, control: Control) -> tuple[bool, bool]:
    """Both press at the same moment, and each pays the moment there is a page."""
    start = Barrier(2, timeout=PATIENCE_SECONDS)

    def one(press: Press, number: str) -> bool:
        start.wait()
        return pay_at(pressed(press), number, control)

    return both(lambda: one(mine, STUDENTS_CARD), lambda: one(theirs, PAYERS_CARD))


def press_then_pay_together(mine: Press, theirs: Press, control: Control) -> tuple[bool, bool]:
    """Both press at the same moment, both type their card, and both pay at the same moment: one page is closed by now,
    but its payer cannot know.
    """
    start, typed = Barrier(2, timeout=PATIENCE_SECONDS), Barrier(2, timeout=PATIENCE_SECONDS)

    def one(press: Press, number: str) -> bool:
        start.wait()
        url = pressed(press)
        typed.wait()
        return pay_at(url, number, control)

    return both(lambda: one(mine, STUDENTS_CARD), lambda: one(theirs, PAYERS_CARD))


def pay_while_the_student_presses(mine: Press, theirs: Press, control: Control) -> tuple[bool, bool]:
    """The payer has the page open and pays at the moment when the student presses, which would close it."""
    url = pressed(theirs)
    start = Barrier(2, timeout=PATIENCE_SECONDS)

    def student() -> bool:
        start.wait()
        return pay_at(pressed(mine), STUDENTS_CARD, control)

    def payer() -> bool:
        start.wait()
        return pay_at(url, PAYERS_CARD, control)

    return both(student, payer)


def both(student: Callable[[], T], payer: Callable[[], T]) -> tuple[T, T]:
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.submit(student), threads.submit(payer)
        return first.result(), second.result()


SCENES = (press_and_pay, press_then_pay_together, pay_while_the_student_presses)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("go", [*range(ROUNDS // AT_ONE_GO), "by-gesture"])
def test_two_payers_at_once_leave_one_capture_one_certificate_and_never_two_live_pages(
    laptop: Laptop, cards: WatchedCards, go: int | str
) -> None:
    for number in range(AT_ONE_GO):
        play, scene = over_http if isinstance(go, int) else by_gesture, SCENES[number % len(SCENES)]
        student, payer = asked(laptop)
        paid = scene(*play(student, payer), laptop.cards.control)
        if not any(paid):
            assert pay_at(pressed(by_gesture(student, payer)[0]), STUDENTS_CARD, laptop.cards.control)
        return_at_once(student)
        check_settled_once(student)
        if play is over_http:
            check_certified_once(student, is_by_payer=paid[1])
        assert laptop.cards.control.state()["kept_cents"] == AMOUNT * (number + 1), scene.__name__
        forget_everybody(laptop)
    assert cards.most_open == 1
    check_each_card_lost_its_money_once(laptop)


def asked(laptop: Laptop) -> tuple[Student, Payer]:
    """A student who asked somebody else, who has the link."""
    student, tools = student_ready(laptop), wiring.tools()
    link = third_party.ask_third_party(person_of(student), YEAR, name=ShownName.FIRST_NAME, language="fr", tools=tools)
    return student, Payer(link.url or "")


def return_at_once(student: Student) -> None:
    """Both come back from the provider at the same moment."""
    file = wiring.tools().store.find(File, person_of(student), YEAR)
    assert file
    assert file.current_payment
    look = partial(settle.sync, file.current_payment, tools=wiring.tools())
    assert [payment.is_open for payment in both(look, look)] == [False, False]


def check_settled_once(student: Student) -> None:
    store, person_id = wiring.tools().store, person_of(student)
    file, certificate = store.find(File, person_id, YEAR), store.find(Certificate, person_id, YEAR)
    assert file
    assert certificate
    assert (file.state, file.certificate_number) == (FileState.PAID, certificate.number)
    assert (certificate.state, certificate.edition) == (CertificateState.ISSUING, 1)
    facts = Counter(str(entry.name) for entry in store.all(Entry, person_id, YEAR))
    assert (facts["payment_applied"], facts["file_opened"], facts["link_offered"]) == (1, 1, 1)
    link = store.find(PaymentLink, file.current_link or "")
    assert link
    assert link.state in (LinkState.USED, LinkState.REVOKED)


def check_certified_once(student: Student, *, is_by_payer: bool) -> None:
    """The order is carried out twice: one certificate, one mail, which says who paid."""
    tools, person_id = wiring.tools(), person_of(student)
    for _ in range(2):
        certify.issue(person_id, YEAR, tools=tools)
    certificate = tools.store.find(Certificate, person_id, YEAR)
    assert certificate
    assert (certificate.state, certificate.edition) == (CertificateState.ACTIVE, 1)
    written = [mail.template for mail in tools.store.due(Mail, tools.clock.now() + timedelta(days=1))]
    assert written == [Template.THIRD_PARTY_PAID if is_by_payer else Template.PAYMENT_RECEIVED]


def forget_everybody(laptop: Laptop) -> None:
    """Empty tables and streams, as if all had been long ago: moto copies them whole for each transaction."""
    with laptop.cloud.lock:
        for table in laptop.cloud.backend(dynamodb_backends).tables.values():
            table.items.clear()
            if table.stream_shard:
                table.stream_shard.items.clear()


def check_each_card_lost_its_money_once(laptop: Laptop) -> None:
    """At the provider: one charge kept per round; any other went back whole, once, to the card that paid it."""
    charges = charges_of(laptop)
    kept = [charge for charge in charges if not charge["refunded"]]
    assert len(kept) == AT_ONE_GO
    assert {charge["amount_captured"] for charge in charges} == {AMOUNT}
    for charge in charges:
        assert charge["amount_refunded"] == (AMOUNT if charge["refunded"] else 0)
    refunds = sum(laptop.cards.control.state()["refunds"].values())
    assert refunds == len(charges) - len(kept)


def charges_of(laptop: Laptop) -> list[dict[str, Any]]:
    http = stripe.RequestsClient()
    client = stripe.StripeClient(
        API_KEY, base_addresses={"api": laptop.cards.url}, stripe_version=API_VERSION, http_client=http
    )
    found = [charge.to_dict() for charge in client.v1.charges.list({"limit": 100}).data]
    http.close()  # type: ignore[no-untyped-call]  # stripe's own lack
    return found

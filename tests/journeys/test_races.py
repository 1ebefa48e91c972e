"""Many at once: starts of payment, then deliveries of its notification. One page, one settlement, one capture kept.

Twenty rounds call the gestures with the real adapters, a thread each, so that all truly meet at the storage and at the
provider: ten threads in everyday runs, as many as RACERS says otherwise (fifty in `.ci/run`). Three rounds send
fifty requests over HTTP, of which as many run side by side as the laptop has instances.
"""

import hashlib
import hmac
import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
import stripe
from cvec import wiring
from cvec.domain.accounts import Account, AccountState, Person
from cvec.domain.certificates import Certificate, CertificateState
from cvec.domain.errors import PageOpening
from cvec.domain.files import File, FileState
from cvec.domain.history import Entry
from cvec.domain.payments import Disposition, Payment
from cvec.domain.refunds import Refund
from cvec.ports import Tools
from cvec.usecases import files, pay, watch

from infra.local.card_link import API_KEY, NOTIFICATIONS
from infra.local.laptop import Laptop
from tests.journeys.street import YEAR, pay_with, person_of, ready_to_pay
from tests.support.laptop import TEMPLATE
from tests.support.people import CONTACT, FRANCOIS, LYON, NOT_REGISTERED

RACERS, ROUNDS = int(os.environ.get("RACERS", "10")), 20
REQUESTS, HTTP_ROUNDS = 50, 3
AMOUNT = 10_500


@pytest.fixture
def laptop() -> Iterator[Laptop]:
    """A laptop of one round's own: moto copies whole tables for each transaction, so rounds would slow each other."""
    with Laptop(TEMPLATE) as laptop:
        yield laptop


def all_at_once(acts: Iterable[Callable[[], Any]]) -> list[Any]:
    """What each act gives, all begun together."""
    acts = list(acts)
    with ThreadPoolExecutor(len(acts)) as threads:
        return [future.result() for future in [threads.submit(act) for act in acts]]


def somebody_ready(tools: Tools) -> str:
    """A person whose file has its city and terms, without their way there; their id."""
    person_id, now = tools.chance.new_id(), tools.clock.now()
    person = Person(
        id=person_id,
        email=f"{person_id}@example.org",
        language="fr",
        ine="1409002949V",
        identity=FRANCOIS,
        institution=NOT_REGISTERED,
        contact=CONTACT,
        registered_at=now,
    )
    tools.store.commit(person, Account(person_id=person_id, state=AccountState.ACTIVE))
    files.prepare_file(person_id, YEAR, **LYON, tools=tools)
    return person_id


@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_starts_and_notifications_all_at_once_settle_one_file_once(laptop: Laptop, round_number: int) -> None:
    tools = wiring.tools()
    person_id = somebody_ready(tools)
    answers = all_at_once([lambda: page_or_busy(person_id, tools)] * RACERS)
    assert len(set(answers) - {"busy"}) == 1
    assert laptop.cards.control.state()["sessions"] == {"open": 1}

    payment_id, url = next(answer for answer in answers if answer != "busy")
    pay_with(url)
    looks = [lambda: watch.look_into(payment_id, tools=tools)] * (RACERS - 5)
    returns = [lambda: pay.read_payment(payment_id, tools=tools)] * 5
    all_at_once(shuffled([*looks, *returns], seed=round_number))
    laptop.pump.drain()
    check_settled_once(laptop, person_id, payment_id)


def page_or_busy(person_id: str, tools: Tools) -> tuple[str, str] | str:
    try:
        offered = pay.pay_by_card(person_id, YEAR, "fr", tools=tools)
    except PageOpening:
        return "busy"
    return offered.payment, offered.url


def shuffled(acts: list[Any], *, seed: int) -> list[Any]:
    return random.Random(seed).sample(acts, len(acts))  # noqa: S311 - an order, not a secret


def check_settled_once(laptop: Laptop, person_id: str, payment_id: str) -> None:
    store, state = wiring.tools().store, laptop.cards.control.state()
    assert (state["sessions"], state["kept_cents"], state["refunds"]) == ({"complete": 1}, AMOUNT, {})
    facts = Counter(str(entry.name) for entry in store.all(Entry, person_id, YEAR))
    assert facts == {"file_opened": 1, "payment_started": 1, "payment_applied": 1, "certificate_issued": 1}
    file, payment = store.find(File, person_id, YEAR), store.find(Payment, payment_id)
    certificate = store.find(Certificate, person_id, YEAR)
    assert file
    assert payment
    assert certificate
    assert (file.state, file.settled_by, payment.disposition) == (FileState.PAID, payment_id, Disposition.APPLIED)
    assert (certificate.state, certificate.edition) == (CertificateState.ACTIVE, 1)
    assert certificate.number == file.certificate_number
    assert store.all(Refund, payment_id) == []


@pytest.mark.parametrize("round_number", range(HTTP_ROUNDS))
def test_the_same_over_http(laptop: Laptop, round_number: int) -> None:
    student = ready_to_pay(laptop)
    answers = all_at_once([lambda: student.send("POST", f"/api/v1/files/{YEAR}/card-payments")] * REQUESTS)
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert all(answer.headers["Retry-After"] for answer in answers if answer.status_code == 409)
    offered = [answer.json() for answer in answers if answer.status_code == 201]
    assert len({(page["payment"], page["url"]) for page in offered}) == 1
    assert laptop.cards.control.state()["sessions"] == {"open": 1}

    laptop.cards.control.pause_deliveries()
    back = pay_with(offered[0]["url"])
    deliver_and_return(laptop, back, seed=round_number)
    laptop.cards.control.resume_deliveries()
    assert laptop.cards.control.wait_for_deliveries() == 0
    laptop.pump.drain()
    check_settled_once(laptop, person_of(student), offered[0]["payment"])
    assert sum("certificate is ready" in mail["subject"] for mail in student.mails()) == 1


def deliver_and_return(laptop: Laptop, back: str, *, seed: int) -> None:
    """Fifty signed deliveries of the payment's events, in any order and many times, around ten visits of the return
    page; the queue is played meanwhile.
    """
    events = events_of(laptop)
    assert {event["type"] for event in events} >= {"checkout.session.completed", "payment_intent.succeeded"}
    choice = random.Random(seed)  # noqa: S311 - an order, not a secret
    deliveries = [notification(laptop, choice.choice(events)) for _ in range(REQUESTS)]
    visits = [lambda: requests.get(back, timeout=60)] * 10
    answers = all_at_once([*shuffled([*deliveries, *visits], seed=seed), laptop.pump.drain])
    assert {answer.status_code for answer in answers if isinstance(answer, requests.Response)} == {200}


def events_of(laptop: Laptop) -> list[dict[str, Any]]:
    client = stripe.StripeClient(
        API_KEY,
        base_addresses={"api": laptop.cards.url},
        stripe_version="2026-08-26.dahlia",
        http_client=(http := stripe.RequestsClient()),
    )
    found = [event.to_dict() for event in client.v1.events.list({"limit": 100}).data]
    http.close()  # type: ignore[no-untyped-call]  # stripe's own lack
    return found


def notification(laptop: Laptop, event: dict[str, Any]) -> Callable[[], requests.Response]:
    """The act of delivering an event as the provider does: raw bytes under a signature."""
    body = json.dumps(event).encode()
    headers = {"Content-Type": "application/json", "Stripe-Signature": signature(body, signing_secret(laptop))}
    return lambda: requests.post(laptop.site_url + NOTIFICATIONS, data=body, headers=headers, timeout=60)


def signature(body: bytes, secret: str) -> str:
    moment = str(int(time.time()))
    return f"t={moment},v1={hmac.new(secret.encode(), moment.encode() + b'.' + body, hashlib.sha256).hexdigest()}"


def signing_secret(laptop: Laptop) -> str:
    name = laptop.stack.address("CardSecret", "Ref")
    kept = laptop.cloud.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"]
    return str(json.loads(kept)["notification_secrets"][0])

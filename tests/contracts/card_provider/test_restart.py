"""A restart: pages, money, keys, clock and undelivered notifications are still there, at a new address."""

import json
from pathlib import Path

import pytest
import stripe

from infra.local.card_provider import CardProvider
from tests.contracts.card_provider.conftest import client_of, order, url_of
from tests.contracts.card_provider.contract import CheckedHttp
from tests.contracts.card_provider.receiver import Receiver
from tests.contracts.card_provider.visitor import Left, Visitor

SECRET = "whsec_tests"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "card_provider.json"


def test_everything_survives_a_restart(file: Path, http: CheckedHttp) -> None:
    with CardProvider(file) as before:
        client = client_of(before, http)
        opened = client.v1.checkout.sessions.create(order(), {"idempotency_key": "create:a1"})
        settled = client.v1.checkout.sessions.create(order())
        before.control.pay(settled.id)
        before.control.advance(600)
        counts = before.control.state()
    with CardProvider(file) as after:
        client = client_of(after, http)
        found = client.v1.checkout.sessions.retrieve(opened.id)
        assert (found.status, found.url) == ("open", f"{after.url}/c/pay/{opened.id}")
        assert client.v1.checkout.sessions.retrieve(settled.id).status == "complete"
        assert client.v1.checkout.sessions.create(order(), {"idempotency_key": "create:a1"}).id == opened.id
        assert len(client.v1.events.list().data) == counts["events"]
        assert after.control.state() | {"now": 0} == counts | {"now": 0}
        assert abs((after.now().timestamp()) - counts["now"]) < 60
        with pytest.raises(Left):
            Visitor(after.url).pay(url_of(found), "4242424242424242")


def test_undelivered_notifications_leave_after_the_restart(file: Path, http: CheckedHttp, receiver: Receiver) -> None:
    with CardProvider(file) as before:
        before.control.subscribe(receiver.url, SECRET)
        before.control.pause_deliveries()
        session = client_of(before, http).v1.checkout.sessions.create(order())
        before.control.pay(session.id)
    assert receiver.letters == []
    with CardProvider(file) as after:
        assert after.control.wait_for_deliveries() == 0
    assert receiver.types(SECRET)[-1] == "checkout.session.completed"


def test_a_challenge_under_way_can_be_answered_after_the_restart(file: Path, http: CheckedHttp) -> None:
    with CardProvider(file) as before:
        session = client_of(before, http).v1.checkout.sessions.create(order())
        bank = Visitor(before.url).pay(url_of(session), "4000002760003184")
        path = bank.url.removeprefix(before.url)
    with CardProvider(file) as after:
        visitor = Visitor(after.url)
        with pytest.raises(Left):
            visitor.submit(visitor.open(after.url + path), answer="approve")
        assert after.control.state()["captured_cents"] == 10500


def test_the_file_is_whole_after_every_call_and_holds_no_untested_card_number(file: Path, http: CheckedHttp) -> None:
    with CardProvider(file) as provider:
        client = client_of(provider, http)
        for _ in range(3):
            session = client.v1.checkout.sessions.create(order())
            kept = json.loads(file.read_text("utf-8"))
            assert session.id in kept["objects"]["checkout.session"]
        provider.control.pay(session.id, "4012888888881881")
        assert "4012888888881881" not in file.read_text("utf-8")
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_without_a_file_nothing_is_kept(http: CheckedHttp) -> None:
    with CardProvider() as before:
        session = client_of(before, http).v1.checkout.sessions.create(order())
    with CardProvider() as after, pytest.raises(stripe.InvalidRequestError):
        client_of(after, http).v1.checkout.sessions.retrieve(session.id)
    with pytest.raises(RuntimeError):
        _ = after.url

"""Notifications: signed, retried, and on demand doubled, lost, late or out of order."""

import json
import time

import pytest
import stripe

from infra.local.card_provider import CardProvider
from infra.local.card_provider.webhooks import signature
from tests.contracts.card_provider.conftest import Shop
from tests.contracts.card_provider.receiver import Letter, Receiver, opened

SECRET = "whsec_tests"
PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]


@pytest.fixture(autouse=True)
def _subscribed(provider: CardProvider, receiver: Receiver) -> None:
    provider.control.subscribe(receiver.url, SECRET)


def test_a_payment_is_told_in_order_and_verified_by_the_sdk(
    provider: CardProvider, receiver: Receiver, client: stripe.StripeClient, shop: Shop
) -> None:
    session = shop()
    provider.control.pay(session.id)
    assert provider.control.wait_for_deliveries() == 0
    assert receiver.types(SECRET) == PAID
    completed = receiver.events(SECRET)[-1]
    assert completed.data.object["id"] == session.id
    assert client.v1.events.retrieve(completed.id).pending_webhooks == 0


def test_a_decline_is_told(provider: CardProvider, receiver: Receiver, shop: Shop) -> None:
    provider.control.pay(shop().id, "4000000000000002")
    provider.control.wait_for_deliveries()
    assert receiver.types(SECRET) == ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]


def test_an_endpoint_made_by_the_api_receives_only_what_it_enabled(
    provider: CardProvider, client: stripe.StripeClient, receiver: Receiver, shop: Shop
) -> None:
    provider.control.reset()
    made = client.v1.webhook_endpoints.create(
        {"url": receiver.url, "enabled_events": ["checkout.session.completed", "refund.created"]}
    )
    provider.control.pay(shop().id)
    provider.control.wait_for_deliveries()
    assert made.secret is not None
    assert receiver.types(made.secret) == ["checkout.session.completed"]
    assert "secret" not in client.v1.webhook_endpoints.retrieve(made.id)


def test_a_deleted_endpoint_receives_nothing_more(
    provider: CardProvider, client: stripe.StripeClient, receiver: Receiver, shop: Shop
) -> None:
    [endpoint] = client.v1.webhook_endpoints.list().data
    assert client.v1.webhook_endpoints.delete(endpoint.id).to_dict()["deleted"]
    provider.control.pay(shop().id)
    assert provider.control.wait_for_deliveries() == 0
    assert receiver.letters == []


@pytest.mark.parametrize("url", ["https://example.org/hooks", "ftp://127.0.0.1/", "nonsense"])
def test_nobody_outside_this_machine_is_notified(client: stripe.StripeClient, url: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.webhook_endpoints.create({"url": url, "enabled_events": ["*"]})
    assert refused.value.code == "url_invalid"


def test_a_refused_delivery_comes_again_signed_anew(provider: CardProvider, receiver: Receiver, shop: Shop) -> None:
    receiver.answers += [500, 302]
    session = shop()
    provider.control.drop_deliveries(count=3)
    provider.control.pay(session.id)
    for _ in range(500):
        if not provider.control.state()["deliveries_pending"]:
            break
        provider.control.advance(2)
        time.sleep(0.01)
    assert receiver.types(SECRET) == ["checkout.session.completed"] * 3
    assert len({json.loads(letter.body)["id"] for letter in receiver.letters}) == 1
    assert len({letter.signature for letter in receiver.letters}) == 3


def test_an_endpoint_that_is_down_is_tried_until_it_is_up(
    provider: CardProvider, receiver: Receiver, client: stripe.StripeClient, shop: Shop
) -> None:
    provider.control.subscribe("http://127.0.0.1:9/nobody", SECRET)
    provider.control.pay(shop().id)
    assert provider.control.wait_for_deliveries(timeout=0.1) == 4
    provider.control.subscribe(receiver.url, SECRET)
    provider.control.advance(60)
    assert provider.control.wait_for_deliveries() == 0
    assert sorted(receiver.types(SECRET)) == sorted(PAID)
    assert len(client.v1.webhook_endpoints.list().data) == 1


def test_a_notification_may_come_twice(provider: CardProvider, receiver: Receiver, shop: Shop) -> None:
    provider.control.duplicate_deliveries("checkout.*")
    provider.control.pay(shop().id)
    provider.control.wait_for_deliveries()
    assert receiver.types(SECRET) == [*PAID, "checkout.session.completed"]
    assert len({event.id for event in receiver.events(SECRET)}) == 4


def test_a_notification_may_be_lost_and_sent_again_on_demand(
    provider: CardProvider, receiver: Receiver, client: stripe.StripeClient, shop: Shop
) -> None:
    provider.control.drop_deliveries("checkout.session.completed")
    provider.control.pay(shop().id)
    provider.control.wait_for_deliveries()
    assert receiver.types(SECRET) == PAID[:3]
    [lost] = client.v1.events.list({"type": "checkout.session.completed", "delivery_success": False}).data
    provider.control.redeliver(lost.id)
    provider.control.wait_for_deliveries()
    assert receiver.events(SECRET)[-1].id == lost.id


def test_a_notification_may_be_late(provider: CardProvider, receiver: Receiver, shop: Shop) -> None:
    provider.control.delay_deliveries(3600, "payment_intent.succeeded")
    provider.control.pay(shop().id)
    assert provider.control.wait_for_deliveries(timeout=0.3) == 1
    provider.control.advance(3601)
    assert provider.control.wait_for_deliveries() == 0
    assert receiver.types(SECRET)[-1] == "payment_intent.succeeded"


def test_notifications_may_be_held_back_and_come_in_reverse(
    provider: CardProvider, receiver: Receiver, shop: Shop
) -> None:
    provider.control.pause_deliveries()
    provider.control.pay(shop().id)
    assert provider.control.wait_for_deliveries(timeout=0.1) == 4
    assert receiver.letters == []
    provider.control.reorder_deliveries()
    provider.control.resume_deliveries()
    assert provider.control.wait_for_deliveries() == 0
    assert receiver.types(SECRET) == PAID[::-1]


@pytest.mark.parametrize("order", ["reversed", "shuffled"])
def test_reordering_loses_nothing(provider: CardProvider, receiver: Receiver, shop: Shop, order: str) -> None:
    provider.control.pause_deliveries()
    provider.control.pay(shop().id)
    provider.control.reorder_deliveries(order)  # type: ignore[arg-type]
    provider.control.resume_deliveries()
    provider.control.wait_for_deliveries()
    assert sorted(receiver.types(SECRET)) == sorted(PAID)


def test_a_forged_or_aged_notification_is_refused_by_the_sdk(
    provider: CardProvider, receiver: Receiver, shop: Shop
) -> None:
    provider.control.pay(shop().id)
    provider.control.wait_for_deliveries()
    letter = receiver.letters[-1]
    old = signature(SECRET, letter.body, int(time.time()) - 301)
    forgeries = [
        (Letter(letter.body.replace(b"10500", b"1"), letter.signature), SECRET),
        (letter, "whsec_other"),
        (Letter(letter.body, old), SECRET),
    ]
    for forged, secret in forgeries:
        with pytest.raises(stripe.SignatureVerificationError):
            opened(forged, secret)


def test_the_clock_alone_brings_the_news_of_an_expiry(provider: CardProvider, receiver: Receiver, shop: Shop) -> None:
    shop()
    provider.control.advance(24 * 3600)
    provider.control.wait_for_deliveries()
    assert receiver.types(SECRET) == ["checkout.session.expired"]


def test_an_event_names_the_call_that_caused_it(
    provider: CardProvider, receiver: Receiver, client: stripe.StripeClient, shop: Shop
) -> None:
    client.v1.checkout.sessions.expire(shop().id, {}, {"idempotency_key": "expire:a1"})
    provider.control.wait_for_deliveries()
    [event] = receiver.events(SECRET)
    assert event.request is not None
    assert event.request.idempotency_key == "expire:a1"

"""A card provider per test, the official SDK in front of it, and Stripe's schemas watching every word."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stripe
from stripe.checkout import Session

from infra.local.card_provider import CardProvider
from tests.contracts.card_provider.contract import CheckedHttp, violations
from tests.contracts.card_provider.receiver import Receiver
from tests.contracts.card_provider.visitor import Visitor

VERSION = "2026-08-26.dahlia"
Shop = Callable[..., Session]


@pytest.fixture
def provider() -> Iterator[CardProvider]:
    with CardProvider() as provider:
        yield provider


@pytest.fixture
def http() -> Iterator[CheckedHttp]:
    http = CheckedHttp()
    yield http
    http.close()  # type: ignore[no-untyped-call]
    assert http.faults == []


@pytest.fixture
def client(provider: CardProvider, http: CheckedHttp) -> Iterator[stripe.StripeClient]:
    """The SDK as the application builds it; at the end, every event is held against the schemas too."""
    client = client_of(provider, http)
    yield client
    if provider.is_served:
        events = [event.to_dict() for event in client.v1.events.list({"limit": 100}).auto_paging_iter()]
        assert [fault for event in events for fault in violations(event)] == []


def client_of(
    provider: CardProvider, http: stripe.HTTPClient, key: str = "sk_test_tests", max_network_retries: int = 2
) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        stripe_version=VERSION,
        max_network_retries=max_network_retries,
        http_client=http,
        base_addresses={"api": provider.url},
    )


def order(**changes: Any) -> Any:
    """What the application asks of a payment page (PAYMENT, the adapter's parameters)."""
    price = {"currency": "eur", "unit_amount": 10500, "product_data": {"name": "CVEC 2026-2027"}}
    card = {
        "request_three_d_secure": "any",
        "restrictions": {"brands_blocked": ["american_express", "discover_global_network"]},
    }
    intent = {"description": "CVEC", "statement_descriptor_suffix": "2026 LYON", "metadata": {"attempt_id": "a1"}}
    asked = {
        "mode": "payment",
        "payment_method_types": ["card"],
        "locale": "fr",
        "submit_type": "pay",
        "client_reference_id": "file-1",
        "customer_email": "payer@example.org",
        "line_items": [{"price_data": price, "quantity": 1}],
        "payment_method_options": {"card": card},
        "payment_intent_data": intent,
        "metadata": {"attempt_id": "a1", "order_id": "o1"},
        "success_url": "http://localhost:9/paid?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://localhost:9/cancelled",
    }
    return {name: value for name, value in (asked | changes).items() if value is not None}


@pytest.fixture
def shop(client: stripe.StripeClient) -> Shop:
    """Opens a payment page."""
    return lambda **changes: client.v1.checkout.sessions.create(order(**changes))


@pytest.fixture
def visitor(provider: CardProvider) -> Visitor:
    return Visitor(provider.url)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def url_of(session: Session) -> str:
    assert session.url is not None
    return session.url


def paid(client: stripe.StripeClient, session: Session) -> Any:
    """The Session with its intent and its charge, as the application fetches the truth."""
    expand = {"expand": ["payment_intent.latest_charge"]}
    return client.v1.checkout.sessions.retrieve(session.id, expand)  # type: ignore[arg-type]

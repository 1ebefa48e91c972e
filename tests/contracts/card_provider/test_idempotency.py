"""Idempotency keys, lost answers and failing servers: whatever the network does, one effect."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe

from infra.local.card_provider import CardProvider
from tests.contracts.card_provider.conftest import Shop, client_of, order
from tests.contracts.card_provider.contract import CheckedHttp

URL = "/v1/checkout/sessions"


def create(client: stripe.StripeClient, key: str, **changes: Any) -> str:
    return client.v1.checkout.sessions.create(order(**changes), {"idempotency_key": key}).id


def impatient(provider: CardProvider, http: CheckedHttp) -> stripe.StripeClient:
    """A client that never retries."""
    return client_of(provider, http, max_network_retries=0)


def test_the_same_call_with_the_same_key_is_answered_the_same(client: stripe.StripeClient, http: CheckedHttp) -> None:
    first = create(client, "create:a1")
    assert "Idempotent-Replayed" not in http.last_headers
    assert create(client, "create:a1") == first
    assert http.last_headers["Idempotent-Replayed"] == "true"
    assert create(client, "create:a2") != first


def test_a_key_used_with_other_parameters_is_a_mistake(client: stripe.StripeClient) -> None:
    create(client, "create:a1")
    with pytest.raises(stripe.IdempotencyError):
        create(client, "create:a1", client_reference_id="file-2")
    with pytest.raises(stripe.IdempotencyError):
        client.v1.refunds.create({"charge": "ch_none"}, {"idempotency_key": "create:a1"})


def test_a_refusal_by_rule_is_replayed_but_a_faulty_parameter_leaves_the_key_free(
    client: stripe.StripeClient, http: CheckedHttp
) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        create(client, "create:a1", colour="red")
    create(client, "create:a1")
    for replayed in (None, "true"):
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.refunds.create({"charge": "ch_none"}, {"idempotency_key": "refund:a1"})
        assert http.last_headers.get("Idempotent-Replayed") == replayed


def test_a_key_is_forgotten_after_a_day(client: stripe.StripeClient, provider: CardProvider) -> None:
    first = create(client, "create:a1")
    provider.control.advance(24 * 3600 + 1)
    assert create(client, "create:a1") != first


def test_a_key_too_long_is_refused(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="255"):
        create(client, "k" * 256)


def test_a_lost_answer_leaves_exactly_one_session(client: stripe.StripeClient, provider: CardProvider) -> None:
    provider.control.drop_response("POST", URL)
    session = client.v1.checkout.sessions.create(order())
    assert [one.id for one in client.v1.checkout.sessions.list().data] == [session.id]


def test_a_lost_answer_seen_by_a_client_that_does_not_retry_still_took_effect(
    client: stripe.StripeClient, provider: CardProvider, http: CheckedHttp
) -> None:
    provider.control.drop_response("POST", URL)
    with pytest.raises(stripe.APIConnectionError):
        create(impatient(provider, http), "create:a1")
    [session] = client.v1.checkout.sessions.list().data
    assert create(client, "create:a1") == session.id


def test_a_503_before_the_effect_leaves_exactly_one_session(
    client: stripe.StripeClient, provider: CardProvider, http: CheckedHttp
) -> None:
    provider.control.fail_call("POST", URL, count=2)
    client.v1.checkout.sessions.create(order())
    assert "Idempotent-Replayed" not in http.last_headers
    assert provider.control.state()["sessions"] == {"open": 1}


def test_a_provider_that_stays_down_says_so(client: stripe.StripeClient, provider: CardProvider) -> None:
    provider.control.fail_call("GET", "/v1/refunds*", status=500, count=3)
    with pytest.raises(stripe.APIError):
        client.v1.refunds.list()
    assert client.v1.refunds.list().data == []


def test_a_call_met_in_flight_is_a_conflict_until_it_ends(
    provider: CardProvider, http: CheckedHttp, client: stripe.StripeClient
) -> None:
    provider.control.slow_call("POST", URL, seconds=0.4)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(create, client, "create:a1")
        _until_taken_up(provider)
        with pytest.raises(stripe.APIError) as refused:
            create(impatient(provider, http), "create:a1")
        assert refused.value.http_status == 409
        assert create(client, "create:a2") != first.result()
    assert create(client, "create:a1") == first.result()
    assert provider.control.state()["sessions"] == {"open": 2}


def _until_taken_up(provider: CardProvider) -> None:
    """Wait until the slow call has begun."""
    for _ in range(200):
        if not provider.control.state()["faults_pending"]:
            return
        time.sleep(0.01)
    raise AssertionError("the slow call never came")


def test_many_threads_with_one_key_make_one_session(provider: CardProvider, http: CheckedHttp) -> None:
    clients = [client_of(provider, http) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda client: create(client, "create:a1"), clients))
    assert len(made) == 1
    assert provider.control.state()["sessions"] == {"open": 1}


def test_many_threads_with_their_own_keys_make_as_many_sessions(provider: CardProvider, http: CheckedHttp) -> None:
    client = client_of(provider, http)
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda index: create(client, f"create:{index}"), range(40)))
    assert provider.control.state()["sessions"] == {"open": len(made)} == {"open": 40}


def test_two_refunds_of_one_payment_at_once_give_the_money_back_once(
    provider: CardProvider, client: stripe.StripeClient, shop: Shop
) -> None:
    provider.control.pay(shop().id)
    [charge] = client.v1.charges.list().data

    def refund(index: int) -> str | None:
        try:
            return client.v1.refunds.create({"charge": charge.id}, {"idempotency_key": f"refund:{index}"}).status
        except stripe.InvalidRequestError as refused:
            return refused.code

    with ThreadPoolExecutor(4) as pool:
        ends = sorted(str(end) for end in pool.map(refund, range(4)))
    assert ends == ["charge_already_refunded"] * 3 + ["succeeded"]
    assert provider.control.state()["kept_cents"] == 0

"""The protocol: test keys only, the pinned version only, and no parameter that Stripe does not know."""

from typing import Any

import pytest
import requests
import stripe

from infra.local.card_provider import CardProvider
from infra.local.card_provider.parameters import subset
from tests.contracts.card_provider.conftest import VERSION, client_of, order
from tests.contracts.card_provider.contract import CheckedHttp

URL = "/v1/checkout/sessions"


@pytest.mark.parametrize("key", ["sk_live_abc", "pk_test_abc", "nonsense"])
def test_a_key_that_is_not_a_secret_test_key_is_refused(provider: CardProvider, http: CheckedHttp, key: str) -> None:
    with pytest.raises(stripe.AuthenticationError) as refused:
        client_of(provider, http, key).v1.charges.list()
    assert key not in str(refused.value)


def test_a_restricted_test_key_is_accepted(provider: CardProvider, http: CheckedHttp) -> None:
    assert client_of(provider, http, "rk_test_abc").v1.charges.list().data == []


@pytest.mark.parametrize(("user", "status"), [("sk_test_abc", 200), ("sk_live_abc", 401)])
def test_a_key_may_come_as_a_basic_user_name(provider: CardProvider, user: str, status: int) -> None:
    assert requests.get(f"{provider.url}/v1/charges", auth=(user, ""), timeout=5).status_code == status


@pytest.mark.parametrize("header", [None, "Basic !!!", "Bearer", "Digest x"])
def test_a_call_without_a_key_is_refused(provider: CardProvider, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    assert requests.get(f"{provider.url}/v1/charges", headers=headers, timeout=5).status_code == 401


def test_a_client_that_forgot_to_pin_the_version_is_told_so(provider: CardProvider, http: CheckedHttp) -> None:
    unpinned = stripe.StripeClient("sk_test_a", http_client=http, base_addresses={"api": provider.url})
    with pytest.raises(stripe.InvalidRequestError, match=f"speaks version {VERSION}"):
        unpinned.v1.charges.list()
    assert subset()["version"] == VERSION


def test_an_unknown_path_is_a_404_in_the_shape_of_stripe(provider: CardProvider) -> None:
    answer = requests.get(f"{provider.url}/v1/customers", auth=("sk_test_a", ""), timeout=5)
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "invalid_request_error")


def test_a_host_name_that_is_not_this_machine_is_refused(provider: CardProvider) -> None:
    headers = {"Host": "attacker.example"}
    assert requests.get(f"{provider.url}/_control/state", headers=headers, timeout=5).status_code == 400


@pytest.mark.parametrize(
    ("changes", "param", "code"),
    [
        ({"colour": "red"}, "colour", "parameter_unknown"),
        ({"line_items": [{"price_data": {"currency": "eur", "euros": 3}}]}, None, "parameter_unknown"),
        ({"line_items": [{"price_data": {"unit_amount": 3}}]}, None, "parameter_missing"),
        ({"line_items": None}, "line_items", "parameter_missing"),
        ({"mode": None}, "mode", "parameter_missing"),
        ({"success_url": None}, "success_url", "parameter_missing"),
        ({"expires_at": "tomorrow"}, "expires_at", "parameter_invalid_integer"),
        ({"customer_email": ""}, "customer_email", "parameter_invalid_empty"),
        ({"success_url": "javascript:alert(1)"}, "success_url", "url_invalid"),
        ({"cancel_url": "/back"}, "cancel_url", "url_invalid"),
        ({"line_items": [{"price": "price_1", "quantity": 1}]}, "line_items[0][price]", "resource_missing"),
        ({"mode": "barter"}, "mode", None),
        ({"mode": "subscription"}, "mode", None),
        ({"allow_promotion_codes": True}, "allow_promotion_codes", None),
        ({"line_items": "one"}, "line_items", None),
        ({"metadata": "x"}, "metadata", None),
        ({"metadata": {"k" * 41: "v"}}, None, None),
        ({"metadata": {"k": "v" * 501}}, None, None),
        ({"client_reference_id": "x" * 201}, "client_reference_id", None),
        ({"payment_intent_data": {"statement_descriptor_suffix": "x" * 23}}, None, None),
        ({"payment_intent_data": {"statement_descriptor_suffix": "2026"}}, None, None),
    ],
)
def test_a_faulty_parameter_is_named_and_nothing_is_created(
    client: stripe.StripeClient, provider: CardProvider, changes: dict[str, Any], param: str | None, code: str | None
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(order(**changes))
    assert refused.value.code == code
    assert param is None or refused.value.param == param
    assert provider.control.state()["sessions"] == {}


def test_a_bracket_left_open_is_refused(provider: CardProvider) -> None:
    answer = requests.post(f"{provider.url}{URL}", data={"a[b": "1"}, auth=("sk_test_a", ""), timeout=5)
    assert answer.status_code == 400


@pytest.mark.parametrize(("cents", "code"), [(49, "amount_too_small"), (100_000_000, "amount_too_large")])
def test_an_amount_out_of_bounds_is_refused(client: stripe.StripeClient, cents: int, code: str) -> None:
    price = {"currency": "eur", "unit_amount": cents, "product_data": {"name": "CVEC"}}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(order(line_items=[{"price_data": price, "quantity": 1}]))
    assert refused.value.code == code


def test_every_answer_names_its_request_and_its_version(client: stripe.StripeClient, http: CheckedHttp) -> None:
    client.v1.charges.list()
    assert http.last_headers["Request-Id"].startswith("req_")
    assert http.last_headers["Stripe-Version"] == VERSION

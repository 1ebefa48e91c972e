"""The levers, pulled over HTTP as by somebody at a laptop; and the watch over the schemas itself."""

from typing import Any

import pytest
import requests
import stripe

from infra.local.card_provider import CardProvider, Control
from infra.local.card_provider.control import VERBS
from tests.contracts.card_provider.conftest import Shop
from tests.contracts.card_provider.contract import violations


def command(provider: CardProvider, verb: str, **arguments: Any) -> requests.Response:
    return requests.post(f"{provider.url}/_control/{verb}", json=arguments, timeout=5)


def state(provider: CardProvider) -> Any:
    return requests.get(f"{provider.url}/_control/state", timeout=5).json()


def test_the_state_counts_the_money(provider: CardProvider, client: stripe.StripeClient, shop: Shop) -> None:
    shop()
    assert command(provider, "pay", session=shop().id, number="5555555555554444").json() == {"result": "paid"}
    client.v1.refunds.create({"charge": client.v1.charges.list().data[0].id, "amount": 500})
    found = state(provider)
    assert found["sessions"] == {"open": 1, "complete": 1}
    assert (found["captured_cents"], found["refunded_cents"], found["kept_cents"]) == (10500, 500, 10000)


def test_reset_forgets_everything_but_the_subscribers_one_asks_to_keep(
    provider: CardProvider, client: stripe.StripeClient, shop: Shop
) -> None:
    command(provider, "subscribe", url="http://127.0.0.1:9/", secret="whsec_a")
    shop()
    command(provider, "advance", seconds=1000)
    command(provider, "reset", keep_endpoints=True)
    assert state(provider)["sessions"] == {}
    assert len(client.v1.webhook_endpoints.list().data) == 1
    assert command(provider, "subscribe", url="http://127.0.0.1:9/", secret="whsec_a").status_code == 200
    command(provider, "reset")
    assert client.v1.webhook_endpoints.list().data == []


@pytest.mark.parametrize(
    ("verb", "arguments", "status"),
    [
        ("advance", {"seconds": -1}, 422),
        ("advance", {"seconds": "soon"}, 422),
        ("advance", {}, 422),
        ("fail_call", {"method": "GET", "path": "/", "status": 404}, 422),
        ("reorder_deliveries", {"order": "alphabetical"}, 422),
        ("open_dispute", {"charge": "ch_none"}, 404),
        ("subscribe", {"url": "https://example.org"}, 400),
        ("__init__", {}, 404),
        ("state", {}, 404),
    ],
)
def test_a_lever_pulled_wrongly_says_so(
    provider: CardProvider, verb: str, arguments: dict[str, Any], status: int
) -> None:
    answer = command(provider, verb, **arguments)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize("body", ["[1]", "not json"])
def test_a_command_is_a_json_object(provider: CardProvider, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = requests.post(f"{provider.url}/_control/advance", data=body, headers=headers, timeout=5)
    assert answer.status_code == 400


def test_a_form_of_another_site_cannot_pull_a_lever(provider: CardProvider) -> None:
    assert requests.post(f"{provider.url}/_control/reset", data={"a": "b"}, timeout=5).status_code == 415


def test_every_lever_is_documented() -> None:
    assert {"advance", "reset", "pay", "subscribe"} < VERBS
    assert all(getattr(Control, verb).__doc__ for verb in VERBS)


def test_the_watch_over_the_schemas_sees_a_wrong_answer(
    client: stripe.StripeClient, provider: CardProvider, shop: Shop
) -> None:
    good = shop().to_dict()
    assert violations(good) == []
    assert violations(good | {"amount_total": "10500"})
    assert violations(good | {"status": "sold"})
    assert violations(good | {"colour": "red"})
    assert violations({name: value for name, value in good.items() if name != "expires_at"})
    assert violations({"error": {"type": "bad_mood"}})

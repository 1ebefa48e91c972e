"""Refunds and the balance: never more than was paid, never while disputed, and every cent on a line."""

from typing import Any

import pytest
import stripe

from infra.local.card_provider import CardProvider
from tests.contracts.card_provider.conftest import Shop


@pytest.fixture
def charge(client: stripe.StripeClient, provider: CardProvider, shop: Shop) -> stripe.Charge:
    return taken(client, provider, shop, "4242424242424242")


def taken(client: stripe.StripeClient, provider: CardProvider, shop: Shop, number: str) -> stripe.Charge:
    assert provider.control.pay(shop().id, number) == "paid"
    return client.v1.charges.list().data[0]


def test_a_refund_gives_everything_back(
    client: stripe.StripeClient, provider: CardProvider, charge: stripe.Charge
) -> None:
    intent = str(charge.payment_intent)
    refund = client.v1.refunds.create({"payment_intent": intent, "reason": "requested_by_customer"})
    assert (refund.status, refund.amount, refund.charge) == ("succeeded", 10500, charge.id)
    after = client.v1.charges.retrieve(charge.id, {"expand": ["refunds"]})
    assert (after.refunded, after.amount_refunded) == (True, 10500)
    listed = client.v1.charges.retrieve(charge.id, {"expand": ["refunds.data.balance_transaction"]}).to_dict()
    assert listed["refunds"]["data"][0]["balance_transaction"]["amount"] == -10500
    assert [one.id for one in client.v1.refunds.list({"payment_intent": intent}).data] == [refund.id]
    assert client.v1.refunds.retrieve(refund.id, {"expand": ["charge"]}).to_dict()["charge"]["id"] == charge.id
    assert provider.control.state()["kept_cents"] == 0


def test_a_refund_may_be_of_a_part_but_never_of_more(client: stripe.StripeClient, charge: stripe.Charge) -> None:
    client.v1.refunds.create({"charge": charge.id, "amount": 4000})
    with pytest.raises(stripe.InvalidRequestError, match=r"€65\.01.*greater"):
        client.v1.refunds.create({"charge": charge.id, "amount": 6501})
    assert client.v1.refunds.create({"charge": charge.id}).amount == 6500


def test_a_charge_refunded_in_full_is_refused_by_its_code(client: stripe.StripeClient, charge: stripe.Charge) -> None:
    client.v1.refunds.create({"charge": charge.id})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"charge": charge.id})
    assert refused.value.code == "charge_already_refunded"


@pytest.mark.parametrize(
    "params",
    [{}, {"amount": 0}, {"amount": -1}, {"charge": "ch_none"}, {"payment_intent": "pi_none"}, {"origin": "x"}],
)
def test_a_refund_of_nothing_is_refused(
    client: stripe.StripeClient, charge: stripe.Charge, params: dict[str, object]
) -> None:
    whole: Any = {"charge": charge.id} if "amount" in params else {}
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create(whole | params)
    assert client.v1.refunds.list().data == []


def test_a_failed_charge_cannot_be_refunded(client: stripe.StripeClient, provider: CardProvider, shop: Shop) -> None:
    provider.control.pay(shop().id, "4000000000000002")
    [charge] = client.v1.charges.list().data
    for target in ({"charge": charge.id}, {"payment_intent": str(charge.payment_intent)}):
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.refunds.create(target)  # type: ignore[arg-type]


def test_a_slow_refund_succeeds_with_time(client: stripe.StripeClient, provider: CardProvider, shop: Shop) -> None:
    slow = taken(client, provider, shop, "4000000000007726")
    refund = client.v1.refunds.create({"charge": slow.id})
    assert (refund.status, refund.pending_reason) == ("pending", "processing")
    provider.control.advance(61)
    assert client.v1.refunds.retrieve(refund.id).status == "succeeded"
    [updated] = client.v1.events.list({"type": "refund.updated"}).data
    assert updated.to_dict()["data"]["previous_attributes"] == {"status": "pending"}


def test_a_slow_refund_ends_on_command(client: stripe.StripeClient, provider: CardProvider, shop: Shop) -> None:
    slow = taken(client, provider, shop, "4000000000007726")
    refund = client.v1.refunds.create({"charge": slow.id})
    provider.control.settle_refund(refund.id, has_failed=True)
    assert client.v1.refunds.retrieve(refund.id).status == "failed"
    assert provider.control.state()["kept_cents"] == 10500


def test_a_refund_may_fail_later_and_can_be_tried_again(
    client: stripe.StripeClient, provider: CardProvider, shop: Shop
) -> None:
    unlucky = taken(client, provider, shop, "4000000000005126")
    refund = client.v1.refunds.create({"charge": unlucky.id})
    assert refund.status == "succeeded"
    provider.control.settle_refund(refund.id)
    assert client.v1.refunds.retrieve(refund.id).status == "failed"
    assert client.v1.charges.retrieve(unlucky.id).amount_refunded == 0
    failed = client.v1.events.list({"types": ["refund.failed", "charge.refund.updated"]}).data
    assert [event.type for event in failed] == ["refund.failed", "charge.refund.updated"]
    assert client.v1.refunds.create({"charge": unlucky.id}).status == "succeeded"


def test_every_movement_of_money_is_a_line_of_the_balance(
    client: stripe.StripeClient, provider: CardProvider, charge: stripe.Charge
) -> None:
    refund = client.v1.refunds.create({"charge": charge.id, "amount": 500})
    lines = client.v1.balance_transactions.list().data
    assert [(line.type, line.amount, line.fee, line.net) for line in lines] == [
        ("refund", -500, 0, -500),
        ("charge", 10500, 183, 10317),
    ]
    [line] = client.v1.balance_transactions.list({"source": refund.id, "expand": ["data.source"]}).data
    assert line.to_dict()["source"]["amount"] == 500
    assert client.v1.balance_transactions.retrieve(line.id).reporting_category == "refund"
    assert client.v1.balance_transactions.list({"type": "adjustment"}).data == []

"""Disputes: opened by a card or by command, won, lost, accepted; a disputed charge is never refunded."""

import pytest
import stripe

from infra.local.card_provider import CardProvider
from tests.contracts.card_provider.conftest import Shop


@pytest.fixture
def dispute(client: stripe.StripeClient, provider: CardProvider, shop: Shop) -> stripe.Dispute:
    provider.control.pay(shop().id, "4000000000000259")
    return client.v1.disputes.list().data[0]


def events(client: stripe.StripeClient) -> list[str]:
    found = [event.type for event in client.v1.events.list({"limit": 100}).data]
    return [kind for kind in reversed(found) if kind.startswith("charge.dispute")]


def test_a_dispute_takes_the_money_back_at_once(
    client: stripe.StripeClient, provider: CardProvider, dispute: stripe.Dispute
) -> None:
    assert (dispute.status, dispute.reason, dispute.amount) == ("needs_response", "fraudulent", 10500)
    assert dispute.evidence_details.due_by is not None
    assert dispute.evidence_details.due_by > dispute.created
    assert client.v1.charges.retrieve(str(dispute.charge)).disputed
    assert [(line.amount, line.fee) for line in dispute.balance_transactions] == [(-10500, 2000)]
    assert events(client) == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    assert provider.control.state()["kept_cents"] == 0


def test_a_disputed_charge_is_not_refunded(client: stripe.StripeClient, dispute: stripe.Dispute) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"charge": str(dispute.charge)})
    assert refused.value.code == "charge_disputed"


def test_winning_evidence_brings_the_money_back(
    client: stripe.StripeClient, provider: CardProvider, dispute: stripe.Dispute
) -> None:
    won = client.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}})
    assert (won.status, won.evidence_details.submission_count) == ("won", 1)
    assert events(client)[2:] == [
        "charge.dispute.updated",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
    ]
    assert provider.control.state()["kept_cents"] == 10500
    assert client.v1.refunds.create({"charge": str(dispute.charge)}).status == "succeeded"


def test_losing_evidence_loses(client: stripe.StripeClient, provider: CardProvider, dispute: stripe.Dispute) -> None:
    lost = client.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "losing_evidence"}})
    assert lost.status == "lost"
    assert events(client)[-1] == "charge.dispute.closed"
    assert provider.control.state()["kept_cents"] == 0
    with pytest.raises(stripe.InvalidRequestError, match="closed"):
        client.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}})


def test_other_evidence_waits_for_the_bank(client: stripe.StripeClient, dispute: stripe.Dispute) -> None:
    kept = client.v1.disputes.update(dispute.id, {"evidence": {"customer_name": "N'DIAYE"}, "submit": False})
    assert (kept.status, kept.evidence_details.has_evidence) == ("needs_response", True)
    sent = client.v1.disputes.update(dispute.id, {"evidence": {"receipt": "file_1"}, "metadata": {"task": "t1"}})
    assert (sent.status, sent.evidence.customer_name, sent.metadata["task"]) == ("under_review", "N'DIAYE", "t1")


def test_closing_a_dispute_accepts_it(client: stripe.StripeClient, dispute: stripe.Dispute) -> None:
    assert client.v1.disputes.close(dispute.id).status == "lost"
    with pytest.raises(stripe.InvalidRequestError, match="closed"):
        client.v1.disputes.close(dispute.id)
    assert client.v1.disputes.retrieve(dispute.id, {"expand": ["charge"]}).status == "lost"


def test_any_charge_may_be_disputed_on_command_once(
    client: stripe.StripeClient, provider: CardProvider, shop: Shop
) -> None:
    provider.control.pay(shop().id)
    [charge] = client.v1.charges.list().data
    client.v1.refunds.create({"charge": charge.id, "amount": 500})
    opened = provider.control.open_dispute(charge.id, reason="duplicate")
    assert (opened["reason"], opened["amount"]) == ("duplicate", 10000)
    assert client.v1.disputes.list({"charge": charge.id}).data[0].id == opened["id"]
    with pytest.raises(Exception, match="no money that could be disputed"):
        provider.control.open_dispute(charge.id)

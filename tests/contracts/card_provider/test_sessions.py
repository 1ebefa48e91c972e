"""Checkout Sessions: opened, listed, expanded, closed by command or by the clock."""

import time

import pytest
import stripe

from infra.local.card_provider import CardProvider
from tests.contracts.card_provider.conftest import Shop, order


def test_a_session_shows_what_was_asked_and_where_to_pay(provider: CardProvider, shop: Shop) -> None:
    session = shop()
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert (session.amount_total, session.currency, session.livemode) == (10500, "eur", False)
    assert session.to_dict()["metadata"] == {"attempt_id": "a1", "order_id": "o1"}
    assert session.url == f"{provider.url}/c/pay/{session.id}"
    assert session.id.startswith("cs_test_")
    assert len(session.id) == 66


@pytest.mark.parametrize("seconds", [30 * 60 + 60, 24 * 3600 - 60])
def test_a_page_lives_between_30_minutes_and_24_hours(shop: Shop, seconds: int) -> None:
    expires_at = int(time.time()) + seconds
    assert shop(expires_at=expires_at).expires_at == expires_at


@pytest.mark.parametrize("seconds", [-5, 29 * 60, 24 * 3600 + 60, 48 * 3600])
def test_a_page_of_another_life_is_refused(shop: Shop, seconds: int) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop(expires_at=int(time.time()) + seconds)
    assert refused.value.param == "expires_at"


def test_an_open_page_can_be_closed_once(client: stripe.StripeClient, shop: Shop) -> None:
    session = client.v1.checkout.sessions.expire(shop().id)
    assert (session.status, session.url) == ("expired", None)
    with pytest.raises(stripe.InvalidRequestError, match="expired"):
        client.v1.checkout.sessions.expire(session.id)


def test_a_paid_page_cannot_be_closed(client: stripe.StripeClient, provider: CardProvider, shop: Shop) -> None:
    session = shop()
    provider.control.pay(session.id)
    with pytest.raises(stripe.InvalidRequestError, match="complete"):
        client.v1.checkout.sessions.expire(session.id)


def test_the_clock_closes_a_page_and_says_so(client: stripe.StripeClient, provider: CardProvider, shop: Shop) -> None:
    session = shop(expires_at=int(time.time()) + 31 * 60)
    provider.control.advance(30 * 60)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    provider.control.advance(2 * 60)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert [event.type for event in client.v1.events.list().data] == ["checkout.session.expired"]


def test_closing_a_page_cancels_the_card_under_way(
    client: stripe.StripeClient, provider: CardProvider, shop: Shop
) -> None:
    session = shop()
    provider.control.pay(session.id, "4000000000000002")
    client.v1.checkout.sessions.expire(session.id)
    [intent] = client.v1.payment_intents.list().data
    assert (intent.status, intent.cancellation_reason) == ("canceled", "expired")


def test_cancelling_the_intent_closes_its_page(client: stripe.StripeClient, provider: CardProvider, shop: Shop) -> None:
    session = shop()
    provider.control.pay(session.id, "4000000000000002")
    [intent] = client.v1.payment_intents.list().data
    cancelled = client.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})
    assert (cancelled.status, cancelled.cancellation_reason) == ("canceled", "abandoned")
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"


def test_a_paid_intent_cannot_be_cancelled(client: stripe.StripeClient, provider: CardProvider, shop: Shop) -> None:
    provider.control.pay(shop().id)
    [intent] = client.v1.payment_intents.list().data
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.cancel(intent.id)
    assert refused.value.code == "payment_intent_unexpected_state"


def test_lists_come_newest_first_and_in_pages(client: stripe.StripeClient, shop: Shop) -> None:
    made = [shop().id for _ in range(5)][::-1]
    sessions = client.v1.checkout.sessions
    first = sessions.list({"limit": 2})
    assert ([one.id for one in first.data], first.has_more) == (made[:2], True)
    second = sessions.list({"limit": 2, "starting_after": made[1]})
    assert ([one.id for one in second.data], second.has_more) == (made[2:4], True)
    back = sessions.list({"limit": 2, "ending_before": made[3]})
    assert ([one.id for one in back.data], back.has_more) == (made[1:3], True)
    assert [one.id for one in sessions.list({"limit": 2}).auto_paging_iter()] == made


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 101}, {"starting_after": "cs_test_none"}])
def test_a_page_that_cannot_be_is_refused(client: stripe.StripeClient, params: dict[str, object]) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.list(params)  # type: ignore[arg-type]


def test_lists_are_filtered(client: stripe.StripeClient, provider: CardProvider, shop: Shop) -> None:
    older, newer = shop(), shop()
    provider.control.pay(newer.id)
    sessions = client.v1.checkout.sessions
    intent = str(sessions.retrieve(newer.id).payment_intent)
    assert [one.id for one in sessions.list({"payment_intent": intent}).data] == [newer.id]
    assert [one.id for one in sessions.list({"status": "open"}).data] == [older.id]
    assert [one.id for one in sessions.list({"customer_details": {"email": "payer@example.org"}}).data] == [newer.id]
    assert sessions.list({"created": {"gt": newer.created}}).data == []
    assert len(sessions.list({"created": {"gte": older.created, "lte": newer.created}}).data) == 2
    assert sessions.list({"created": older.created - 1}).data == []


def test_an_answer_is_expanded_as_deep_as_asked(
    client: stripe.StripeClient, provider: CardProvider, shop: Shop
) -> None:
    session = shop()
    provider.control.pay(session.id)
    expand = ["payment_intent.latest_charge.balance_transaction", "line_items"]
    found = client.v1.checkout.sessions.retrieve(session.id, {"expand": expand}).to_dict()
    assert found["payment_intent"]["latest_charge"]["balance_transaction"]["fee"] == 183
    assert found["line_items"]["data"][0]["description"] == "CVEC 2026-2027"
    listed = client.v1.checkout.sessions.list({"expand": ["data.payment_intent.latest_charge"]}).data[0].to_dict()
    assert listed["payment_intent"]["latest_charge"]["paid"] is True


@pytest.mark.parametrize(
    "path", ["customer_email", "payment_intent.latest_charge.payment_intent.latest_charge.refunds"]
)
def test_what_cannot_be_expanded_is_refused_before_any_effect(
    client: stripe.StripeClient, provider: CardProvider, path: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(order(expand=[path]))
    assert refused.value.param == "expand"
    assert provider.control.state()["sessions"] == {}


def test_intents_are_found_by_what_they_carry(client: stripe.StripeClient, provider: CardProvider, shop: Shop) -> None:
    other = {"metadata": {"attempt_id": "a2"}}
    for session in (shop(), shop(payment_intent_data=other)):
        provider.control.pay(session.id)

    def found(query: str) -> list[str]:
        return [one.metadata["attempt_id"] for one in client.v1.payment_intents.search({"query": query}).data]

    assert found('metadata["attempt_id"]:"a2"') == ["a2"]
    assert found("status:'succeeded' AND -metadata['attempt_id']:'a2'") == ["a1"]
    assert found("status:'canceled' OR amount>=10500") == ["a2", "a1"]
    assert found("amount<10500") == []
    assert found("customer:null") == ["a2", "a1"]
    page = client.v1.payment_intents.search({"query": "currency:'eur'", "limit": 1})
    assert [one.metadata["attempt_id"] for one in page.auto_paging_iter()] == ["a2", "a1"]


@pytest.mark.parametrize("query", ["", "nonsense", "colour:'red'", "a:'b' AND c:'d' OR e:'f'", "status>3"])
def test_a_search_that_makes_no_sense_is_refused(client: stripe.StripeClient, query: str) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.search({"query": query})

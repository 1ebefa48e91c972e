"""3-D Secure as a person meets it, and several tabs on one page: whatever is clicked, one charge at most."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe

from infra.local.card_provider import CardProvider
from tests.contracts.card_provider.conftest import Shop, paid, url_of
from tests.contracts.card_provider.visitor import Left, Page, Visitor


def options(asked: str) -> Any:
    return {"card": {"request_three_d_secure": asked}}


@pytest.mark.parametrize("number", ["4000002760003184", "4000002500003155", "4000000000003220", "4000000000003055"])
def test_a_challenge_approved_pays(client: stripe.StripeClient, shop: Shop, visitor: Visitor, number: str) -> None:
    session = shop()
    bank = visitor.pay(url_of(session), number)
    assert "/c/authenticate/" in bank.url
    waiting = paid(client, session).payment_intent
    assert (waiting.status, waiting.amount_received, waiting.latest_charge) == ("requires_action", 0, None)
    with pytest.raises(Left) as left:
        visitor.submit(bank, answer="approve")
    assert left.value.url.endswith(session.id)
    secured = paid(client, session).payment_intent.latest_charge.payment_method_details.card.three_d_secure
    assert (secured.result, secured.authentication_flow) == ("authenticated", "challenge")
    assert secured.electronic_commerce_indicator == "05"


def test_a_challenge_refused_shows_the_form_again(client: stripe.StripeClient, shop: Shop, visitor: Visitor) -> None:
    session = shop()
    form = visitor.submit(visitor.pay(url_of(session), "4000002760003184"), answer="refuse")
    assert form.url == session.url
    assert "pas confirmé le paiement" in form.words
    error = paid(client, session).payment_intent.last_payment_error
    assert error.code == "payment_intent_authentication_failure"
    with pytest.raises(Left):
        visitor.pay(url_of(session), "4242424242424242")


@pytest.mark.parametrize(
    ("number", "decline"), [("4000008400001629", "generic_decline"), ("4000008260003178", "insufficient_funds")]
)
def test_a_card_may_be_declined_after_its_challenge(
    client: stripe.StripeClient, shop: Shop, visitor: Visitor, number: str, decline: str
) -> None:
    session = shop()
    form = visitor.submit(visitor.pay(url_of(session), number), answer="approve")
    assert "Rien n’a été débité" in form.words
    found = paid(client, session)
    assert (found.status, found.payment_intent.last_payment_error.decline_code) == ("open", decline)


@pytest.mark.parametrize(
    ("number", "asked", "end"),
    [
        ("4000008400001280", "any", "open"),
        ("4000008400001280", "automatic", "open"),
        ("4000000000003097", "any", "open"),
        ("4000000000003097", "challenge", "open"),
        ("4000000000003097", "automatic", "complete"),
        ("4000000000003055", "automatic", "complete"),
        ("4242424242424242", "challenge", "complete"),
    ],
)
def test_what_3d_secure_does_depends_on_the_card_and_on_what_is_asked(
    client: stripe.StripeClient, provider: CardProvider, shop: Shop, number: str, asked: str, end: str
) -> None:
    session = shop(payment_method_options=options(asked))
    provider.control.pay(session.id, number)
    assert client.v1.checkout.sessions.retrieve(session.id).status == end


def test_without_3d_secure_no_liability_shifts(client: stripe.StripeClient, provider: CardProvider, shop: Shop) -> None:
    session = shop(payment_method_options=options("automatic"))
    provider.control.pay(session.id)
    assert paid(client, session).payment_intent.latest_charge.payment_method_details.card.three_d_secure is None


def test_two_tabs_paying_the_same_session_charge_once(
    client: stripe.StripeClient, shop: Shop, visitor: Visitor
) -> None:
    session = shop()
    tabs: list[Page] = [visitor.open(url_of(session)) for _ in range(2)]
    filled = {"number": "4242424242424242", "expiry": "12/34", "cvc": "123", "name": "A"}
    with pytest.raises(Left):
        visitor.submit(tabs[0], **filled)
    second = visitor.submit(tabs[1], **filled)
    assert "rien de plus ne sera débité" in second.words
    assert len(client.v1.charges.list().data) == 1


def test_many_tabs_paying_at_the_same_moment_charge_once(
    provider: CardProvider, client: stripe.StripeClient, shop: Shop, visitor: Visitor
) -> None:
    url = url_of(shop())

    def ends_well(_tab: int) -> bool:
        try:
            return "Le paiement est fait" in visitor.pay(url, "4242424242424242").words
        except Left:
            return True

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(ends_well, range(6)))
    assert len(client.v1.charges.list().data) == 1
    assert provider.control.state()["captured_cents"] == 10500


def test_an_older_challenge_charges_nothing_once_another_tab_started_anew(
    client: stripe.StripeClient, provider: CardProvider, shop: Shop, visitor: Visitor
) -> None:
    session = shop()
    older, newer = (visitor.pay(url_of(session), "4000002760003184") for _ in range(2))
    assert visitor.submit(older, answer="approve").url == session.url
    assert client.v1.charges.list().data == []
    with pytest.raises(Left):
        visitor.submit(newer, answer="approve")
    assert "déjà servi" in visitor.submit(newer, answer="approve").words
    assert provider.control.state()["captured_cents"] == 10500


def test_a_challenge_answered_after_the_page_expired_charges_nothing(
    client: stripe.StripeClient, provider: CardProvider, shop: Shop, visitor: Visitor
) -> None:
    bank = visitor.pay(url_of(shop()), "4000002760003184")
    provider.control.advance(25 * 3600)
    assert visitor.submit(bank, answer="approve").status == 410
    assert provider.control.state()["captured_cents"] == 0
    assert client.v1.payment_intents.list().data[0].status == "canceled"

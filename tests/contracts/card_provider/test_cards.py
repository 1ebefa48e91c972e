"""The published test cards, each tried on the hosted page by a person without JavaScript."""

import pytest
import stripe

from tests.contracts.card_provider.conftest import Shop, paid, url_of
from tests.contracts.card_provider.visitor import Left, Visitor


@pytest.mark.parametrize(
    ("number", "brand", "network"),
    [
        ("4242424242424242", "visa", "visa"),
        ("5555 5555 5555 4444", "mastercard", "mastercard"),
        ("4000-0025-0000-1001", "visa", "cartes_bancaires"),
        ("5555552500001001", "mastercard", "cartes_bancaires"),
    ],
)
def test_a_good_card_pays_without_a_challenge(
    client: stripe.StripeClient, shop: Shop, visitor: Visitor, number: str, brand: str, network: str
) -> None:
    session = shop()
    with pytest.raises(Left) as left:
        visitor.pay(url_of(session), number)
    assert left.value.url == f"http://localhost:9/paid?session={session.id}"
    found = paid(client, session)
    card = found.payment_intent.latest_charge.payment_method_details.card
    assert (found.status, found.payment_status, found.url) == ("complete", "paid", None)
    assert (card.brand, card.network, card.last4) == (brand, network, number[-4:])
    assert card.three_d_secure.result == "attempt_acknowledged"
    assert found.customer_details.name == "François N'DIAYE"
    assert found.payment_intent.metadata["attempt_id"] == "a1"
    assert found.payment_intent.latest_charge.calculated_statement_descriptor == "CVEC* 2026 LYON"


@pytest.mark.parametrize(
    ("number", "code", "decline"),
    [
        ("4000000000000002", "card_declined", "generic_decline"),
        ("4000000000009995", "card_declined", "insufficient_funds"),
        ("4000000000009987", "card_declined", "lost_card"),
        ("4000000000009979", "card_declined", "stolen_card"),
        ("4000000000000069", "expired_card", "expired_card"),
        ("4000000000000127", "incorrect_cvc", None),
        ("4000000000000119", "processing_error", None),
        ("4012888888881881", "card_declined", "test_mode_live_card"),
    ],
)
def test_a_declined_card_leaves_the_session_open_for_another(
    client: stripe.StripeClient, shop: Shop, visitor: Visitor, number: str, code: str, decline: str | None
) -> None:
    session = shop()
    page = visitor.pay(url_of(session), number)
    assert page.status == 402
    assert "Rien n’a été débité" in page.words
    assert number not in page.html
    assert page.field("name")["value"] == "François N'DIAYE"
    tried = paid(client, session)
    error = tried.payment_intent.last_payment_error.to_dict()
    assert (tried.status, tried.payment_intent.status) == ("open", "requires_payment_method")
    assert (error["code"], error.get("decline_code")) == (code, decline)
    assert (tried.payment_intent.latest_charge.status, tried.payment_intent.amount_received) == ("failed", 0)
    with pytest.raises(Left):
        visitor.pay(url_of(session), "4242424242424242")
    assert paid(client, session).payment_intent.id == tried.payment_intent.id
    assert len(client.v1.charges.list({"payment_intent": tried.payment_intent.id}).data) == 2


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("number", "4242424242424241", "n’est pas valide"),
        ("number", "4242", "incomplet"),
        ("number", "", "incomplet"),
        ("number", "abcd", "incomplet"),
        ("number", "378282246310005", "pas acceptée"),
        ("number", "6011111111111117", "pas acceptée"),
        ("expiry", "01/20", "passée"),
        ("expiry", "13/30", "mois"),
        ("expiry", "", "mois"),
        ("cvc", "12", "incomplet"),
        ("cvc", "1234", "incomplet"),
        ("name", " ", "nom"),
    ],
)
def test_a_faulty_field_is_said_beside_it_and_no_bank_is_asked(
    client: stripe.StripeClient, shop: Shop, visitor: Visitor, field: str, typed: str, said: str
) -> None:
    session = shop()
    page = visitor.pay(url_of(session), **{"number": "4242424242424242"} | {field: typed})
    assert page.status == 422
    assert page.field(field)["aria-invalid"] == "true"
    assert f"{field}-fault" in page.field(field)["aria-describedby"].split()
    assert said in page.text_of(f"{field}-fault")
    assert [link["href"] for link in page.all("a") if link["href"].startswith("#")] == [f"#{field}"]
    assert client.v1.payment_intents.list().data == []


def test_an_american_express_pays_where_no_brand_is_blocked(shop: Shop, visitor: Visitor) -> None:
    with pytest.raises(Left):
        visitor.pay(url_of(shop(payment_method_options=None)), "378282246310005", cvc="1234")

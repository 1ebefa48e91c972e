"""The hosted pages: for anybody, without JavaScript, in two languages, under a strict policy."""

import pytest
import requests
import stripe

from infra.local.card_provider import CardProvider
from tests.contracts.card_provider.conftest import Shop, url_of
from tests.contracts.card_provider.visitor import Page, Visitor


@pytest.mark.parametrize(
    ("locale", "accepted", "language", "title"),
    [
        ("fr", "en", "fr", "Paiement par carte"),
        ("fr-CA", "en", "fr", "Paiement par carte"),
        ("en", "fr", "en", "Card payment"),
        ("de", "fr", "en", "Card payment"),
        ("auto", "fr-FR,fr;q=0.9", "fr", "Paiement par carte"),
        (None, "en-GB", "en", "Card payment"),
    ],
)
def test_the_page_speaks_the_language_of_the_session(
    shop: Shop, locale: str | None, accepted: str, language: str, title: str
) -> None:
    url = url_of(shop(locale=locale))
    page = Page(url, requests.get(url, headers={"Accept-Language": accepted}, timeout=5))
    assert page.all("html") == [{"lang": language}]
    assert f"<h1>{title}</h1>" in page.html


def test_the_page_says_plainly_that_no_real_card_is_charged(shop: Shop, visitor: Visitor) -> None:
    page = visitor.open(url_of(shop()))
    assert "Aucune carte réelle n’est débitée" in page.words
    assert "4242 4242 4242 4242" in page.words
    assert "105,00\u00a0€" in page.words
    assert "CVEC 2026-2027" in page.words


def test_every_field_has_a_label_and_a_hint_and_is_not_filled_with_a_real_card(shop: Shop, visitor: Visitor) -> None:
    page = visitor.open(url_of(shop(customer_email=None)))
    labels = {label["for"] for label in page.all("label")}
    fields = page.all("input")
    assert [one["name"] for one in fields] == ["email", "number", "expiry", "cvc", "name"]
    assert all(one["id"] in labels and page.text_of(one["aria-describedby"]) for one in fields)
    assert {page.field(name)["autocomplete"] for name in ("number", "expiry", "cvc")} == {"off"}


def test_the_policy_allows_no_script_and_the_way_home_only(shop: Shop, visitor: Visitor) -> None:
    page = visitor.open(url_of(shop()))
    assert page.policy["default-src"] == ["'none'"]
    assert page.policy["form-action"] == ["'self'", "http://localhost:9"]
    assert page.policy["frame-ancestors"] == ["'none'"]
    assert page.all("script") == []
    assert not any("style" in attributes for _tag, attributes in page.elements)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_the_stylesheet_is_served_on_its_own(provider: CardProvider) -> None:
    answer = requests.get(f"{provider.url}/assets/card.css", timeout=5)
    assert answer.headers["Content-Type"].startswith("text/css")
    assert "prefers-color-scheme: dark" in answer.text


def test_one_may_leave_without_paying(shop: Shop, visitor: Visitor) -> None:
    links = visitor.open(url_of(shop())).all("a")
    assert [link["href"] for link in links] == ["http://localhost:9/cancelled"]


def test_what_was_typed_is_escaped(shop: Shop, visitor: Visitor) -> None:
    page = visitor.pay(url_of(shop()), "4000000000000002", name='"><script>alert(1)</script>')
    assert page.all("script") == []
    assert page.field("name")["value"] == '"><script>alert(1)</script>'


def test_the_payer_cannot_change_the_e_mail_the_shop_gave(
    client: stripe.StripeClient, shop: Shop, visitor: Visitor
) -> None:
    session = shop()
    assert visitor.pay(url_of(session), "4000002760003184", email="else@example.org").status == 200
    assert "payer@example.org" in visitor.open(url_of(session)).words


@pytest.mark.parametrize(("email", "status"), [("", 422), ("nonsense", 422), ("a@example.org", 402)])
def test_an_e_mail_is_asked_where_the_shop_gave_none(shop: Shop, visitor: Visitor, email: str, status: int) -> None:
    page = visitor.pay(url_of(shop(customer_email=None)), "4000000000000002", email=email)
    assert page.status == status


def test_a_paid_page_says_so_and_leads_home(provider: CardProvider, shop: Shop, visitor: Visitor) -> None:
    session = shop()
    provider.control.pay(session.id)
    page = visitor.open(url_of(session))
    assert (page.status, "Le paiement est fait" in page.words) == (200, True)
    assert page.all("a")[0]["href"] == f"http://localhost:9/paid?session={session.id}"


def test_an_expired_page_is_gone_and_leads_back(client: stripe.StripeClient, shop: Shop, visitor: Visitor) -> None:
    session = shop(locale="en")
    client.v1.checkout.sessions.expire(session.id)
    page = visitor.open(url_of(session))
    assert (page.status, "no longer valid" in page.words) == (410, True)
    assert page.all("a")[0]["href"] == "http://localhost:9/cancelled"


def test_an_unknown_page_is_a_404(provider: CardProvider, visitor: Visitor) -> None:
    assert visitor.open(f"{provider.url}/c/pay/cs_test_nothing").status == 404
    assert visitor.open(f"{provider.url}/elsewhere").status == 404

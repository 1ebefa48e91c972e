"""What Stripe's gateway promises beyond the port: secrets that rotate, replies that get lost, requests that meet."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from cvec.domain.errors import CardProviderUnavailable, ForgedNotification
from cvec.domain.payments import PageStatus
from cvec.ports import PageBusy, PageRefused

from tests.contracts.card_desks import (
    AMOUNT,
    NEW_SECRET,
    OLD_SECRET,
    StripeDesk,
    attempt,
    event_about,
    ordered,
    signed,
)

pytest_plugins = ["tests.contracts.card_desks"]

CREATE, REFUNDS = "/v1/checkout/sessions", "/v1/refunds"


@pytest.mark.parametrize("secret", [OLD_SECRET, NEW_SECRET])
def test_either_of_two_secrets_opens_a_notification(stripe_desk: StripeDesk, secret: str) -> None:
    headers, body = signed(event_about("a1"), secret)
    assert stripe_desk.gateway.read_notification(headers, body).payment_id == "a1"


def test_a_third_secret_an_old_signature_and_a_changed_body_are_forged(stripe_desk: StripeDesk) -> None:
    good_headers, body = signed(event_about("a1"), NEW_SECRET)
    forged = [
        signed(body, "whsec_other"),
        signed(body, NEW_SECRET, at=time.time() - 310),
        (good_headers, body.replace(b"a1", b"a2")),
        (good_headers, b"\xff\xfe"),
        signed(b"not json", NEW_SECRET),
        signed(b"[]", NEW_SECRET),
        signed(b"\xff\xfe", NEW_SECRET),
    ]
    for headers, sent in forged:
        with pytest.raises(ForgedNotification):
            stripe_desk.gateway.read_notification(headers, sent)


def test_a_notification_about_something_else_points_at_no_payment(stripe_desk: StripeDesk) -> None:
    headers, body = signed(event_about(None), NEW_SECRET)
    assert stripe_desk.gateway.read_notification(headers, body).payment_id is None


def test_the_reply_of_an_opening_may_be_lost(stripe_desk: StripeDesk) -> None:
    stripe_desk.control.drop_response("POST", CREATE, count=2)
    page = stripe_desk.gateway.open_page(attempt(stripe_desk))
    assert page.url
    assert stripe_desk.count_pages() == 1


def test_every_reply_of_an_opening_may_be_lost_and_the_page_is_found_later(stripe_desk: StripeDesk) -> None:
    payment = attempt(stripe_desk)
    stripe_desk.control.drop_response("POST", CREATE, count=3)
    with pytest.raises(CardProviderUnavailable):
        stripe_desk.gateway.open_page(payment)
    assert stripe_desk.gateway.open_page(payment).url
    assert stripe_desk.count_pages() == 1


def test_a_refund_whose_replies_were_all_lost_is_found_again_not_given_twice(stripe_desk: StripeDesk) -> None:
    page = stripe_desk.gateway.open_page(attempt(stripe_desk))
    stripe_desk.pay(page.ref)
    order = ordered(stripe_desk, page.ref)
    stripe_desk.control.drop_response("POST", REFUNDS, count=3)
    with pytest.raises(CardProviderUnavailable):
        stripe_desk.gateway.refund(order)
    stripe_desk.advance(timedelta(hours=25))  # longer than the provider remembers the key of a request
    assert stripe_desk.gateway.refund(order).status == "succeeded"
    assert stripe_desk.control.state()["refunded_cents"] == AMOUNT


def test_a_page_being_opened_by_another_request_is_busy(stripe_desk: StripeDesk) -> None:
    payment = attempt(stripe_desk)
    stripe_desk.control.slow_call("POST", CREATE, seconds=3, count=1)
    with ThreadPoolExecutor(1) as other:
        first = other.submit(stripe_desk.gateway.open_page, payment)
        while stripe_desk.control._ledger.faults.calls:
            time.sleep(0.01)
        with pytest.raises(PageBusy):
            stripe_desk.gateway.open_page(payment)
        assert first.result().url
    assert stripe_desk.count_pages() == 1


def test_the_same_attempt_with_other_parameters_is_never_a_second_page(stripe_desk: StripeDesk) -> None:
    payment = attempt(stripe_desk)
    stripe_desk.gateway.open_page(payment)
    with pytest.raises(PageRefused):
        stripe_desk.gateway.open_page(payment.model_copy(update={"amount_cents": 1}))
    assert stripe_desk.count_pages() == 1


def test_a_bank_that_was_asked_is_remembered_with_the_payment(stripe_desk: StripeDesk) -> None:
    page = stripe_desk.gateway.open_page(attempt(stripe_desk))
    stripe_desk.control.pay(page.ref, "4000002760003184")
    assert stripe_desk.gateway.fetch(page.ref).three_d_secure == "authenticated"


def test_a_decline_leaves_the_page_open_and_says_why(stripe_desk: StripeDesk) -> None:
    page = stripe_desk.gateway.open_page(attempt(stripe_desk))
    stripe_desk.control.pay(page.ref, "4000000000009995")
    truth = stripe_desk.gateway.fetch(page.ref)
    assert (truth.status, truth.last_decline) == (PageStatus.OPEN, "insufficient_funds")

"""The CardGateway port, as promised: one suite for the gateway in memory and for Stripe's SDK against the stand-in."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from cvec.domain.errors import CardProviderUnavailable, ForgedNotification
from cvec.domain.payments import PAGE_LIFE, PageStatus
from cvec.ports import PageRefused

from tests.contracts.card_desks import AMOUNT, Desk, attempt, ordered

pytest_plugins = ["tests.contracts.card_desks"]


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_asking_twice_opens_one_page(desk: Desk) -> None:
    payment = attempt(desk)
    assert desk.gateway.open_page(payment) == desk.gateway.open_page(payment)
    assert desk.count_pages() == 1


def test_two_attempts_have_two_pages(desk: Desk) -> None:
    first, second = (desk.gateway.open_page(attempt(desk, name)) for name in ("a1", "a2"))
    assert first.ref != second.ref


def test_a_page_asked_for_too_late_is_refused_and_none_is_opened(desk: Desk) -> None:
    payment = attempt(desk)
    desk.advance(timedelta(minutes=10))
    with pytest.raises(PageRefused):
        desk.gateway.open_page(payment)
    assert desk.count_pages() == 0


@pytest.mark.parametrize("minutes", [10, 40])
def test_a_page_once_opened_is_found_again_however_late(desk: Desk, minutes: int) -> None:
    payment = attempt(desk)
    page = desk.gateway.open_page(payment)
    desk.advance(timedelta(minutes=minutes))
    assert desk.gateway.open_page(payment).ref == page.ref
    assert desk.count_pages() == 1


def test_an_open_page_says_so_and_whose_it_is(desk: Desk) -> None:
    page = desk.gateway.open_page(attempt(desk))
    truth = desk.gateway.fetch(page.ref)
    assert (truth.status, truth.payment_id, truth.ref) == (PageStatus.OPEN, "a1", page.ref)


def test_a_paid_page_says_what_was_captured_and_by_which_card(desk: Desk) -> None:
    page = desk.gateway.open_page(attempt(desk))
    assert desk.pay(page.ref)
    truth = desk.gateway.fetch(page.ref)
    said = (truth.status, truth.amount_cents, truth.currency, truth.is_live, truth.card_brand, truth.card_last4)
    assert said == (PageStatus.PAID, AMOUNT, "eur", False, "visa", "4242")
    assert truth.transaction
    assert desk.kept_cents() == AMOUNT


def test_a_page_expires_by_itself_and_takes_no_money_afterwards(desk: Desk) -> None:
    page = desk.gateway.open_page(attempt(desk))
    desk.advance(PAGE_LIFE + timedelta(seconds=1))
    assert desk.gateway.fetch(page.ref).status is PageStatus.EXPIRED
    assert not desk.pay(page.ref)
    assert desk.kept_cents() == 0


def test_a_closed_page_takes_no_money(desk: Desk) -> None:
    page = desk.gateway.open_page(attempt(desk))
    assert desk.gateway.close_page(page.ref)
    assert desk.gateway.close_page(page.ref)
    assert desk.gateway.fetch(page.ref).status is PageStatus.EXPIRED
    assert not desk.pay(page.ref)
    assert desk.kept_cents() == 0


def test_a_page_that_was_paid_cannot_be_closed(desk: Desk) -> None:
    page = desk.gateway.open_page(attempt(desk))
    desk.pay(page.ref)
    assert not desk.gateway.close_page(page.ref)
    assert desk.gateway.fetch(page.ref).status is PageStatus.PAID


# ── Refunds ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_refund_is_one_however_often_it_is_ordered(desk: Desk) -> None:
    page = desk.gateway.open_page(attempt(desk))
    desk.pay(page.ref)
    order = ordered(desk, page.ref)
    receipts = [desk.gateway.refund(order) for _ in range(3)]
    assert {(receipt.ref, receipt.status) for receipt in receipts} == {(receipts[0].ref, "succeeded")}
    assert desk.kept_cents() == 0


def test_a_slow_refund_is_pending_until_it_has_succeeded(desk: Desk) -> None:
    page = desk.gateway.open_page(attempt(desk))
    desk.pay(page.ref, refunds="pending")
    order = ordered(desk, page.ref)
    receipt = desk.gateway.refund(order)
    assert receipt.status == desk.gateway.refund(order).status == "pending"
    desk.end_refund(receipt, "succeeded")
    assert desk.gateway.refund(order).status == "succeeded"
    assert desk.kept_cents() == 0


def test_a_refund_that_failed_says_so_and_the_next_try_is_another_one(desk: Desk) -> None:
    page = desk.gateway.open_page(attempt(desk))
    desk.pay(page.ref, refunds="pending")
    first = desk.gateway.refund(ordered(desk, page.ref))
    desk.end_refund(first, "failed")
    assert desk.gateway.refund(ordered(desk, page.ref)).status == "failed"
    assert desk.kept_cents() == AMOUNT
    second = desk.gateway.refund(ordered(desk, page.ref, tries=1))
    assert second.ref != first.ref


# ── Outages and notifications ────────────────────────────────────────────────────────────────────────────────────────


def test_a_provider_that_does_not_answer_is_unavailable_whatever_it_is_asked(desk: Desk) -> None:
    page = desk.gateway.open_page(attempt(desk))
    desk.pay(page.ref)
    order = ordered(desk, page.ref)
    asked: tuple[Callable[[], object], ...] = (
        lambda: desk.gateway.open_page(attempt(desk, "a2")),
        lambda: desk.gateway.fetch(page.ref),
        lambda: desk.gateway.close_page(page.ref),
        lambda: desk.gateway.refund(order),
    )
    desk.go_down()
    for ask in asked:
        with pytest.raises(CardProviderUnavailable):
            ask()
    desk.come_back()
    assert desk.gateway.refund(order).status == "succeeded"
    assert desk.count_pages() == 1


def test_a_good_notification_points_at_its_payment(desk: Desk) -> None:
    headers, body = desk.notification("a1")
    pointer = desk.gateway.read_notification(headers, body)
    assert (pointer.payment_id, pointer.kind) == ("a1", "checkout.session.completed")


def test_a_notification_without_a_good_signature_is_forged(desk: Desk) -> None:
    _, body = desk.notification("a1")
    for headers in ({}, {"stripe-signature": ""}, {"stripe-signature": "t=1,v1=00"}, {"stripe-signature": "é"}):
        with pytest.raises(ForgedNotification):
            desk.gateway.read_notification(headers, body)

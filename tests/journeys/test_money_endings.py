"""However the money goes, it ends well: refused and tried again, told late or never, or come too late."""

from typing import Any

import pytest
import requests
from cvec import wiring
from cvec.domain.facts import Fact
from cvec.domain.payments import Payment

from infra.local.card_link import NOTIFICATIONS
from tests.contracts.card_provider.visitor import Page, Visitor
from tests.journeys.street import ASKS_THE_BANK, DECLINED, GOOD_CARD, Student, pay_with, try_card
from tests.journeys.town import AMOUNT, Town

pytest_plugins = ["tests.journeys.town"]


# ── On the provider's page ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_three_d_secure_refusal_leaves_the_page_open_to_pay(town: Town, student: Student) -> None:
    offered = student.start_payment()
    refused = try_card(offered["url"], ASKS_THE_BANK, bank="refuse")
    assert (refused.url, refused.status) == (offered["url"], 200)
    assert student.payment(offered["payment"])["is_money_taken"] is None
    assert student.start_payment()["url"] == offered["url"]
    pay_with(offered["url"], ASKS_THE_BANK)
    assert student.payment(offered["payment"])["state"] == "succeeded"
    assert town.kept_cents() == AMOUNT
    assert student.certificate()["number"]


def test_a_decline_then_a_good_card_on_the_same_page_settles(town: Town, student: Student) -> None:
    offered = student.start_payment()
    assert try_card(offered["url"], DECLINED).status == 402
    town.hear()
    assert (student.file()["state"], student.payment(offered["payment"])["state"]) == ("open", "pending")
    pay_with(offered["url"], GOOD_CARD)
    town.hear()
    assert student.file()["state"] == "paid"
    assert town.facts(student).count("payment_applied") == 1


# ── How we hear of it ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_lost_notification_is_made_up_for_by_the_schedule(town: Town, student: Student) -> None:
    offered = student.start_payment()
    town.cards.drop_deliveries(count=20)
    pay_with(offered["url"])
    town.hear()
    assert student.file()["state"] == "open"
    town.our_time_passes(minutes=3)
    assert town.reconcile()["looked_at"] >= 1
    assert student.file()["state"] == "paid"
    assert student.certificate()["number"]


@pytest.mark.parametrize(
    "signature", ["", "t=1,v1=00", "nonsense", "t=99999999999,v1=" + "0" * 64], ids=["none", "old", "nonsense", "wrong"]
)
def test_a_forged_notification_changes_nothing(town: Town, student: Student, signature: str) -> None:
    offered = student.start_payment()
    town.laptop.pump.drain()
    forged: dict[str, Any] = {
        "id": "evt_1",
        "object": "event",
        "type": "checkout.session.completed",
        "data": {"object": {"metadata": {"payment": offered["payment"]}, "payment_status": "paid"}},
    }
    headers = {"Stripe-Signature": signature} if signature else {}
    answer = requests.post(town.laptop.site_url + NOTIFICATIONS, json=forged, headers=headers, timeout=30)
    assert (answer.status_code, answer.json()["code"]) == (400, "forged_notification")
    assert town.laptop.pump.drain() == 0
    assert (student.file()["state"], student.payment(offered["payment"])["state"]) == ("open", "pending")
    assert town.facts(student) == ["file_opened", "payment_started"]


# ── Too late ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_page_that_expired_says_that_no_money_was_taken(town: Town, student: Student) -> None:
    offered = student.start_payment()
    town.pass_time(minutes=36)
    town.reconcile()
    payment = student.payment(offered["payment"])
    assert (payment["state"], payment["is_money_taken"]) == ("expired", False)
    page = requests.get(f"{town.laptop.site_url}/fr/payments/{offered['payment']}", timeout=30)
    assert "Aucune somme n&#39;a été prélevée" in page.text
    again = student.start_payment()
    assert again["payment"] != offered["payment"]
    pay_with(again["url"])
    assert student.payment(again["payment"])["state"] == "succeeded"


def test_a_page_that_is_over_here_is_closed_there_before_another_opens(town: Town, student: Student) -> None:
    offered = student.start_payment()
    town.pass_time(minutes=31)  # too little time is left to find one's card
    assert opened(town, offered["url"]).status == 200
    again = student.start_payment()
    assert again["payment"] != offered["payment"]
    assert town.cards.state()["sessions"] == {"expired": 1, "open": 1}
    assert opened(town, offered["url"]).status == 410


def opened(town: Town, page_url: str) -> Page:
    return Visitor(town.laptop.cards.url).open(page_url)


def paid_there_while_expired_here(town: Town, student: Student) -> str:
    """An attempt that is over here, although its page has taken the money: our word was ahead of the provider's."""
    offered = student.start_payment()
    payment = wiring.tools().store.find(Payment, offered["payment"])
    assert payment
    wiring.tools().store.commit(payment.after(Fact.PAYMENT_EXPIRED, look_at=None))
    pay_with(offered["url"])
    return str(offered["payment"])


def test_a_late_success_settles_a_file_that_is_still_open(town: Town, student: Student) -> None:
    payment = paid_there_while_expired_here(town, student)
    town.hear()
    assert student.payment(payment)["state"] == "succeeded"
    assert (student.file()["state"], town.kept_cents()) == ("paid", AMOUNT)


def test_a_late_success_is_refunded_when_the_file_was_settled_meanwhile(town: Town, student: Student) -> None:
    town.cards.pause_deliveries()
    late = paid_there_while_expired_here(town, student)
    again = student.start_payment()
    pay_with(again["url"])
    assert student.payment(again["payment"])["state"] == "succeeded"
    town.cards.resume_deliveries()
    town.hear()
    said = student.payment(late)
    assert (said["state"], said["is_money_taken"], said["is_refunded"]) == ("succeeded", True, True)
    assert (town.kept_cents(), town.cards.state()["refunded_cents"]) == (AMOUNT, AMOUNT)
    facts = town.facts(student)
    assert (facts.count("payment_applied"), facts.count("refund_succeeded")) == (1, 1)
    subjects = [mail["subject"] for mail in student.mails()]
    assert sum("105" in subject for subject in subjects) == 1
    page = requests.get(f"{town.laptop.site_url}/en/payments/{late}", timeout=30)
    assert "refunded to the card" in page.text

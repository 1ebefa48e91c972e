"""When no payment can be taken: the provider in trouble, one unknown attempt among others, and who may not pay."""

import pytest
from cvec import wiring
from cvec.domain.accounts import Account, AccountState
from cvec.domain.payments import Payment

from tests.journeys.street import YEAR, Student, newcomer, pay_with, person_of
from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.town"]

SESSIONS = "/v1/checkout/sessions"


# ── The provider in trouble ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_provider_that_is_down_is_a_503_and_nothing_is_lost(town: Town, student: Student) -> None:
    town.cards.fail_call("POST", SESSIONS, count=3)
    answer = student.send("POST", f"/api/v1/files/{YEAR}/card-payments")
    assert (answer.status_code, answer.json()["code"]) == (503, "card_provider_unavailable")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert student.file()["state"] == "open"
    offered = student.start_payment()
    assert town.facts(student).count("payment_started") == 1
    pay_with(offered["url"])
    assert student.payment(offered["payment"])["state"] == "succeeded"


def test_an_opening_whose_reply_was_lost_for_good_is_one_page_in_the_end(town: Town, student: Student) -> None:
    town.cards.drop_response("POST", SESSIONS, count=3)
    assert student.send("POST", f"/api/v1/files/{YEAR}/card-payments").status_code == 503
    assert town.cards.state()["sessions"] == {"open": 1}
    student.start_payment()
    assert town.cards.state()["sessions"] == {"open": 1}


def test_the_schedule_opens_a_page_whose_reply_was_lost_and_then_closes_it(town: Town, student: Student) -> None:
    town.cards.drop_response("POST", SESSIONS, count=3)
    student.send("POST", f"/api/v1/files/{YEAR}/card-payments")
    town.pass_time(minutes=36)
    town.reconcile()
    assert town.cards.state()["sessions"] == {"expired": 1}
    payment = student.payment(student.file()["current_payment"])
    assert (payment["state"], payment["is_money_taken"]) == ("expired", False)


def test_one_attempt_unknown_at_the_provider_does_not_keep_the_schedule_from_the_others(
    town: Town, student: Student
) -> None:
    offered = student.start_payment()
    unknown = wiring.tools().store.find(Payment, offered["payment"])
    assert unknown
    for number in range(5):
        lost = {"id": f"lost{number}", "version": 1, "provider_ref": "cs_test_unknown"}
        wiring.tools().store.commit(unknown.model_copy(update=lost))
    town.cards.drop_deliveries(count=20)
    pay_with(offered["url"])
    town.our_time_passes(minutes=3)
    with pytest.raises(ExceptionGroup):
        town.reconcile()
    assert student.file()["state"] == "paid"


# ── Who may not pay ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_settled_file_takes_no_second_payment(town: Town, student: Student) -> None:
    offered = student.start_payment()
    pay_with(offered["url"])
    student.payment(offered["payment"])
    answer = student.send("POST", f"/api/v1/files/{YEAR}/card-payments")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_in_order")
    assert town.cards.state()["sessions"] == {"complete": 1}


def test_a_file_without_city_and_terms_is_not_ready(town: Town) -> None:
    student = newcomer(town.laptop)
    student.register()
    student.choose_password()
    student.sign_in()
    answer = student.send("POST", f"/api/v1/files/{YEAR}/card-payments")
    assert (answer.status_code, answer.json()["code"]) == (409, "file_not_ready")


def test_a_blocked_account_starts_no_payment_but_its_payment_under_way_still_counts(
    town: Town, student: Student
) -> None:
    offered = student.start_payment()
    account = wiring.tools().store.find(Account, person_of(student))
    assert account
    wiring.tools().store.commit(account.next(state=AccountState.BLOCKED))
    answer = student.send("POST", f"/api/v1/files/{YEAR}/card-payments")
    assert (answer.status_code, answer.json()["code"]) == (403, "account_blocked")
    pay_with(offered["url"])
    town.hear()
    assert student.certificate()["number"]


@pytest.mark.parametrize(
    ("year", "status", "code"),
    [
        ("2018-2019", 409, "campaign_not_open"),
        ("2098-2099", 404, "unknown_campaign"),
        ("nonsense", 404, "unknown_campaign"),
    ],
)
def test_a_year_that_is_not_to_be_paid_is_said_so(
    town: Town, student: Student, year: str, status: int, code: str
) -> None:
    answer = student.send("POST", f"/api/v1/files/{year}/card-payments")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert town.cards.state()["sessions"] == {}


def test_a_page_of_another_site_cannot_start_a_payment(town: Town, student: Student) -> None:
    answer = student.send("POST", f"/api/v1/files/{YEAR}/card-payments", Origin="https://evil.example")
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    assert town.cards.state()["sessions"] == {}

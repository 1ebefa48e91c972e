"""`cvec accounts`, `payment` and `overdue`: what both sides know of the money, and nothing about anybody."""

import json

import pytest
from cvec.domain.history import Entry
from cvec.domain.payments import DisputeStatus, Payment, PaymentState
from cvec.domain.sessions import token_digest
from cvec.usecases import settle

from tests.contracts.command_line.conftest import Cvec
from tests.support.fakes import World
from tests.support.people import EMAIL, INE, YEAR, at_the_page

DAY = "2026-07-01"


@pytest.fixture
def payment(world: World) -> str:
    """A payment that was paid, which we have not heard of."""
    _, offered = at_the_page(world)
    world.cards.pay(f"page-{offered.payment}")
    return offered.payment


def test_accounts_that_agree_are_well(cvec: Cvec, world: World, payment: str) -> None:
    settle.sync(payment, tools=world)
    said = cvec("accounts", DAY)
    assert said.code == 0
    assert said.facts == {
        "day": DAY,
        "provider_cents": 10500,
        "ledger_cents": 10500,
        "ledger_by_crous": {"LYO": 10500},
        "differences": [],
    }


def test_accounts_that_differ_say_how_and_end_in_1(cvec: Cvec, world: World, payment: str) -> None:
    said = cvec("accounts", DAY)
    assert said.code == 1
    [difference] = said.facts["differences"]
    assert difference == {
        "mismatch": "provider_only",
        "transaction": f"transaction-page-{payment}",
        "movement": "capture",
        "provider_cents": 10500,
        "ledger_cents": 0,
    }


def test_a_repair_asks_the_provider_again(cvec: Cvec, world: World, payment: str) -> None:
    settle.sync(payment, tools=world)
    world.cards.contest(f"page-{payment}", DisputeStatus.OPEN)
    assert cvec("accounts", DAY).code == 1
    said = cvec("accounts", DAY, "--repair")
    assert (said.code, said.facts["repair"], said.facts["differences"]) == (0, {"looked_at": 1, "stopped_by": []}, [])


def test_a_repair_of_what_we_cannot_place_leaves_it_to_be_seen(cvec: Cvec, world: World, payment: str) -> None:
    said = cvec("accounts", DAY, "--repair")
    assert (said.code, said.facts["repair"]["looked_at"], len(said.facts["differences"])) == (1, 0, 1)


def test_a_payment_is_shown_from_both_sides_and_left_as_it_is(cvec: Cvec, world: World, payment: str) -> None:
    before = dict(world.store.rows)
    said = cvec("payment", payment)
    assert said.code == 0
    assert (said.facts["payment"]["state"], said.facts["provider"]["status"]) == ("pending", "paid")
    assert [one["name"] for one in said.facts["history"]] == ["file_opened", "payment_started"]
    assert world.store.rows == before


def test_looking_acts_on_what_the_provider_says(cvec: Cvec, world: World, payment: str) -> None:
    said = cvec("payment", payment, "--look")
    assert said.facts["payment"]["state"] == PaymentState.SUCCEEDED
    assert said.facts["payment"]["disposition"] == "applied"
    assert said.facts["history"][-1]["about"] == {"payment": payment, "cents": 10500}


def test_a_refund_is_shown_with_its_payment(cvec: Cvec, world: World) -> None:
    _, offered = at_the_page(world)
    world.cards.pay(f"page-{offered.payment}", cents=1)
    settle.sync(offered.payment, tools=world)
    [refund] = cvec("payment", offered.payment).facts["refunds"]
    assert (refund["reason"], refund["state"], refund["amount_cents"]) == ("mismatch", "succeeded", 1)


def test_nothing_shown_is_about_anybody(cvec: Cvec, world: World, payment: str) -> None:
    person_id = world.store.of(Payment)[0].person_id
    said = [cvec("payment", payment, "--look", as_json=as_json) for as_json in (True, False)]
    said += [cvec("overdue"), cvec("accounts", DAY)]
    shown = "".join(one.out + one.err for one in said)
    for word in (EMAIL, INE, "DIAYE", "François", "4242", person_id, "https://"):
        assert word not in shown


def test_an_outage_of_the_provider_hides_only_its_side(cvec: Cvec, world: World, payment: str) -> None:
    world.cards.is_down = True
    said = cvec("payment", payment)
    assert (said.code, said.facts["provider"]) == (0, {"status": "card_provider_unavailable"})
    looked = cvec("payment", payment, "--look")
    assert (looked.code, looked.facts["refused"]) == (2, "card_provider_unavailable")


def test_a_payment_nobody_knows_is_refused(cvec: Cvec, world: World) -> None:
    said = cvec("payment", "nobody-s")
    assert (said.code, said.facts["refused"]) == (2, "unknown_payment")


def test_when_nothing_is_overdue_it_says_so(cvec: Cvec, world: World) -> None:
    said = cvec("overdue")
    assert said.code == 0
    assert said.facts["late"] == []
    assert set(said.facts["overdue"].values()) == {0}
    assert {"certificates", "refunds", "mails", "payments"} <= set(said.facts["overdue"])


def test_what_is_overdue_is_counted_by_kind_and_named(cvec: Cvec, world: World, payment: str) -> None:
    world.clock.advance(hours=1)
    said = cvec("overdue")
    assert said.code == 1
    assert (said.facts["overdue"]["payments"], said.facts["overdue"]["mails"]) == (1, 2)
    assert [one["id"] for one in said.facts["late"] if one["kind"] == "payment"] == [payment]
    settle.sync(payment, tools=world)
    world.clock.advance(minutes=6)
    late = cvec("overdue").facts["late"]
    person_id = world.store.of(Payment)[0].person_id
    assert [one["id"] for one in late if one["kind"] == "certificate"] == [f"{person_id} {YEAR}"]


def test_people_read_columns(cvec: Cvec, world: World, payment: str) -> None:
    said = cvec("payment", payment, as_json=False)
    lines = said.out.splitlines()
    assert f"payment.id: {payment}" in lines
    assert "refunds: none" in lines
    assert [line.split()[2] for line in lines[-2:]] == ["file_opened", "payment_started"]
    assert lines[-1].index("payment_started") == lines[-2].index("file_opened")


def test_a_refusal_is_told_beside_the_answer(cvec: Cvec, world: World) -> None:
    said = cvec("payment", "nobody-s", as_json=False)
    assert (said.code, said.out) == (2, "")
    assert said.err.splitlines()[0] == "refused: unknown_payment"


def test_the_answer_stays_readable_while_facts_are_logged(cvec: Cvec, world: World, payment: str) -> None:
    """The layer logs to standard output, which `--json` keeps for the answer."""
    from cvec.journal import note_fact

    commit = world.store.commit

    def logging_commit(*rows: object, **erased: object) -> None:
        commit(*rows, **erased)  # type: ignore[arg-type]
        for row in rows:
            if isinstance(row, Entry):
                note_fact(row)

    world.store.commit = logging_commit  # type: ignore[method-assign]
    said = cvec("payment", payment, "--look")
    assert json.loads(said.out)["payment"]["state"] == "succeeded"
    assert token_digest("x") not in said.out

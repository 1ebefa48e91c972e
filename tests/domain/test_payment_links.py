"""A link lives 48 hours to the second, reminds twice, ends once, and shows no more of a name than was chosen."""

from datetime import UTC, datetime, timedelta

import pytest
from cvec.domain.facts import Fact
from cvec.domain.lifecycle import ImpossibleMove
from cvec.domain.payment_links import KEPT, LIFE, LINK, LinkState, PaymentLink, ShownName, shown_name

OFFERED = datetime(2026, 10, 24, 12, tzinfo=UTC)
"""The 48 hours hold the night in which clocks in Paris go back."""
SECOND = timedelta(seconds=1)
ALIVE = {LinkState.ACTIVE, LinkState.OPENED, LinkState.IN_PAYMENT}
ENDS = {
    Fact.PAYMENT_APPLIED: LinkState.USED,
    Fact.LINK_DECLINED: LinkState.DECLINED,
    Fact.LINK_EXPIRED: LinkState.EXPIRED,
    Fact.LINK_REVOKED: LinkState.REVOKED,
}


def a_link(state: LinkState = LinkState.ACTIVE, *, reminders_sent: int = 0) -> PaymentLink:
    return PaymentLink(
        digest="d",
        id="i",
        person_id="p",
        year="2026-2027",
        state=state,
        offered_at=OFFERED,
        amount_cents=10500,
        shown_name="François N.",
        language="fr",
        reminders_sent=reminders_sent,
        look_at=OFFERED,
    )


@pytest.mark.parametrize("state", sorted(ALIVE))
def test_it_lives_until_the_last_second_of_its_48th_hour(state: LinkState) -> None:
    link = a_link(state)
    assert link.is_alive(OFFERED + LIFE - SECOND)
    assert not link.is_alive(OFFERED + LIFE)


@pytest.mark.parametrize("state", sorted(set(LinkState) - ALIVE))
def test_one_that_has_ended_is_dead_at_once(state: LinkState) -> None:
    assert not a_link(state).is_alive(OFFERED)


def test_the_48_hours_are_hours_and_not_two_days_of_the_calendar() -> None:
    assert a_link().expires_at == datetime(2026, 10, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(("sent", "hours"), [(0, 24), (1, 44), (2, 48), (3, 48)])
def test_it_is_looked_at_for_each_reminder_and_for_its_end(sent: int, hours: int) -> None:
    assert a_link(reminders_sent=sent).next_look == OFFERED + timedelta(hours=hours)


def test_storage_may_forget_it_90_days_after_its_end() -> None:
    assert a_link().swept_at == OFFERED + LIFE + KEPT
    assert timedelta(days=90) == KEPT


@pytest.mark.parametrize("state", sorted(ALIVE))
@pytest.mark.parametrize("fact", sorted(ENDS))
def test_each_end_may_come_in_every_living_state_and_leaves_no_work(state: LinkState, fact: Fact) -> None:
    ended = a_link(state).after(fact)
    assert (ended.state, ended.look_at, ended.version) == (ENDS[fact], None, 2)


@pytest.mark.parametrize("state", sorted(set(LinkState) - ALIVE))
@pytest.mark.parametrize("fact", sorted(LINK.facts))
def test_nothing_happens_to_one_that_has_ended(state: LinkState, fact: Fact) -> None:
    with pytest.raises(ImpossibleMove):
        a_link(state).after(fact)


def test_a_living_one_stays_work() -> None:
    for state, fact in ((LinkState.ACTIVE, Fact.LINK_OPENED), *((state, Fact.LINK_ACCEPTED) for state in ALIVE)):
        assert a_link(state).after(fact).look_at == OFFERED


def test_opening_counts_once_and_never_takes_a_payment_back() -> None:
    assert a_link().after(Fact.LINK_OPENED).state is LinkState.OPENED
    for state in (LinkState.OPENED, LinkState.IN_PAYMENT):
        assert not LINK.allows(state, Fact.LINK_OPENED)


@pytest.mark.parametrize(
    ("first", "birth", "choice", "shown"),
    [
        ("François", "N'DIAYE", ShownName.FIRST_NAME, "François"),
        ("François", "N'DIAYE", ShownName.FIRST_NAME_AND_INITIAL, "François N."),
        ("Zoé", "ÉMILIEN", ShownName.FIRST_NAME_AND_INITIAL, "Zoé É."),
        ("Anne-Marie", "de la Tour", ShownName.FIRST_NAME_AND_INITIAL, "Anne-Marie d."),
    ],
)
def test_the_payer_reads_the_name_the_student_chose(first: str, birth: str, choice: ShownName, shown: str) -> None:
    assert shown_name(first, birth, choice) == shown

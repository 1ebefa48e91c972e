"""Notifications in every order, some or all of them twice, lead to one end."""

from collections.abc import Callable

import pytest
from cvec.domain.payments import DisputeStatus

from tests.proof import figures
from tests.proof.orders import Orders, news_as_it_happens, news_at_the_end


@pytest.mark.parametrize(
    ("way", "outcome", "name"),
    [
        (news_at_the_end, DisputeStatus.LOST, "notification orders after the fact"),
        (news_as_it_happens, DisputeStatus.WON, "notification orders as things happen"),
    ],
)
def test_every_order_of_five_notifications_leads_to_one_end(
    way: Callable[[DisputeStatus], Orders], outcome: DisputeStatus, name: str
) -> None:
    found = way(outcome)
    assert len(found.ends) == 1, found.ends
    assert found.sequences >= 600
    figures.check(name, found.sequences)

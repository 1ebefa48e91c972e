"""A round of a sweep: one row that fails never keeps the others from their turn."""

import pytest
from cvec.domain.payments import Payment, PaymentState
from cvec.usecases import watch

from tests.support.fakes import new_world
from tests.support.people import at_the_page


def test_a_payment_the_provider_does_not_know_does_not_stop_the_round() -> None:
    world = new_world()
    _, offered = at_the_page(world)
    known = world.store.find(Payment, offered.payment)
    assert known is not None
    for name in ("0-before", "z-after"):
        world.store.commit(known.model_copy(update={"id": name, "version": 1, "provider_ref": "unknown"}))
    world.cards.pay(known.provider_ref or "")
    world.clock.advance(minutes=3)
    with pytest.raises(ExceptionGroup) as met:
        watch.reconcile(tools=world)
    assert len(met.value.exceptions) == 2
    settled = world.store.find(Payment, known.id)
    assert settled is not None
    assert settled.state is PaymentState.SUCCEEDED

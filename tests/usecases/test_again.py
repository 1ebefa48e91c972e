"""What a gesture does when what it read has moved: again, and in the end it says how long to wait."""

from collections.abc import Sequence

import pytest
from cvec.domain.errors import Stale
from cvec.domain.model import Row
from cvec.domain.sessions import Session
from cvec.usecases import register, sign_in

from tests.support.fakes import MemoryStore, new_world
from tests.support.people import FRANCOIS, signed_in, started, with_password


class LosesOneReply(MemoryStore):
    """Erases as asked, and then says Stale: what DynamoDB says when a lost reply makes the SDK erase twice."""

    is_lost = False

    def commit(self, *rows: Row, erase: Sequence[Row] = ()) -> None:
        super().commit(*rows, erase=erase)
        if self.is_lost:
            self.is_lost = False
            raise Stale


class AlwaysStale(MemoryStore):
    """Somebody else is always faster."""

    is_stale = False

    def commit(self, *rows: Row, erase: Sequence[Row] = ()) -> None:
        if self.is_stale:
            raise Stale
        super().commit(*rows, erase=erase)


def test_signing_out_succeeds_although_the_reply_of_the_erasure_was_lost() -> None:
    store = LosesOneReply()
    world = new_world(store=store)
    with_password(world)
    session = signed_in(world)
    store.is_lost = True
    sign_in.sign_out(session, tools=world)
    assert store.find(Session, *session.key) is None


def test_a_gesture_that_never_wins_says_how_long_to_wait() -> None:
    store = AlwaysStale()
    world = new_world(store=store)
    draft_id = started(world)
    store.is_stale = True
    with pytest.raises(Stale) as refused:
        register.save_identity(draft_id, FRANCOIS, tools=world)
    assert refused.value.details == {"retry_after": 1}

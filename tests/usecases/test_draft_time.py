"""What time does to a draft: told of three days before, erased with all that leads to it, and not a moment early."""

from datetime import datetime, timedelta

import pytest
from cvec.domain.codes import VerificationCode
from cvec.domain.mails import Mail, Template
from cvec.domain.overdue import PATIENCE
from cvec.domain.registration import LIFE, WARNED_BEFORE, Draft
from cvec.domain.resumption import DraftMailbox
from cvec.domain.sessions import Holder, Session
from cvec.usecases import draft_time, register, resume, verify
from cvec.usecases.overdue import overdue

from tests.support.fakes import World, new_world
from tests.support.people import EMAIL, filled_but_email, letters_sent, password_token, registered, started

SECOND = timedelta(seconds=1)


def confirmed(world: World) -> str:
    """A draft whose address is confirmed."""
    draft_id = filled_but_email(world)
    verify.give_email(draft_id, EMAIL, tools=world)
    verify.confirm_email(draft_id, letters_sent(draft_id, world), tools=world)
    return draft_id


def warnings(world: World) -> list[Mail]:
    return [one for one in world.store.of(Mail) if one.template is Template.DRAFT_ENDING]


def tend_at(world: World, moment: datetime) -> None:
    world.clock.at = moment
    draft_time.tend_drafts(tools=world)


def test_a_confirmed_draft_is_told_of_once_three_days_before_with_its_exact_end() -> None:
    world = new_world()
    end = world.clock.at + LIFE
    confirmed(world)
    tend_at(world, end - WARNED_BEFORE - SECOND)
    assert warnings(world) == []
    tend_at(world, end - WARNED_BEFORE)
    tend_at(world, end - WARNED_BEFORE + SECOND)
    [warning] = warnings(world)
    assert (warning.to, warning.words["until"]) == (EMAIL, end.isoformat())


def test_the_warning_s_link_serves_until_the_last_second() -> None:
    world = new_world()
    end = world.clock.at + LIFE
    draft_id = confirmed(world)
    tend_at(world, end - WARNED_BEFORE)
    world.clock.at = end - SECOND
    _, cookie = resume.resume_registration(password_token(world, Template.DRAFT_ENDING), tools=world)
    assert cookie.startswith(f"{draft_id}.")


def test_a_draft_without_confirmed_address_is_told_nobody() -> None:
    world = new_world()
    verify.give_email(started(world), EMAIL, tools=world)
    tend_at(world, world.clock.at + LIFE - WARNED_BEFORE)
    assert warnings(world) == []


def test_a_draft_left_behind_for_another_of_the_same_mailbox_is_told_nobody() -> None:
    world = new_world()
    end = world.clock.at + LIFE
    confirmed(world)
    world.clock.advance(minutes=2)
    confirmed(world)
    tend_at(world, end - WARNED_BEFORE)
    assert warnings(world) == []


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_at_its_end_everything_of_a_draft_is_erased_and_not_a_second_before(is_confirmed: bool) -> None:
    world = new_world()
    end = world.clock.at + LIFE
    draft_id = confirmed(world) if is_confirmed else filled_but_email(world)
    if not is_confirmed:
        verify.give_email(draft_id, EMAIL, tools=world)
    tend_at(world, end - SECOND)
    assert world.store.find(Draft, draft_id) is not None
    tend_at(world, end)
    left = [row for kind in (Draft, VerificationCode, Session, DraftMailbox) for row in world.store.of(kind)]
    assert left == []


def test_a_finished_draft_goes_without_a_warning_and_its_person_stays_signed_in() -> None:
    world = new_world()
    end = world.clock.at + LIFE
    person_id = registered(world)
    student = Session(subject=person_id, digest="d", holder=Holder.STUDENT, opened_at=end, expires_at=end + LIFE)
    world.store.commit(student)
    tend_at(world, end - WARNED_BEFORE)
    tend_at(world, end)
    assert warnings(world) == []
    assert world.store.of(Draft) == []
    assert world.store.of(Session) == [student]


def test_a_draft_that_is_not_tended_for_two_hours_is_overdue() -> None:
    world = new_world()
    end = world.clock.at + LIFE
    confirmed(world)
    world.clock.at = end - WARNED_BEFORE + PATIENCE[Draft]
    assert overdue(Draft, tools=world) == []
    world.clock.at += SECOND
    assert len(overdue(Draft, tools=world)) == 1
    assert draft_time.tend_drafts(tools=world).overdue == 0


def test_tending_changes_no_screen() -> None:
    world = new_world()
    end = world.clock.at + LIFE
    draft_id = confirmed(world)
    before = register.read_registration(draft_id, tools=world)
    tend_at(world, end - WARNED_BEFORE)
    after = register.read_registration(draft_id, tools=world)
    assert after == before.model_copy(update={"version": after.version})

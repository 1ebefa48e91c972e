"""A draft lives 14 days, keeps each screen, and forgets everything personal once it is an account."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cvec.domain.errors import EmailNotVerified, RegistrationIncomplete
from cvec.domain.lifecycle import ImpossibleMove
from cvec.domain.registration import Draft, DraftState

from tests.support.people import CONTACT, EMAIL, FRANCOIS, INE, NOT_REGISTERED

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
SCREENS: dict[str, Any] = {
    "identity": FRANCOIS,
    "email": EMAIL,
    "ine": INE,
    "institution": NOT_REGISTERED,
    "contact": CONTACT,
}
EMPTY = Draft(id="draft", started_at=NOON)
FULL = EMPTY.next(**SCREENS)


def test_a_draft_lives_14_days() -> None:
    assert EMPTY.expires_at == EMPTY.swept_at == NOON + timedelta(days=14)


@pytest.mark.parametrize("screen", SCREENS)
def test_each_missing_screen_is_named(screen: str) -> None:
    draft = FULL.next(**{screen: None})
    assert draft.missing == (screen,)
    with pytest.raises(RegistrationIncomplete) as refused:
        draft.confirmed().check_complete()
    assert [one.field for one in refused.value.fields] == [screen]


def test_a_full_draft_needs_its_address_confirmed() -> None:
    with pytest.raises(EmailNotVerified):
        FULL.check_complete()
    FULL.confirmed().check_complete()


def test_another_address_must_be_confirmed_again() -> None:
    changed = FULL.confirmed().with_email("other@example.org")
    assert (changed.state, changed.email) == (DraftState.DRAFT, "other@example.org")


def test_the_same_address_again_is_a_new_version_and_stays_confirmed() -> None:
    confirmed = FULL.confirmed()
    again = confirmed.with_email(EMAIL)
    assert (again.state, again.version) == (DraftState.EMAIL_VERIFIED, confirmed.version + 1)


def test_what_stays_of_a_completed_draft_is_nothing_personal() -> None:
    kept = FULL.confirmed().completed()
    assert kept.state is DraftState.COMPLETED
    assert [screen for screen in SCREENS if getattr(kept, screen) is not None] == []
    assert EMAIL not in kept.model_dump_json()


def test_a_draft_is_not_completed_before_it_is_confirmed_nor_twice() -> None:
    for draft in (FULL, FULL.confirmed().completed()):
        with pytest.raises(ImpossibleMove):
            draft.completed()

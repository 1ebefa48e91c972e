"""Wherever a registration is interrupted, and on whatever device it goes on, the same person comes out."""

from collections.abc import Sequence
from typing import Any

from cvec.domain.accounts import Person
from cvec.domain.registration import SCREENS, Draft, DraftState
from cvec.domain.sessions import Holder
from cvec.usecases import draft_time, register, resume, verify
from cvec.usecases.sessions import find_session
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.crowd import outcome
from tests.support.fakes import World, new_world
from tests.support.people import CONTACT, EMAIL, FRANCOIS, INE, NOT_REGISTERED, letters_sent, started
from tests.usecases.test_resume import link_for

FIRST_THOUGHTS = {
    "identity": FRANCOIS.model_copy(update={"first_name": "Franck"}),
    "ine": "0494004062M",
    "institution": NOT_REGISTERED,
    "contact": CONTACT.model_copy(update={"city": "Lion"}),
}
LAST_WORDS: dict[str, Any] = {"identity": FRANCOIS, "ine": INE, "institution": NOT_REGISTERED, "contact": CONTACT}
SAVE: dict[str, Any] = {
    "identity": register.save_identity,
    "ine": register.save_ine,
    "institution": register.save_institution,
    "contact": register.save_contact,
}
INTERRUPTIONS = ("reload", "other device", "sweep", "days pass", "old tab sends first thoughts")


class Wanderer:
    """One person and their draft, which is only ever reached by what a browser holds."""

    def __init__(self) -> None:
        self.world: World = new_world()
        self.draft = started(self.world)

    def send(self, screen: str, content: Any) -> None:
        if screen == "email":
            verify.give_email(self.draft, EMAIL, tools=self.world)
            verify.confirm_email(self.draft, letters_sent(self.draft, self.world), tools=self.world)
        else:
            view = register.read_registration(self.draft, tools=self.world)
            SAVE[screen](self.draft, content, seen=view.version, tools=self.world)

    def meet(self, interruption: str) -> None:
        if interruption == "reload":
            register.read_registration(self.draft, tools=self.world)
        elif interruption == "other device":
            self._go_on_elsewhere()
        elif interruption == "sweep":
            draft_time.tend_drafts(tools=self.world)
        elif interruption == "days pass":
            self.world.clock.advance(hours=min(96, self._hours_left() / 2))
        else:
            self._old_tab_sends()

    def _hours_left(self) -> float:
        draft = self.world.store.find(Draft, self.draft)
        assert draft is not None
        return (draft.expires_at - self.world.clock.at).total_seconds() / 3600

    def _go_on_elsewhere(self) -> None:
        """By the mailed link, where the address is confirmed; the cookie alone says which draft."""
        draft = self.world.store.find(Draft, self.draft)
        assert draft is not None
        if draft.state is DraftState.EMAIL_VERIFIED:
            self.world.clock.advance(minutes=15)
            _, cookie = resume.resume_registration(link_for(self.world), tools=self.world)
            session = find_session(cookie, Holder.DRAFT, tools=self.world)
            assert session is not None
            self.draft = session.subject

    def _old_tab_sends(self) -> None:
        """A tab that saw the draft when it was empty: what was sent since is never overwritten."""
        for screen, content in FIRST_THOUGHTS.items():
            before = getattr(register.read_registration(self.draft, tools=self.world), screen)
            if before not in (None, content):
                refused = outcome(SAVE[screen], self.draft, content, seen=1, tools=self.world)
                assert refused == "changed_elsewhere"


def finished(order: Sequence[str], interruptions: Sequence[Sequence[str]], drafts: Sequence[str]) -> Person:
    """The person who comes out; `drafts` are the screens first sent otherwise, then corrected."""
    wanderer = Wanderer()
    for screen, met in zip(order, interruptions, strict=True):
        if screen in drafts and screen in FIRST_THOUGHTS:
            wanderer.send(screen, FIRST_THOUGHTS[screen])
        for interruption in met:
            wanderer.meet(interruption)
        wanderer.send(screen, LAST_WORDS.get(screen))
    register.complete_registration(wanderer.draft, tools=wanderer.world)
    [person] = wanderer.world.store.of(Person)
    return person


UNINTERRUPTED = finished(SCREENS, [()] * len(SCREENS), ())


@settings(max_examples=150, deadline=None)
@given(
    st.permutations(SCREENS),
    st.lists(st.lists(st.sampled_from(INTERRUPTIONS), max_size=2), min_size=len(SCREENS), max_size=len(SCREENS)),
    st.lists(st.sampled_from(SCREENS), unique=True),
)
def test_the_finished_person_is_the_uninterrupted_one(
    order: list[str], interruptions: list[list[str]], drafts: list[str]
) -> None:
    person = finished(order, interruptions, drafts)
    assert person.model_copy(update={"registered_at": UNINTERRUPTED.registered_at}) == UNINTERRUPTED

"""Registration: screens kept one by one, an account made once, and nobody told who has one."""

from collections.abc import Sequence

import pytest
from cvec.domain.accounts import Account, AccountState, Claim, Person
from cvec.domain.errors import (
    AddressTaken,
    EmailNotVerified,
    IneHeld,
    InvalidFields,
    NoRegistration,
    RegistrationIncomplete,
)
from cvec.domain.mails import Mail, Template
from cvec.domain.model import Row
from cvec.domain.registration import Draft, DraftState
from cvec.domain.sessions import OneUseLink, Session
from cvec.usecases import register, verify

from tests.support.fakes import MemoryStore, World, new_world
from tests.support.people import (
    CONTACT,
    EMAIL,
    FRANCOIS,
    INE,
    NOT_REGISTERED,
    filled_but_email,
    letters_sent,
    registered,
    started,
)

OTHER_EMAIL, OTHER_INE = "other@example.org", "0494004062M"


class RacingStore(MemoryStore):
    """A store in which somebody else is faster, once: `rival` runs just before a commit that writes a person."""

    def __init__(self) -> None:
        super().__init__()
        self.rival: object = None

    def commit(self, *rows: Row, erase: Sequence[Row] = ()) -> None:
        if callable(self.rival) and any(isinstance(row, Person) for row in rows):
            rival, self.rival = self.rival, None
            rival()
        super().commit(*rows, erase=erase)


def ready(world: World, email: str = EMAIL, ine: str = INE) -> str:
    """A draft that only has to be completed."""
    draft_id = filled_but_email(world, ine)
    verify.give_email(draft_id, email, tools=world)
    verify.confirm_email(draft_id, letters_sent(draft_id, world), tools=world)
    world.clock.advance(minutes=2)
    return draft_id


def test_a_person_an_account_two_claims_a_link_and_a_mail_are_born_together() -> None:
    world = new_world()
    draft_id = ready(world)
    before = set(world.store.rows)
    register.complete_registration(draft_id, tools=world)
    born = sorted(kind.kind for kind, _ in set(world.store.rows) - before)
    assert born == ["account", "claim", "claim", "fact", "mail", "one_use_link", "person"]
    [person], [account] = world.store.of(Person), world.store.of(Account)
    assert (person.email, person.ine, person.identity) == (EMAIL, INE, FRANCOIS)
    assert (account.state, account.password_hash) == (AccountState.PENDING_PASSWORD, None)
    assert world.store.facts(person.id, "account") == ["registration_completed"]


def test_completing_twice_makes_one_account_and_sends_one_mail() -> None:
    world = new_world()
    draft_id = ready(world)
    first = register.complete_registration(draft_id, tools=world)
    assert register.complete_registration(draft_id, tools=world) == first
    assert len(world.store.of(Person)) == 1
    assert [mail.template for mail in world.store.of(Mail)].count(Template.ACCOUNT_CREATED) == 1


def test_completing_twice_at_the_same_moment_succeeds_twice() -> None:
    store = RacingStore()
    world = new_world(store=store)
    draft_id = ready(world)
    store.rival = lambda: register.complete_registration(draft_id, tools=world)
    assert register.complete_registration(draft_id, tools=world).state is DraftState.COMPLETED
    assert len(world.store.of(Person)) == 1


@pytest.mark.parametrize(
    ("email", "ine", "refusal"),
    [(EMAIL, OTHER_INE, AddressTaken), (OTHER_EMAIL, INE, IneHeld), (EMAIL, INE, AddressTaken)],
)
def test_of_two_drafts_that_race_one_makes_an_account(email: str, ine: str, refusal: type[Exception]) -> None:
    store = RacingStore()
    world = new_world(store=store)
    first = ready(world)
    second = ready(world, email, ine)
    store.rival = lambda: register.complete_registration(first, tools=world)
    with pytest.raises(refusal):
        register.complete_registration(second, tools=world)
    assert len(world.store.of(Person)) == 1
    kept = world.store.find(Draft, second)
    assert kept is not None
    assert kept.missing == ()


def test_no_personal_name_is_readable_in_a_claim() -> None:
    world = new_world()
    registered(world)
    for claim in world.store.of(Claim):
        assert EMAIL not in claim.model_dump_json()
        assert INE not in claim.model_dump_json()


def test_the_link_is_stored_by_its_digest_and_the_mail_names_only_its_id() -> None:
    world = new_world()
    registered(world)
    from tests.support.people import password_token

    token = password_token(world)
    assert all(token not in row.model_dump_json() for row in (*world.store.of(OneUseLink), *world.store.of(Mail)))


def test_a_draft_keeps_what_is_sent_in_any_order_and_the_last_word_counts() -> None:
    world = new_world()
    draft_id = started(world)
    register.save_contact(draft_id, CONTACT, tools=world)
    register.save_identity(draft_id, FRANCOIS, tools=world)
    married = FRANCOIS.model_copy(update={"usage_name": "N'DIAYE-MARTIN"})
    view = register.save_identity(draft_id, married, tools=world)
    assert (view.identity, view.contact) == (married, CONTACT)
    assert view.missing == ("email", "ine", "institution")


def test_two_screens_sent_at_once_are_both_kept() -> None:
    world = new_world()
    draft_id = started(world)
    original = world.store.find
    asked: list[object] = []

    def find(kind: type[Draft], *key: str) -> object:
        found = original(kind, *key)
        if kind is Draft and not asked:
            asked.append(1)
            register.save_contact(draft_id, CONTACT, tools=world)
        return found

    world.store.find = find  # type: ignore[assignment,method-assign]
    view = register.save_institution(draft_id, NOT_REGISTERED, tools=world)
    assert (view.institution, view.contact) == (NOT_REGISTERED, CONTACT)


@pytest.mark.parametrize(("seconds", "lives"), [(14 * 86400 - 1, True), (14 * 86400, False)])
def test_a_draft_is_gone_at_its_fourteenth_day_whatever_storage_still_holds(seconds: int, lives: bool) -> None:
    world = new_world()
    draft_id = ready(world)
    draft = world.store.find(Draft, draft_id)
    assert draft is not None
    world.clock.at = draft.started_at
    world.clock.advance(seconds=seconds)
    if lives:
        register.complete_registration(draft_id, tools=world)
    else:
        for gesture in (register.read_registration, register.complete_registration, verify.send_code_again):
            with pytest.raises(NoRegistration):
                gesture(draft_id, tools=world)
    assert bool(world.store.of(Person)) is lives


def test_a_completed_draft_takes_no_more_screens() -> None:
    world = new_world()
    draft_id = ready(world)
    register.complete_registration(draft_id, tools=world)
    with pytest.raises(NoRegistration):
        register.save_identity(draft_id, FRANCOIS, tools=world)


def test_an_incomplete_or_unconfirmed_draft_makes_nobody() -> None:
    world = new_world()
    with pytest.raises(RegistrationIncomplete):
        register.complete_registration(started(world), tools=world)
    draft_id = filled_but_email(world)
    verify.give_email(draft_id, EMAIL, tools=world)
    with pytest.raises(EmailNotVerified):
        register.complete_registration(draft_id, tools=world)
    assert world.store.of(Person) == []


@pytest.mark.parametrize("field", ["birth_name", "usage_name", "first_name", "second_name", "third_name"])
def test_a_name_that_the_certificate_cannot_print_is_named_before_anybody_pays(field: str) -> None:
    world = new_world()
    with pytest.raises(InvalidFields) as refused:
        register.save_identity(started(world), FRANCOIS.model_copy(update={field: "王"}), tools=world)
    assert [(one.field, one.code) for one in refused.value.fields] == [(field, "unprintable_letters")]


def test_only_digests_of_sessions_are_stored() -> None:
    world = new_world()
    _, cookie = register.start_registration("fr", tools=world)
    assert cookie.partition(".")[2] not in "".join(row.model_dump_json() for row in world.store.of(Session))

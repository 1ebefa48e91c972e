"""My profile: every part may be modified; what a certificate prints is corrected by an agent, under the same number."""

from datetime import date

import pytest
from cvec.domain.accounts import Claim, Person
from cvec.domain.certificates import Certificate, CertificateState
from cvec.domain.corrections import Correction, CorrectionState
from cvec.domain.errors import IneHeld, InvalidFields, NoCorrection, TooManyGuesses
from cvec.domain.institution import Institution, InstitutionStatus
from cvec.domain.mails import Mail, Template
from cvec.usecases import certify, corrections, keys, profile, settle

from tests.support.fakes import World, new_world
from tests.support.people import CONTACT, FRANCOIS, INE, YEAR, at_the_page, registered, with_password

OTHER_INE = "0494004062M"
OUSMANE = FRANCOIS.model_copy(update={"second_name": "Ousmane"})
MOVED = CONTACT.model_copy(update={"address_line1": "3 place Bellecour"})


@pytest.fixture
def world() -> World:
    return new_world()


def person_of(world: World) -> Person:
    [person] = world.store.of(Person)
    return person


def certified(world: World) -> str:
    """A person who has paid and holds a certificate; their id."""
    person_id, page = at_the_page(world)
    world.cards.pay(f"page-{page.payment}")
    settle.sync(page.payment, tools=world)
    certify.issue(person_id, YEAR, tools=world)
    return person_id


def certificate_of(world: World) -> Certificate:
    [certificate] = world.store.of(Certificate)
    return certificate


def test_each_part_changes_at_once_and_its_name_is_in_the_history(world: World) -> None:
    person_id = with_password(world)
    profile.change_contact(person_id, MOVED, tools=world)
    profile.change_institution(
        person_id, Institution(status=InstitutionStatus.ABROAD, name="Universität Wien"), tools=world
    )
    view = profile.change_identity(person_id, OUSMANE, tools=world)
    assert (view.contact, view.institution.name, view.identity) == (MOVED, "Universität Wien", OUSMANE)
    assert view.correction is None
    assert world.store.facts(person_id, "account")[-3:] == ["profile_changed"] * 3


def test_an_unlikely_age_and_letters_that_cannot_be_printed_are_refused(world: World) -> None:
    person_id = registered(world)
    for wrong in ({"birth_date": date(2020, 1, 1)}, {"first_name": "王"}):
        with pytest.raises(InvalidFields):
            profile.change_identity(person_id, FRANCOIS.model_copy(update=wrong), tools=world)
    assert person_of(world).identity == FRANCOIS


def test_what_a_certificate_prints_waits_for_an_agent_and_the_rest_does_not(world: World) -> None:
    person_id = certified(world)
    view = profile.change_identity(person_id, OUSMANE.model_copy(update={"birth_place": "Dakar"}), tools=world)
    assert (view.identity.second_name, view.identity.birth_place) == (None, "Dakar")
    assert view.correction is not None
    [difference] = view.correction.differences
    assert (difference.field, difference.before, difference.after) == ("second_name", None, "Ousmane")


def test_an_accepted_correction_prints_a_new_edition_under_the_same_number(world: World) -> None:
    person_id = certified(world)
    before = certificate_of(world)
    profile.change_identity(person_id, OUSMANE, tools=world)
    corrections.accept_correction(person_id, "agent", tools=world)
    assert certificate_of(world).state is CertificateState.ISSUING
    certify.issue(person_id, YEAR, tools=world)
    after = certificate_of(world)
    assert (after.number, after.edition, after.state) == (before.number, 2, CertificateState.ACTIVE)
    assert after.document != before.document
    assert person_of(world).identity == OUSMANE
    assert [mail.template for mail in world.store.of(Mail)][-1] is Template.CERTIFICATE_CORRECTED


def test_a_refused_correction_changes_nothing_and_the_student_is_told(world: World) -> None:
    person_id = certified(world)
    profile.change_identity(person_id, OUSMANE, tools=world)
    corrections.refuse_correction(person_id, "agent", tools=world)
    assert (person_of(world).identity, certificate_of(world).edition) == (FRANCOIS, 1)
    assert [mail.template for mail in world.store.of(Mail)][-1] is Template.CORRECTION_REFUSED
    with pytest.raises(NoCorrection):
        corrections.accept_correction(person_id, "agent", tools=world)


def test_asking_for_two_corrections_keeps_both_until_withdrawn(world: World) -> None:
    person_id = certified(world)
    profile.change_identity(person_id, OUSMANE, tools=world)
    view = profile.change_ine(person_id, OTHER_INE, tools=world)
    assert view.correction is not None
    assert [one.field for one in view.correction.differences] == ["second_name", "ine"]
    corrections.withdraw_correction(person_id, tools=world)
    [correction] = world.store.of(Correction)
    assert (correction.state, correction.identity, correction.ine) == (CorrectionState.WITHDRAWN, None, None)


def test_an_accepted_ine_moves_the_claim(world: World) -> None:
    person_id = certified(world)
    profile.change_ine(person_id, OTHER_INE, tools=world)
    corrections.accept_correction(person_id, "agent", tools=world)
    assert person_of(world).ine == OTHER_INE
    assert world.store.find(Claim, keys.INE, keys.ine_key(INE, tools=world)) is None
    assert world.store.find(Claim, keys.INE, keys.ine_key(OTHER_INE, tools=world)) is not None


def test_before_any_certificate_the_ine_changes_at_once_and_the_old_one_is_free(world: World) -> None:
    person_id = registered(world)
    assert profile.change_ine(person_id, OTHER_INE, tools=world).ine == OTHER_INE
    assert registered(world, "other@example.org", INE) != person_id


def test_an_ine_that_another_account_holds_is_refused_and_asked_ten_times_a_day_at_most(world: World) -> None:
    person_id = registered(world)
    registered(world, "other@example.org", OTHER_INE)
    for _ in range(10):
        with pytest.raises(IneHeld):
            profile.change_ine(person_id, OTHER_INE, tools=world)
    with pytest.raises(TooManyGuesses):
        profile.change_ine(person_id, OTHER_INE, tools=world)

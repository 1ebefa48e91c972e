"""The institution screen: whoever chose from the list is held to the list, and nobody else is."""

import pytest
from cvec.domain.errors import FieldError, InvalidFields
from cvec.domain.institution import Institution, InstitutionStatus
from cvec.domain.institutions import CatalogueInstitution
from cvec.domain.registration import Draft
from cvec.usecases import register

from tests.support.fakes import World, new_world
from tests.support.people import started

FRANCE, ABROAD, OTHER = InstitutionStatus.FRANCE, InstitutionStatus.ABROAD, InstitutionStatus.OTHER
LYON_2 = Institution(status=FRANCE, department="69", name="Université Lumière - Lyon 2", uai="0691775E")
ROME = CatalogueInstitution(uai="1270009V", name="École française de Rome", commune="Rome", department="999")


@pytest.fixture
def world() -> World:
    return new_world()


def kept(institution: Institution, world: World) -> Institution | None:
    draft_id = started(world)
    register.save_institution(draft_id, institution, tools=world)
    draft = world.store.find(Draft, draft_id)
    assert draft is not None
    return draft.institution


@pytest.mark.parametrize(
    "institution",
    [
        LYON_2,
        Institution(status=FRANCE, department="69", name="Lycée La Martinière"),
        Institution(status=OTHER, name="École « Été »"),
        Institution(status=ABROAD, name="Université de Genève"),
        Institution(status=InstitutionStatus.NOT_REGISTERED),
    ],
)
def test_a_choice_from_the_list_and_every_answer_without_one_are_kept(institution: Institution, world: World) -> None:
    assert kept(institution, world) == institution


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Université Lumière"},
        {"department": "75"},
        {"uai": "0691774D"},  # another's
        {"uai": "0692459Y"},  # on nobody's list yet
        {"status": OTHER},
        {"status": ABROAD, "department": None},
    ],
)
def test_a_uai_with_anything_but_what_the_list_says_is_refused(change: dict[str, object], world: World) -> None:
    draft_id = started(world)
    with pytest.raises(InvalidFields) as refused:
        register.save_institution(draft_id, LYON_2.model_copy(update=change), tools=world)
    assert refused.value.fields == (FieldError("uai", "unknown_institution"),)
    draft = world.store.find(Draft, draft_id)
    assert draft is not None
    assert draft.institution is None


def test_an_institution_outside_france_is_kept_as_abroad(world: World) -> None:
    world.institutions.replace([ROME])
    assert kept(ROME.screen, world) == ROME.screen


def test_what_was_chosen_stays_when_the_list_no_longer_has_it(world: World) -> None:
    draft_id = started(world)
    register.save_institution(draft_id, LYON_2, tools=world)
    world.institutions.replace([ROME])
    assert register.read_registration(draft_id, tools=world).institution == LYON_2

"""What an entry of the list of institutions is, and the one screen that agrees with it."""

from typing import Any

import pytest
from cvec.domain.institution import InstitutionStatus
from cvec.domain.institutions import CatalogueInstitution, uai_key
from pydantic import ValidationError

LYON_1: dict[str, Any] = {
    "uai": "0691774D",
    "name": "Université Claude Bernard - Lyon 1",
    "commune": "Villeurbanne",
    "department": "69",
    "also": "UCBL",
}
ROME = CatalogueInstitution(uai="1270009V", name="École française de Rome", commune="Rome", department="999")


@pytest.mark.parametrize("uai", ["0693623N", "0690194L", "0692353H", "0693364G", "7200664J", "9710585J"])
def test_the_key_of_a_published_uai_is_right(uai: str) -> None:
    assert uai_key(uai[:7]) == uai[7]


def test_no_other_letter_is_the_key() -> None:
    wrong = [letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if letter != "D"]
    for letter in wrong:
        with pytest.raises(ValidationError, match="uai_key"):
            CatalogueInstitution.model_validate(LYON_1 | {"uai": f"0691774{letter}"})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"uai": "0494016P"}, "uai_key"),  # the original service's own example
        ({"uai": "0691774d"}, "uai_form"),
        ({"uai": "069177D"}, "uai_form"),
        ({"uai": "069177\u0664D"}, "uai_form"),
        ({"uai": "0691774D\n"}, "uai_form"),
        ({"name": ""}, "too_short"),
        ({"name": "x" * 121}, "too_long"),
        ({"name": '=HYPERLINK("https://x.example")'}, "formula"),
        ({"name": "  +1"}, "formula"),
        ({"name": "a\u202eb"}, "invisible_characters"),
        ({"commune": "@SUM(A1)"}, "formula"),
        ({"commune": ""}, "too_short"),
        ({"also": "-2+3"}, "formula"),
        ({"department": "20"}, "unknown_department"),
        ({"department": "Rhône"}, "unknown_department"),
        ({"region": "x"}, "extra_forbidden"),
    ],
)
def test_what_is_no_entry_is_refused_by_its_code(change: dict[str, Any], code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        CatalogueInstitution.model_validate(LYON_1 | change)
    assert code in str(refused.value)


def test_the_label_is_commune_name_and_country_in_capitals() -> None:
    ecam = CatalogueInstitution(uai="0690194L", name="ECAM La Salle", commune="Lyon 5e", department="69")
    assert ecam.label == "LYON ECAM LA SALLE [FRANCE]"
    assert ROME.label == "ROME ÉCOLE FRANÇAISE DE ROME [ÉTRANGER]"


def test_every_word_it_is_known_by_begins_after_a_space_in_its_key() -> None:
    key = CatalogueInstitution.model_validate(LYON_1).search_key
    assert key == " universite claude bernard lyon 1 ucbl villeurbanne"


def test_the_screen_of_whoever_chose_it_bears_its_name_and_department() -> None:
    screen = CatalogueInstitution.model_validate(LYON_1).screen
    assert (screen.status, screen.department, screen.name, screen.uai) == (
        InstitutionStatus.FRANCE,
        "69",
        "Université Claude Bernard - Lyon 1",
        "0691774D",
    )


def test_one_outside_france_is_chosen_as_abroad() -> None:
    assert (ROME.screen.status, ROME.screen.department) == (InstitutionStatus.ABROAD, None)

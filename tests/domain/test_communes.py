"""Communes keep their spelling, forgive that of others, and know their Crous."""

import pytest
from cvec.domain.communes import (
    Commune,
    CommuneMatch,
    bare_key,
    commune_code,
    department_of_code,
    department_of_postcode,
    fold,
    name_key,
)

LYON = Commune("69123", "Lyon", "69", ("69001", "69002", "69003"))
KERGUELEN = Commune("98412", "Archipel des Kerguelen", "984", ())


def test_a_label_shows_the_postcode_asked_for() -> None:
    assert LYON.label("69003") == CommuneMatch(LYON, "69003").label == "Lyon (69003)"


@pytest.mark.parametrize("postcode", [None, "", "75001"])
def test_a_label_never_shows_a_postcode_of_another_commune(postcode: str | None) -> None:
    assert LYON.label(postcode) == "Lyon (69001)"


def test_a_commune_without_postcode_shows_its_department() -> None:
    assert CommuneMatch(KERGUELEN, None).label == "Archipel des Kerguelen (984)"


def test_a_commune_knows_its_crous_or_that_there_is_none() -> None:
    assert LYON.crous is not None
    assert LYON.crous.code == "LYO"
    assert KERGUELEN.crous is None


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("l'hay les roses", "L'Haÿ-les-Roses"),
        ("L’HAŸ-LES-ROSES", "L'Haÿ-les-Roses"),
        ("lhay les roses", "L'Haÿ-les-Roses"),
        ("saint etienne", "Saint-Étienne"),
        ("St-Étienne", "Saint-Étienne"),
        ("ST. ETIENNE", "Saint-Étienne"),
        ("ste foy les lyon", "Sainte-Foy-lès-Lyon"),
        ("le mont st michel", "Le Mont-Saint-Michel"),
        ("Mons en Baroeul", "Mons-en-Barœul"),
        ("OEUILLY", "Œuilly"),
        ("  aix   en provence ", "Aix-en-Provence"),
        ("Saint–Denis", "Saint-Denis"),
        ("Be\u0301ziers", "Béziers"),
    ],
)
def test_spellings_of_one_name_have_one_key(typed: str, name: str) -> None:
    assert name_key(typed) == name_key(name)


@pytest.mark.parametrize("name", ["Strasbourg", "Stains", "Steenvoorde", "Brest-la-Ville", "st"])
def test_letters_that_only_look_like_saint_are_left_alone(name: str) -> None:
    assert "saint" not in fold(name)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("La Rochelle", "rochelle"),
        ("Le Havre", "havre"),
        ("Les Ulis", "ulis"),
        ("L'Haÿ-les-Roses", "haylesroses"),
        ("Los Masos", "masos"),
        ("Lens", "lens"),
        ("Lesquin", "lesquin"),
        ("Le", "le"),
    ],
)
def test_only_a_leading_article_is_dropped(name: str, key: str) -> None:
    assert bare_key(name) == key


def test_text_without_a_letter_folds_to_nothing() -> None:
    assert fold(" -'’() ") == fold("") == fold("東京") == ""


@pytest.mark.parametrize(
    ("first", "last", "commune"), [(75101, 75120, "75056"), (69381, 69389, "69123"), (13201, 13216, "13055")]
)
def test_arrondissements_are_part_of_their_commune_and_nothing_else_is(first: int, last: int, commune: str) -> None:
    assert {commune_code(str(code)) for code in range(first, last + 1)} == {commune}
    assert commune_code(str(first - 1)) == str(first - 1)
    assert commune_code(str(last + 1)) == str(last + 1)


def test_a_shortened_arrondissement_code_is_not_understood() -> None:
    assert commune_code("7511") == "7511"


@pytest.mark.parametrize(("code", "department"), [("01001", "01"), ("2B033", "2B"), ("97611", "976"), ("98818", "988")])
def test_a_code_opens_with_its_department(code: str, department: str) -> None:
    assert department_of_code(code) == department


@pytest.mark.parametrize(
    ("postcode", "department"),
    [
        ("69621", "69"),
        ("92916", "92"),
        ("01", "01"),
        ("20090", "2A"),
        ("20189", "2A"),
        ("20293", "2B"),
        ("20600", "2B"),
        ("97499", "974"),
        ("98849", "988"),
    ],
)
def test_a_postcode_of_no_commune_still_tells_its_department(postcode: str, department: str) -> None:
    assert department_of_postcode(postcode) == department


@pytest.mark.parametrize("postcode", ["", "2", "20", "00100", "96000", "98000", "99123", "lyon"])
def test_a_postcode_that_tells_nothing_is_not_guessed_at(postcode: str) -> None:
    assert department_of_postcode(postcode) is None

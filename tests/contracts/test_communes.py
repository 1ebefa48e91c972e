"""The gazetteer answers as a full reading of the list would, without ever reading it in full."""

import random

import pytest
from cvec.adapters.communes import MOST, CommuneGazetteer
from cvec.domain.communes import department_of_postcode

from tests.support.listed_communes import TWO_CROUS, Listed, read_slowly


@pytest.fixture(scope="module")
def listed() -> list[Listed]:
    return list(read_slowly())


@pytest.fixture(scope="module")
def gazetteer() -> CommuneGazetteer:
    return CommuneGazetteer()


def labels(gazetteer: CommuneGazetteer, text: str, limit: int = 10) -> list[str]:
    return [match.label for match in gazetteer.search(text, limit)]


def test_every_commune_is_got_by_its_code(gazetteer: CommuneGazetteer, listed: list[Listed]) -> None:
    assert [gazetteer.get(line.code) for line in listed] == [line.commune for line in listed]


@pytest.mark.parametrize(("code", "name"), [("75113", "Paris"), ("69387", "Lyon"), ("13216", "Marseille")])
def test_an_arrondissement_is_got_as_its_commune(gazetteer: CommuneGazetteer, code: str, name: str) -> None:
    assert gazetteer.get(code).name == name


@pytest.mark.parametrize("code", ["", "00000", "99999", "69", "7511", "2a004", "Lyon", "69123 "])
def test_an_unknown_code_is_a_key_error(gazetteer: CommuneGazetteer, code: str) -> None:
    with pytest.raises(KeyError):
        gazetteer.get(code)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Lyon", "Lyon (69001)"),
        ("69007", "Lyon (69007)"),
        ("69 007", "Lyon (69007)"),
        ("Lyon (69007)", "Lyon (69007)"),
        ("lyon 7e", "Lyon (69007)"),
        ("Paris 13", "Paris (75013)"),
        ("75116", "Paris (75116)"),
        ("69", "Lyon (69001)"),
        ("l’hay", "L'Haÿ-les-Roses (94240)"),
        ("hay les", "L'Haÿ-les-Roses (94240)"),
        ("la rochelle", "La Rochelle (17000)"),
        ("ROCHELLE", "La Rochelle (17000)"),
        ("st etienne", "Saint-Étienne (42000)"),
        ("saint denis", "Saint-Denis (97400)"),
        ("saint denis 93", "Saint-Denis (93200)"),
        ("villeneuve dascq", "Villeneuve-d'Ascq (59491)"),
        ("eu", "Eu (76260)"),
        ("st", "Strasbourg (67000)"),
        ("94390", "Paray-Vieille-Poste (94390)"),
        ("201", "Ajaccio (20167)"),
        ("202", "Bastia (20200)"),
        ("976", "Mamoudzou (97600)"),
    ],
)
def test_the_commune_a_student_means_comes_first(gazetteer: CommuneGazetteer, text: str, first: str) -> None:
    assert labels(gazetteer, text)[0] == first


@pytest.mark.parametrize("text", ["", " ", "a", "9", "é", "'", "69621", "92916", "98000", "zzzz", "1234567", "東京"])
def test_too_little_or_nobodys_finds_nothing(gazetteer: CommuneGazetteer, text: str) -> None:
    assert gazetteer.search(text) == ()


def test_digits_that_suit_no_commune_of_the_name_are_overlooked(gazetteer: CommuneGazetteer) -> None:
    assert labels(gazetteer, "Lyon 31000") == labels(gazetteer, "Lyon")


@pytest.mark.parametrize("postcode", sorted(TWO_CROUS))
def test_a_postcode_of_two_crous_lists_the_communes_of_both(gazetteer: CommuneGazetteer, postcode: str) -> None:
    matches = gazetteer.search(postcode, MOST)
    assert len({match.commune.crous for match in matches}) == 2
    assert {match.postcode for match in matches} == {postcode}


def test_a_postcode_may_lie_in_another_department_than_it_says(gazetteer: CommuneGazetteer) -> None:
    (paray,) = gazetteer.search("94390")
    assert paray.commune.department == "91"
    assert paray.commune.crous is not None
    assert paray.commune.crous.code == "VER"


def test_corsica_has_two_departments_and_one_crous(gazetteer: CommuneGazetteer) -> None:
    ajaccio, bastia = gazetteer.search("20000")[0].commune, gazetteer.search("20200")[0].commune
    assert (ajaccio.department, bastia.department) == ("2A", "2B")
    assert ajaccio.crous is bastia.crous is not None


def test_all_namesakes_are_listed_before_longer_names(gazetteer: CommuneGazetteer) -> None:
    matches = gazetteer.search("sainte-colombe", MOST)
    assert [match.commune.name for match in matches[:12]] == ["Sainte-Colombe"] * 12
    assert matches[12].commune.name != "Sainte-Colombe"
    assert len({match.label for match in matches}) == len(matches)


def test_the_biggest_towns_of_a_department_are_the_way_out_of_a_cedex(gazetteer: CommuneGazetteer) -> None:
    department = department_of_postcode("69621")
    assert department is not None
    assert [match.label for match in gazetteer.towns(department, 2)] == ["Lyon (69001)", "Villeurbanne (69100)"]
    assert gazetteer.towns("2A", 1)[0].label == "Ajaccio (20000)"
    assert gazetteer.towns("99") == ()


def test_an_answer_is_no_longer_than_asked_nor_than_the_most(gazetteer: CommuneGazetteer) -> None:
    assert [len(gazetteer.search("sa", limit)) for limit in (0, 1, 10, MOST, 500)] == [0, 1, 10, MOST, MOST]
    assert len(gazetteer.towns("69", 500)) == len(gazetteer.search("mar", 500)) == MOST


def test_every_label_finds_its_commune_again(gazetteer: CommuneGazetteer, listed: list[Listed]) -> None:
    for line in random.Random(20260901).sample(listed, 300):  # noqa: S311 - a repeatable sample, no secret
        found = {match.commune.code for match in gazetteer.search(line.commune.label(), MOST)}
        assert line.code in found, line.commune.label()


def some_prefixes(listed: list[Listed], count: int) -> list[str]:
    chance = random.Random(1409002949)  # noqa: S311 - a repeatable sample, no secret
    keys = [chance.choice(sorted(line.keys)) for line in chance.sample(listed, count)]
    return [key[: chance.randint(2, max(2, len(key)))] for key in keys if len(key) > 1]


def test_a_search_answers_as_reading_the_whole_list_would(gazetteer: CommuneGazetteer, listed: list[Listed]) -> None:
    keys = [(key, line) for line in listed for key in line.keys]
    for prefix in some_prefixes(listed, 200):
        scan = {line for key, line in keys if key.startswith(prefix)}
        expected = sorted(scan, key=lambda line: line.order(prefix))[:MOST]
        found = [match.commune.code for match in gazetteer.search(prefix, MOST)]
        assert found == [line.code for line in expected], prefix

"""`cvec institutions import`: what would change is told, and one bad row stops everything unless asked otherwise."""

from pathlib import Path

import pytest
from cvec.adapters.institutions import shipped_list

from tests.contracts.command_line.conftest import Cvec
from tests.support.fakes import World

TITLES = "uai;libellé;Commune;Code département\n"
UTT = "0101060Y;Université de technologie de Troyes;Troyes;D010\n"
LYON_2 = "0691775E;Université Lumière Lyon 2;Lyon 7e;D069\n"
WRONG = "0691774E;Université Lyon 1;Villeurbanne;D069\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(TITLES + UTT + LYON_2, encoding="utf-8-sig")
    return path


def test_a_sound_file_becomes_the_list_and_what_changed_is_told(cvec: Cvec, world: World, file: Path) -> None:
    said = cvec("institutions", "import", str(file))
    assert said.code == 0
    assert (said.facts["imported"], said.facts["good"], said.facts["bad"]) == (True, 2, [])
    assert [one["uai"] for one in said.facts["added"]] == ["0101060Y"]
    assert len(said.facts["removed"]) == len(shipped_list().listed()) - 1
    assert said.facts["changed"] == [
        {
            "uai": "0691775E",
            "from": "Université Lumière - Lyon 2, Lyon 7e, 69",
            "to": "Université Lumière Lyon 2, Lyon 7e, 69",
        }
    ]
    assert {one.uai for one in world.institutions.listed()} == {"0101060Y", "0691775E"}


def test_importing_the_same_file_again_changes_nothing(cvec: Cvec, world: World, file: Path) -> None:
    cvec("institutions", "import", str(file))
    said = cvec("institutions", "import", str(file))
    assert (said.facts["added"], said.facts["removed"], said.facts["changed"]) == ([], [], [])


def test_a_dry_run_tells_the_same_and_changes_nothing(cvec: Cvec, world: World, file: Path) -> None:
    tried = cvec("institutions", "import", str(file), "--dry-run")
    assert tried.code == 0
    assert world.institutions.listed() == shipped_list().listed()
    assert cvec("institutions", "import", str(file)).facts == tried.facts | {"imported": True}


def test_one_bad_row_leaves_the_list_as_it_was(cvec: Cvec, world: World, file: Path) -> None:
    file.write_text(TITLES + UTT + WRONG, encoding="utf-8")
    said = cvec("institutions", "import", str(file))
    assert said.code == 2
    assert said.facts["refused"] == "bad_rows"
    assert said.facts["bad"] == [{"line": 3, "why": "uai: uai_key"}]
    assert world.institutions.listed() == shipped_list().listed()


def test_bad_rows_are_left_out_where_that_was_asked_for_and_told_all_the_same(
    cvec: Cvec, world: World, file: Path
) -> None:
    file.write_text(TITLES + UTT + WRONG, encoding="utf-8")
    said = cvec("institutions", "import", str(file), "--skip-bad")
    assert (said.code, said.facts["imported"]) == (1, True)
    assert said.facts["bad"] == [{"line": 3, "why": "uai: uai_key"}]
    assert [one.uai for one in world.institutions.listed()] == ["0101060Y"]


def test_a_file_with_nothing_but_bad_rows_never_empties_the_list(cvec: Cvec, world: World, file: Path) -> None:
    file.write_text(TITLES + WRONG, encoding="utf-8")
    said = cvec("institutions", "import", str(file), "--skip-bad")
    assert (said.code, said.facts["because"]) == (2, ["file: no_rows"])
    assert world.institutions.listed() == shipped_list().listed()


def test_a_file_that_is_no_list_is_refused_with_why(cvec: Cvec, world: World, file: Path) -> None:
    file.write_bytes((TITLES + UTT).encode("utf-16"))
    said = cvec("institutions", "import", str(file))
    assert (said.code, said.facts) == (2, {"refused": "invalid_fields", "because": ["file: not_utf8"]})


def test_a_file_that_is_not_there_is_said(cvec: Cvec, world: World, tmp_path: Path) -> None:
    said = cvec("institutions", "import", str(tmp_path / "none.csv"))
    assert (said.code, said.facts["refused"]) == (2, "unreadable_file")


def test_for_people_rows_stand_in_columns(cvec: Cvec, world: World, file: Path) -> None:
    lines = cvec("institutions", "import", str(file), "--dry-run", as_json=False).out.splitlines()
    assert lines[:4] == ["imported: False", "good: 2", "bad: none", "added: 1"]
    assert lines[5] == "  0101060Y  10          Université de technologie de Troyes"

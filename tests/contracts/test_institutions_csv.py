"""Any CSV may be offered as the list: the ministry's is read as downloaded, a hostile one does no harm."""

import os
from pathlib import Path

import pytest
from cvec.adapters.institutions_csv import LARGEST_FILE, MOST_ROWS, BadRow, read_institutions, write_institutions
from cvec.domain.errors import InvalidFields
from cvec.domain.institutions import CatalogueInstitution

GIVEN_FILE = "INSTITUTIONS_CSV"
"""The environment variable that may name a whole published list to try the reader on."""

SLIM = "uai,name,commune,department_code,department\n"
UTT = "0101060Y,Université de technologie de Troyes,Troyes,10,Aube\n"
ISEP = "0753559L,Institut supérieur d'électronique de Paris,Paris 6e,75,Paris\n"
LABELS = (
    "identifiant interne;libellé;nom court;sigle;type d'établissement;uai - identifiant;anciens codes uai;Code commune;"
    "Commune;Code département;Département;Code postal;Localité;uo_lib_officiel\r\n"
)
API_NAMES = "etablissement_id_paysage,uo_lib,nom_court,sigle,uai,com_code,com_nom,dep_id,dep_nom,uo_lib_officiel\n"
READ = CatalogueInstitution(
    uai="0600071B", name="Institut polytechnique UniLaSalle", commune="Beauvais", department="60", also="UniLaSalle IPU"
)


def read(text: str) -> tuple[list[str], list[BadRow]]:
    reading = read_institutions(text.encode())
    return [one.uai for one in reading.institutions], list(reading.bad)


def refusal(raw: bytes) -> list[tuple[str, str]]:
    with pytest.raises(InvalidFields) as refused:
        read_institutions(raw)
    return [(one.field, one.code) for one in refused.value.fields]


def test_the_export_with_labels_is_read() -> None:
    named = "BmNtV;Institut polytechnique UniLaSalle;UniLaSalle;IPU;École"
    row = f'{named};0600071B;"0951804V;0600071B";60057;Beauvais;D060;Oise;60026;Beauvais CEDEX;\r\n'
    assert read_institutions(f"\ufeff{LABELS}{row}".encode()).institutions == (READ,)


def test_the_export_with_api_names_is_read() -> None:
    row = "BmNtV,Institut polytechnique UniLaSalle,UniLaSalle,IPU,0600071B,60057,Beauvais,D060,Oise,Institut\n"
    assert read_institutions((API_NAMES + row).encode()).institutions == (READ,)


@pytest.mark.parametrize(
    ("written", "department"), [("D069", "69"), ("D02A", "2A"), ("D974", "974"), ("D999", "999"), ("1", "01")]
)
def test_departments_are_read_as_the_export_and_spreadsheets_write_them(written: str, department: str) -> None:
    [one] = read_institutions(f"{SLIM}0101060Y,Une école,Là,{written},\n".encode()).institutions
    assert one.department == department


def test_what_is_written_is_read_back_and_written_the_same() -> None:
    written = write_institutions(read_institutions((SLIM + UTT + ISEP).encode()).institutions)
    assert write_institutions(read_institutions(written).institutions) == written


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",Une école,Lyon,69,Rhône\n", "uai: none"),
        ('"0753607N;0942340H",ESTP,Cachan,94,Val-de-Marne\n', "uai: several"),
        ("0101060Z,Une école,Lyon,69,Rhône\n", "uai: uai_key"),
        ("=1+1,Une école,Lyon,69,Rhône\n", "uai: uai_form"),
        ("0692459Y,,Lyon,69,Rhône\n", "name: too_short"),
        ('0692459Y,"=HYPERLINK(""https://x.example"",""y"")",Lyon,69,Rhône\n', "name: formula"),
        ("0692459Y,@SUM(A1),+33,69,Rhône\n", "commune: formula, name: formula"),
        ("0692459Y,A\u202eB,Lyon,69,Rhône\n", "name: invisible_characters"),
        ("0692459Y,A\0B,Lyon,69,Rhône\n", "name: invisible_characters"),
        (f"0692459Y,{'x' * 5_000},Lyon,69,Rhône\n", "name: too_long"),
        ("0692459Y,Une école,Lyon,Rhône,69\n", "department: unknown_department"),
        ("0692459Y,Une école,Lyon\n", "columns"),
        ("0692459Y,Une école,Lyon,69,Rhône,de trop\n", "columns"),
        (UTT, "uai: same as line 2"),
    ],
)
def test_a_bad_row_is_told_by_its_line_and_the_others_are_read(row: str, reason: str) -> None:
    assert read(SLIM + UTT + "\n" + row + ISEP) == (["0101060Y", "0753559L"], [BadRow(4, reason)])


def test_a_row_on_two_lines_is_told_by_its_first_and_the_next_by_its_own() -> None:
    uais, bad = read(SLIM + '0692459Y,"Une\nécole",Lyon,00,\n' + "x,y,z,75,\n" + UTT)
    assert uais == ["0101060Y"]
    assert [one.line for one in bad] == [2, 4]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", [("file", "no_rows")]),
        (SLIM.encode(), [("file", "no_rows")]),
        ((SLIM + UTT).encode("utf-16"), [("file", "not_utf8")]),
        ((SLIM + UTT).encode("cp1252"), [("file", "not_utf8")]),
        (b"PK\x03\x04\xff\xfe\x00an xlsx", [("file", "not_utf8")]),
        (b"x" * (LARGEST_FILE + 1), [("file", "too_large")]),
        ((SLIM + UTT * MOST_ROWS + UTT).encode(), [("file", "too_many_rows")]),
        ((SLIM + UTT + '0692459Y,"never closed,Lyon,69,\n' + ISEP).encode(), [("file, line 3", "unreadable_row")]),
        ((SLIM + f"0692459Y,{'x' * 200_000},Lyon,69,\n").encode(), [("file, line 2", "unreadable_row")]),
        (b"uai,name,commune\n" + UTT.encode(), [("file", "no_single_column_department")]),
        (b"uai,uai,name,commune,dep_id\n" + UTT.encode(), [("file", "no_single_column_uai")]),
    ],
)
def test_a_file_that_is_no_such_list_is_refused_whole(raw: bytes, said: list[tuple[str, str]]) -> None:
    assert refusal(raw) == said


@pytest.mark.skipif(GIVEN_FILE not in os.environ, reason=f"{GIVEN_FILE} names no published list")
def test_of_a_published_list_every_row_is_read_or_told() -> None:
    raw = Path(os.environ[GIVEN_FILE]).read_bytes()
    reading = read_institutions(raw)
    assert len(reading.institutions) >= 200
    assert len(reading.bad) <= 20
    assert len({one.line for one in reading.bad}) == len(reading.bad)
    assert read_institutions(write_institutions(reading.institutions)).bad == ()

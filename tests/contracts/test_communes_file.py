"""The communes file: it is what its provenance says, costs little to open, and is made again the same."""

import hashlib
import json
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from time import sleep
from typing import Any
from unittest.mock import Mock

import pytest
from cvec.adapters.communes import SHIPPED, CommuneGazetteer, Gazette
from cvec.domain import communes as domain
from cvec.domain.crous import DEPARTMENTS, WITHOUT_CROUS, Crous

from infra.deploy.communes import generate
from tests.support.listed_communes import TWO_CROUS, Listed, read_slowly


@pytest.fixture(scope="module")
def listed() -> list[Listed]:
    return list(read_slowly())


def test_the_list_holds_every_commune_of_2026(listed: list[Listed]) -> None:
    assert len({line.code for line in listed}) == len(listed) == 34_969
    assert len({postcode for line in listed for postcode in line.commune.postcodes}) == 6_310
    assert {line.commune.department for line in listed} == DEPARTMENTS
    assert len(DEPARTMENTS) == 109


def test_every_commune_has_a_crous_or_lies_where_there_is_none(listed: list[Listed]) -> None:
    without = {line.commune.department for line in listed if line.commune.crous is None}
    assert without == set(WITHOUT_CROUS)


def test_exactly_nine_postcodes_are_shared_by_two_crous(listed: list[Listed]) -> None:
    crous: defaultdict[str, set[Crous | None]] = defaultdict(set)
    for line in listed:
        for postcode in line.commune.postcodes:
            crous[postcode].add(line.commune.crous)
    assert {postcode for postcode, several in crous.items() if len(several) > 1} == TWO_CROUS


def test_the_file_is_the_one_its_provenance_describes(listed: list[Listed]) -> None:
    told = json.loads(SHIPPED.with_name("communes.provenance.json").read_text(encoding="utf-8"))
    assert told["file"]["sha256"] == hashlib.sha256(SHIPPED.read_bytes()).hexdigest()
    assert told["file"]["bytes"] == SHIPPED.stat().st_size <= 600_000
    assert told["counts"] == {"communes": 34_969, "departments": 109, "postcodes": 6_310}
    assert told["source"]["version"] == generate.VERSION
    assert told["source"]["integrity"] == generate.INTEGRITY


def refuse(text: str) -> str:
    raise AssertionError(f"folded {text!r}")


def test_nothing_is_folded_until_a_name_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domain, "fold", refuse)
    gazetteer = CommuneGazetteer()
    assert gazetteer.get("69123").name == "Lyon"
    with pytest.raises(AssertionError, match="folded 'Lyon'"):
        gazetteer.search("Lyon")


@pytest.mark.parametrize("text", ["sa", "saint", "lyon", "rochelle", "zz", "villeneuve", "saint denis 93"])
def test_a_search_folds_a_handful_of_names(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    fold = Mock(side_effect=domain.fold)
    monkeypatch.setattr(domain, "fold", fold)
    CommuneGazetteer().search(text)
    assert 0 < fold.call_count < 200


@pytest.mark.parametrize("text", ["sa", "saint", "le", "villers"])
def test_a_beginning_shared_by_a_crowd_folds_only_what_was_typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    fold = Mock(side_effect=domain.fold)
    monkeypatch.setattr(domain, "fold", fold)
    assert len(CommuneGazetteer().search(text)) == 10
    fold.assert_called_once()


def test_the_file_is_not_opened_before_it_is_needed(tmp_path: Path) -> None:
    gazetteer = CommuneGazetteer(tmp_path / "absent.gz")
    with pytest.raises(FileNotFoundError):
        gazetteer.search("Lyon")


def test_threads_that_ask_at_once_read_the_file_once(monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = Gazette.read(SHIPPED)

    def read_slowly_enough_to_be_overtaken(_: Path) -> Gazette:
        sleep(0.05)
        return shipped

    read = Mock(side_effect=read_slowly_enough_to_be_overtaken)
    monkeypatch.setattr(Gazette, "read", read)
    gazetteer, start = CommuneGazetteer(), Barrier(8)

    def ask(_: int) -> str:
        start.wait(timeout=10)
        return gazetteer.get("69123").name

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(8))) == ["Lyon"] * 8
    read.assert_called_once_with(SHIPPED)


def record(code: str, name: str, population: int, *postcodes: str) -> dict[str, Any]:
    kind = {"type": "commune-actuelle", "departement": code[:2]}
    return {"code": code, "nom": name, "population": population, "codesPostaux": list(postcodes), **kind}


VILLAGES = [
    record("01001", "Le Bourg", 90, "01400"),
    record("01002", "Bourgneuf", 4000, "01400", "01100"),
    record("01003", "Bourg", 12),
]


def test_the_generator_writes_what_the_gazetteer_reads(tmp_path: Path) -> None:
    file = tmp_path / "villages.txt.gz"
    file.write_bytes(generate.packed(generate.sections(VILLAGES)))
    search = CommuneGazetteer(file).search
    assert [match.label for match in search("bo")] == ["Bourgneuf (01100)", "Le Bourg (01400)", "Bourg (01)"]
    assert [match.label for match in search("bourg")] == ["Le Bourg (01400)", "Bourg (01)", "Bourgneuf (01100)"]
    assert [match.label for match in search("014")] == ["Bourgneuf (01400)", "Le Bourg (01400)"]


def test_the_same_package_makes_the_same_bytes() -> None:
    first, second = (generate.packed(generate.sections(VILLAGES)) for _ in range(2))
    assert first == second
    assert first[4:8] == bytes(4), "the date field of gzip (RFC 1952) stays empty"


def test_a_small_village_leads_the_crowd_that_only_begins_with_its_name(tmp_path: Path) -> None:
    crowd = [record(f"02{number:03}", f"Bourg{chr(97 + number % 26)}{number}", 5000) for number in range(70)]
    file = tmp_path / "crowd.txt.gz"
    file.write_bytes(generate.packed(generate.sections([*VILLAGES, *crowd])))
    found = [match.commune.name for match in CommuneGazetteer(file).search("bourg", 3)]
    assert found == ["Le Bourg", "Bourg", "Bourga0"]


def test_another_package_is_refused(tmp_path: Path) -> None:
    package = tmp_path / "other.tgz"
    package.write_bytes(b"not the pinned one")
    with pytest.raises(SystemExit, match="pin its version"):
        generate.check_integrity(package)


@pytest.mark.parametrize(
    "strange",
    [
        {"type": "arrondissement-municipal", "code": "31101", "commune": "31555"},
        {"type": "commune-actuelle", "code": "01001", "departement": "69"},
    ],
)
def test_a_list_that_breaks_a_rule_of_the_code_is_refused(strange: dict[str, Any]) -> None:
    with pytest.raises(SystemExit):
        generate.check_rules([strange])

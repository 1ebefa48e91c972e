"""The list of institutions: the shipped one is sound, searches answer as a slow reading would, S3's replaces it."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from cvec.adapters.institutions import (
    KEPT_FOR,
    KEY,
    MOST,
    SHIPPED,
    InstitutionList,
    S3Institutions,
    shipped_list,
)
from cvec.adapters.institutions_csv import COLUMNS, read_institutions, write_institutions
from cvec.domain.communes import fold
from cvec.domain.errors import InvalidFields, TryAgain
from cvec.domain.institutions import CatalogueInstitution, uai_key
from cvec.ports import Institutions

from infra.local.moto_cloud import REGION, MotoCloud
from tests.support.fakes import FakeClock, FakeInstitutions

BUCKET = "catalogue-of-tests"
TITLES = ",".join(COLUMNS)
ROME = CatalogueInstitution(uai="1270009V", name="École française de Rome", commune="Rome", department="999")
UTT = CatalogueInstitution(
    uai="0101060Y", name="Université de technologie de Troyes", commune="Troyes", department="10", also="UTT"
)


def made_up(count: int) -> list[CatalogueInstitution]:
    """So many institutions of Paris."""
    uais = [f"{number:07d}{uai_key(f'{number:07d}')}" for number in range(count)]
    return [CatalogueInstitution(uai=uai, name=f"École {uai}", commune="Paris", department="75") for uai in uais]


def names(found: tuple[CatalogueInstitution, ...]) -> list[str]:
    return [one.name for one in found]


# ── The shipped list ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_shipped_list_is_the_one_whose_provenance_is_told() -> None:
    raw = SHIPPED.read_bytes()
    told: dict[str, Any] = json.loads(SHIPPED.with_name("institutions.provenance.json").read_text(encoding="utf-8"))
    assert told["file"] == {"name": SHIPPED.name, "bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()}
    assert told["counts"] == {"institutions": len(shipped_list().listed())}


def test_the_shipped_list_has_no_bad_row_and_is_written_as_an_import_would() -> None:
    reading = read_institutions(SHIPPED.read_bytes())
    assert reading.bad == ()
    assert write_institutions(reading.institutions) == SHIPPED.read_bytes()


@pytest.mark.parametrize("uai", ["0693623N", "0690194L", "0692353H", "0693364G"])
def test_the_schools_of_the_guide_are_in_it(uai: str) -> None:
    found = shipped_list().find(uai)
    assert found is not None
    assert found.department == "69"


# ── Searches ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("ecam", "École catholique des arts et métiers"),
        ("  ÉcAm lasalle ", "École catholique des arts et métiers"),
        ("Cote d'az", "Université Côte d'Azur"),
        ("lum", "Université Lumière - Lyon 2"),
        ("lyon 3", "Université Jean Moulin - Lyon 3"),
        ("universite lyon 1", "Université Claude Bernard - Lyon 1"),
        ("st martin", "Université Grenoble Alpes"),
        ("guadeloupe", None),
        ("cam", None),  # inside a word, not at its beginning
    ],
)
def test_the_beginnings_of_words_find_whatever_accents_and_capitals(text: str, first: str | None) -> None:
    assert next(iter(names(shipped_list().search(text))), None) == first


def test_names_that_begin_with_what_was_typed_come_first() -> None:
    assert names(shipped_list().search("sorbonne"))[0] == "Sorbonne Université"
    assert names(shipped_list().search("centrale"))[0] == "Centrale Lyon"


@pytest.mark.parametrize("text", ["uni", "lyon", "ecole sup", "de", "a a a", "universite de l", "xyz"])
@pytest.mark.parametrize("department", [None, "69", "75", "2B", "999", "00"])
def test_a_search_answers_as_a_slow_reading_would(text: str, department: str | None) -> None:
    def is_meant(one: CatalogueInstitution) -> bool:
        words = fold(f"{one.name} {one.also} {one.commune}").split()
        begins = all(any(word.startswith(typed) for word in words) for typed in fold(text).split())
        return begins and department in (None, one.department)

    is_enough = len(fold(text).replace(" ", "")) >= 3
    expected = {one.uai for one in shipped_list().listed() if is_enough and is_meant(one)}
    assert {one.uai for one in shipped_list().search(text, department)} == expected


@pytest.mark.parametrize("text", ["ab", "  ", "'''", "é e", "東京都", "\0\0\0", "🦒🦒🦒"])
def test_fewer_than_three_letters_find_nothing_even_in_a_department(text: str) -> None:
    assert shipped_list().search(text) == ()
    assert shipped_list().search(text, "69") == ()


def test_nothing_asked_finds_nothing() -> None:
    assert shipped_list().search() == ()


def test_an_answer_has_an_end() -> None:
    assert len(InstitutionList(made_up(MOST + 5)).search("ecole", "75")) == MOST


# ── The port, in memory and in S3 ────────────────────────────────────────────────────────────────────────────────────


class FaultyClient:
    """An S3 client that can be cut off."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.fails_with: Exception | None = None
        self.asked = 0

    def get_object(self, **asked: Any) -> Any:
        self.asked += 1
        if self.fails_with:
            raise self.fails_with
        return self.client.get_object(**asked)

    def put_object(self, **asked: Any) -> Any:
        return self.client.put_object(**asked)


OUTAGE = EndpointConnectionError(endpoint_url="https://s3.example")
FORBIDDEN = ClientError({"Error": {"Code": "AccessDenied"}}, "GetObject")


@pytest.fixture(scope="module")
def moto() -> Iterator[MotoCloud]:
    cloud = MotoCloud()
    cloud.start()
    cloud.environment.park()
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    yield cloud
    cloud.stop()


@pytest.fixture
def client(moto: MotoCloud) -> FaultyClient:
    moto.client("s3").delete_object(Bucket=BUCKET, Key=KEY)
    return FaultyClient(moto.client("s3"))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def faults() -> list[Exception]:
    return []


@pytest.fixture
def stored(client: FaultyClient, clock: FakeClock, faults: list[Exception]) -> S3Institutions:
    return S3Institutions(lambda: client, bucket=BUCKET, clock=clock, on_fault=faults.append)  # type: ignore[arg-type,return-value]


@pytest.fixture(params=["memory", "s3"])
def institutions(request: pytest.FixtureRequest) -> Institutions:
    found: Institutions = FakeInstitutions() if request.param == "memory" else request.getfixturevalue("stored")
    return found


def test_before_any_import_the_list_is_the_shipped_one(institutions: Institutions) -> None:
    assert institutions.listed() == shipped_list().listed()
    assert institutions.search("ecam", "69") == shipped_list().search("ecam", "69")


def test_a_new_list_replaces_the_whole_of_the_one_before(institutions: Institutions) -> None:
    institutions.replace([UTT, ROME])
    assert institutions.listed() == (ROME, UTT)
    assert institutions.search("utt") == (UTT,)
    assert institutions.find("1270009V") == ROME
    assert institutions.find("0690194L") is None


def test_an_unsound_list_replaces_nothing(institutions: Institutions) -> None:
    institutions.replace([UTT])
    for unsound in ([], [ROME, ROME]):
        with pytest.raises(InvalidFields):
            institutions.replace(unsound)
    assert institutions.listed() == (UTT,)


def test_another_function_has_the_new_list_after_five_minutes_and_asks_no_more_often(
    stored: S3Institutions, client: FaultyClient, clock: FakeClock
) -> None:
    assert stored.find("0101060Y") is None
    client.client.put_object(Bucket=BUCKET, Key=KEY, Body=write_institutions([UTT]))
    clock.at += KEPT_FOR - (KEPT_FOR / 300)
    assert stored.find("0101060Y") is None
    assert client.asked == 1
    clock.at += KEPT_FOR / 300
    assert stored.find("0101060Y") == UTT
    assert client.asked == 2


def test_the_list_before_can_be_brought_back(stored: S3Institutions, client: FaultyClient, clock: FakeClock) -> None:
    stored.replace([UTT])
    stored.replace([ROME])
    versions = client.client.list_object_versions(Bucket=BUCKET, Prefix=KEY)["Versions"]
    before = {"Bucket": BUCKET, "Key": KEY, "VersionId": versions[1]["VersionId"]}
    client.client.copy_object(Bucket=BUCKET, Key=KEY, CopySource=before)
    clock.at += KEPT_FOR
    assert stored.listed() == (UTT,)


def test_an_outage_leaves_the_list_that_was_in_use(
    stored: S3Institutions, client: FaultyClient, clock: FakeClock
) -> None:
    stored.replace([UTT])
    assert stored.listed() == (UTT,)
    client.fails_with = OUTAGE
    clock.at += KEPT_FOR
    assert stored.listed() == (UTT,)


def test_an_outage_before_any_list_was_read_is_told(stored: S3Institutions, client: FaultyClient) -> None:
    client.fails_with = OUTAGE
    with pytest.raises(TryAgain):
        stored.find("0101060Y")


def test_a_lost_right_is_a_fault_and_no_empty_bucket(stored: S3Institutions, client: FaultyClient) -> None:
    client.fails_with = FORBIDDEN
    with pytest.raises(ClientError):
        stored.listed()


@pytest.mark.parametrize("spoilt", [b"", b"\xff\xfe", b"<html>", f"{TITLES}\n0101060Z,x,y,10,\n".encode()])
def test_a_file_spoilt_by_hand_is_reported_and_changes_nothing(
    spoilt: bytes, stored: S3Institutions, client: FaultyClient, clock: FakeClock, faults: list[Exception]
) -> None:
    client.client.put_object(Bucket=BUCKET, Key=KEY, Body=spoilt)
    assert stored.listed() == shipped_list().listed()
    stored.replace([UTT])
    assert stored.listed() == (UTT,)
    client.client.put_object(Bucket=BUCKET, Key=KEY, Body=spoilt)
    clock.at += KEPT_FOR
    assert stored.listed() == (UTT,)
    assert [type(fault) for fault in faults] == [InvalidFields, InvalidFields]

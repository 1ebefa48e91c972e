"""Documents on a laptop: S3's door for forms keeps the policy, and storage keeps the port's promises, fake or real."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
import requests
from cvec.adapters.scanner import GuardDutyScanner, LaptopScanner
from cvec.domain.documents import DocumentState, DocumentType, Fault, Verdict
from cvec.domain.errors import Stale, UnknownDocument
from cvec.ports import Tools
from cvec.ports_documents import Arrival, Intake
from cvec.usecases import documents

from infra.local.laptop import Laptop
from infra.local.resources import UnknownPropertyError
from infra.local.uploads import told_of
from tests.support.fakes import FakeIntake
from tests.support.files import image, pdf
from tests.support.laptop import TEMPLATE
from tests.support.uploads import OWNER, found, laptop_tools, offered, send

PLACE, KIND = "identity/p1/d1", DocumentType.PNG
GOOD = image("PNG")


@pytest.fixture(scope="module")
def laptop() -> Iterator[Laptop]:
    with Laptop(TEMPLATE) as laptop:
        yield laptop


@pytest.fixture
def tools(laptop: Laptop) -> Tools:
    """Tools of the laptop, whose owner has sent nothing today."""
    tickets = laptop.stack.address("Tickets", "Ref")
    key = {"pk": {"S": f"QUOTA#uploads#{OWNER}-identity"}, "sk": {"S": "QUOTA"}}
    laptop.cloud.client("dynamodb").delete_item(TableName=tickets, Key=key)
    return laptop_tools(laptop)


@pytest.fixture(params=["fake", "s3"])
def intake(request: pytest.FixtureRequest, laptop: Laptop) -> Iterator[Intake]:
    made = FakeIntake() if request.param == "fake" else laptop_tools(laptop).intake
    yield made
    made.erase(PLACE)


def arrive(intake: Intake, laptop: Laptop, content: bytes) -> None:
    if isinstance(intake, FakeIntake):
        intake.arrive(PLACE, content, KIND)
    else:
        bucket = laptop.stack.address("DocumentsBucket", "Ref")
        laptop.cloud.client("s3").put_object(
            Bucket=bucket, Key=f"quarantine/{PLACE}", Body=content, ContentType=str(KIND)
        )


def versions(laptop: Laptop) -> list[str]:
    """The keys of everything in the bucket, marks of deletion among them."""
    bucket = laptop.stack.address("DocumentsBucket", "Ref")
    listed = laptop.cloud.client("s3").list_object_versions(Bucket=bucket)
    return [one["Key"] for one in (*listed.get("Versions", []), *listed.get("DeleteMarkers", []))]


# ── The port ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_nothing_came_yet(intake: Intake) -> None:
    assert intake.find(PLACE) is None


def test_what_came_last_is_found_and_an_older_one_stays_what_it_was(intake: Intake, laptop: Laptop) -> None:
    arrive(intake, laptop, b"first")
    first = intake.find(PLACE)
    arrive(intake, laptop, b"second one")
    second = intake.find(PLACE)
    assert first is not None
    assert second is not None
    assert (first.size, second.size) == (5, 10)
    assert (intake.fetch(first).content, intake.fetch(second).content) == (b"first", b"second one")
    assert intake.fetch(second).type == KIND


def test_what_was_erased_is_gone_in_every_version(intake: Intake, laptop: Laptop) -> None:
    arrive(intake, laptop, b"first")
    arrive(intake, laptop, b"second")
    arrival = intake.find(PLACE)
    assert arrival is not None
    intake.erase_arrivals(PLACE)
    assert intake.find(PLACE) is None
    with pytest.raises(Stale):
        intake.fetch(arrival)


def test_a_place_whose_name_begins_like_another_is_not_taken_for_it(intake: Intake, laptop: Laptop) -> None:
    arrive(intake, laptop, b"x")
    assert intake.find(PLACE[:-1]) is None
    intake.erase(PLACE[:-1])
    assert intake.find(PLACE) is not None


def test_a_link_downloads_the_clean_copy_and_shows_it_in_no_page(laptop: Laptop) -> None:
    intake = laptop_tools(laptop).intake
    intake.keep(PLACE, GOOD, KIND)
    answer = requests.get(intake.link(PLACE, filename="a.png", seconds=60), timeout=20)
    assert answer.content == GOOD
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a.png"'
    intake.erase(PLACE)
    assert versions(laptop) == []


# ── The street ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_document_goes_through_and_is_erased_in_every_version(laptop: Laptop, tools: Tools) -> None:
    form = offered(tools, GOOD)
    assert send(form, GOOD).status_code == HTTPStatus.NO_CONTENT
    with pytest.raises(UnknownDocument):
        documents.document_link(OWNER, form.document, tools=tools)
    laptop.pump.drain()
    clean = found(tools, form.document)
    assert (clean.state, clean.verdict) == (DocumentState.CLEAN, Verdict.NOT_SCANNED)
    link = documents.document_link(OWNER, form.document, tools=tools)
    assert requests.get(link.url, timeout=20).content.startswith(b"\x89PNG")
    tools.store.commit(clean.next(erase_at=clean.asked_at, look_at=clean.asked_at))
    laptop.pump.run_schedule("InspectFunction", "Sweep")
    assert found(tools, form.document).state is DocumentState.ERASED
    assert versions(laptop) == []


@pytest.mark.parametrize(
    ("content", "kind", "fault"),
    [
        (b"GIF89a", "image/png", Fault.WRONG_TYPE),
        (pdf(11), "application/pdf", Fault.TOO_MANY_PAGES),
    ],
)
def test_a_bad_document_is_refused_and_nothing_of_it_stays(
    laptop: Laptop, tools: Tools, content: bytes, kind: str, fault: Fault
) -> None:
    form = offered(tools, content, kind)
    assert send(form, content).status_code == HTTPStatus.NO_CONTENT
    laptop.pump.drain()
    assert found(tools, form.document).fault is fault
    assert versions(laptop) == []


def test_a_form_without_script_goes_on_to_its_page(laptop: Laptop, tools: Tools) -> None:
    form = offered(tools, GOOD, then=f"{laptop.site_url}/fr/proofs?x=1")
    answer = send(form, GOOD)
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert answer.headers["Location"].startswith(f"{laptop.site_url}/fr/proofs?x=1&bucket=")
    laptop.pump.drain()
    assert found(tools, form.document).state is DocumentState.CLEAN
    tools.intake.erase(found(tools, form.document).stored_as)


# ── The policy ──────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("instead", "content", "code"),
    [
        ({}, b"", "EntityTooSmall"),
        ({}, bytes(10_485_761), "EntityTooLarge"),
        ({}, bytes(13_000_000), "EntityTooLarge"),
        ({"key": "clean/identity/p1/d1"}, GOOD, "AccessDenied"),
        ({"Content-Type": "text/html"}, GOOD, "AccessDenied"),
        ({"x-amz-meta-more": "1"}, GOOD, "AccessDenied"),
        ({"success_action_redirect": "https://elsewhere.example"}, GOOD, "AccessDenied"),
        ({"x-amz-signature": "0" * 64}, GOOD, "SignatureDoesNotMatch"),
        ({"policy": "e30="}, GOOD, "SignatureDoesNotMatch"),
        ({"policy": "no policy"}, GOOD, "InvalidArgument"),
    ],
)
def test_what_the_policy_does_not_allow_is_not_stored(
    laptop: Laptop, tools: Tools, instead: dict[str, str], content: bytes, code: str
) -> None:
    answer = send(offered(tools, GOOD), content, **instead)
    assert answer.status_code in (HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN)
    assert f"<Code>{code}</Code>" in answer.text
    assert versions(laptop) == []


def test_ten_megabytes_to_the_byte_may_be_sent(tools: Tools) -> None:
    form = offered(tools, GOOD)
    assert send(form, GOOD.ljust(10_485_760, b"\0")).status_code == HTTPStatus.NO_CONTENT
    tools.intake.erase(found(tools, form.document).stored_as)


def test_a_listener_that_would_never_hear_is_refused() -> None:
    properties: dict[str, Any] = {"NotificationConfiguration": {"LambdaConfigurations": []}}
    with pytest.raises(UnknownPropertyError, match="LambdaConfigurations"):
        told_of(properties, str)


def test_a_permission_ends(laptop: Laptop) -> None:
    form = laptop_tools(laptop).intake.offer(PLACE, KIND, max_bytes=10, seconds=-1, then=None)
    answer = requests.post(form.url, data=form.fields, files={"file": b"x"}, timeout=20)
    assert answer.status_code == HTTPStatus.FORBIDDEN


# ── The scanners ────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("tag", "verdict"),
    [
        (None, Verdict.PENDING),
        ("NO_THREATS_FOUND", Verdict.CLEAN),
        ("THREATS_FOUND", Verdict.INFECTED),
        ("UNSUPPORTED", Verdict.INFECTED),
        ("ACCESS_DENIED", Verdict.INFECTED),
        ("FAILED", Verdict.INFECTED),
    ],
)
def test_guardduty_s_tag_is_read_of_the_very_version(laptop: Laptop, tag: str | None, verdict: Verdict) -> None:
    s3, bucket = laptop.cloud.client("s3"), laptop.stack.address("DocumentsBucket", "Ref")
    key = f"quarantine/{PLACE}"
    version = s3.put_object(Bucket=bucket, Key=key, Body=b"x")["VersionId"]
    if tag:
        tags = {"TagSet": [{"Key": "GuardDutyMalwareScanStatus", "Value": tag}]}
        s3.put_object_tagging(Bucket=bucket, Key=key, VersionId=version, Tagging=tags)
    arrival = Arrival(place=PLACE, version=version, size=1)
    assert GuardDutyScanner(lambda: s3, bucket=bucket).verdict(arrival, bytes) is verdict
    laptop_tools(laptop).intake.erase(PLACE)


@pytest.mark.parametrize(
    ("program", "verdict"),
    [("/bin/true", Verdict.CLEAN), ("/bin/false", Verdict.INFECTED), ("/bin/ls", Verdict.NOT_SCANNED)],
)
def test_clamav_s_status_is_its_verdict(program: str, verdict: Verdict) -> None:
    """Programs that end with 0 (clean), 1 (found) and 2 (cannot work), as clamscan's manual says."""
    assert LaptopScanner(program).verdict(Arrival(place=PLACE, version="1", size=1), lambda: b"x") is verdict


def test_without_a_scanner_nobody_claims_to_have_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert LaptopScanner().verdict(Arrival(place=PLACE, version="1", size=1), bytes) is Verdict.NOT_SCANNED

import json
from pathlib import Path
from typing import Any

import pytest

from infra.local.laptop import Laptop
from infra.local.state import StateInUseError
from tests.contracts.local_cloud.conftest import TEMPLATE, Site


def test_everything_comes_back_after_a_restart(tmp_path: Path) -> None:
    with Laptop(TEMPLATE, state=tmp_path) as first:
        site = Site(first)
        site.add_row("kept", kind="fact", name="N'DIAYE François")
        site.add_row("mail#kept", kind="mail#code", to="kept@example.org")
        first.pump.drain()
        versions = put_versions(first)
        site.send_job("waiting")
        secret = secret_of(first)
    with Laptop(TEMPLATE, state=tmp_path) as second:
        assert row(second, "kept")["name"] == {"S": "N'DIAYE François"}
        assert [mail.to for mail in second.mailbox.messages()] == [("kept@example.org",)]
        assert versions_of(second) == versions
        assert secret_of(second) == secret
        second.pump.drain()
        assert Site(second).tries("waiting") == 1


def put_versions(laptop: Laptop) -> list[tuple[str, bytes, str]]:
    s3, bucket = laptop.cloud.client("s3"), laptop.stack.name("Papers")
    for content in (b"old", b"\xffnew"):
        s3.put_object(Bucket=bucket, Key="a/é.pdf", Body=content, ContentType="application/pdf", Metadata={"n": "1"})
    s3.put_object(Bucket=bucket, Key="gone", Body=b"x")
    s3.delete_object(Bucket=bucket, Key="gone")
    return versions_of(laptop)


def versions_of(laptop: Laptop) -> list[tuple[str, bytes, str]]:
    """Every version's id, content and type; a deletion has none."""
    s3, bucket = laptop.cloud.client("s3"), laptop.stack.name("Papers")
    listed = s3.list_object_versions(Bucket=bucket)
    found = [s3.get_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"]) for one in listed["Versions"]]
    kept = [(one["VersionId"], one["Body"].read(), one["ContentType"]) for one in found]
    return sorted(kept + [(one["VersionId"], b"", "deleted") for one in listed["DeleteMarkers"]])


def row(laptop: Laptop, name: str) -> Any:
    client = laptop.cloud.client("dynamodb")
    return client.get_item(TableName=laptop.stack.name("Rows"), Key={"pk": {"S": name}, "sk": {"S": "row"}})["Item"]


def secret_of(laptop: Laptop) -> Any:
    client = laptop.cloud.client("secretsmanager")
    return client.get_secret_value(SecretId=laptop.stack.address("Pepper", "Ref"))["SecretString"]


def test_a_row_that_is_still_work_is_worked_on_after_the_restart(tmp_path: Path) -> None:
    with Laptop(TEMPLATE, state=tmp_path) as first:
        Site(first).add_row("unfinished", kind="order", state="waiting")
        assert Site(first).tries("unfinished") == 0
    with Laptop(TEMPLATE, state=tmp_path) as second:
        second.pump.drain()
        assert Site(second).tries("unfinished") == 1


def test_a_message_keeps_its_number_of_tries(tmp_path: Path) -> None:
    with Laptop(TEMPLATE, state=tmp_path) as first:
        Site(first).send_job("bad-again")
        url = first.stack.address("Jobs", "Ref")
        for _ in range(2):
            first.cloud.client("sqs").receive_message(QueueUrl=url, VisibilityTimeout=0)
        Site(first).send_job("another")
    with Laptop(TEMPLATE, state=tmp_path) as second:
        second.pump.drain()
        assert Site(second).tries("bad-again") == 1
        assert Site(second).dead_jobs() == ["bad-again"]


def test_an_answered_request_is_on_the_disk_before_the_answer(tmp_path: Path) -> None:
    with Laptop(TEMPLATE, state=tmp_path) as laptop:
        Site(laptop).add_row("answered", kind="fact")
        kept = json.loads((tmp_path / "dynamodb.json").read_text(encoding="utf-8"))
        assert [one["pk"]["S"] for one in kept["Rows"]] == ["answered"]


def test_what_did_not_change_is_not_written_again(tmp_path: Path) -> None:
    with Laptop(TEMPLATE, state=tmp_path) as laptop:
        before = (tmp_path / "s3.json").stat().st_ino
        Site(laptop).add_row("only-a-row", kind="fact")
        assert (tmp_path / "s3.json").stat().st_ino == before


def test_two_laptops_cannot_share_a_state(tmp_path: Path) -> None:
    with Laptop(TEMPLATE, state=tmp_path):
        other = Laptop(TEMPLATE, state=tmp_path)
        with pytest.raises(StateInUseError):
            other.start()


def test_the_signing_secret_stays_good_when_the_address_stays(tmp_path: Path) -> None:
    with Laptop(TEMPLATE, state=tmp_path) as first:
        port, known = int(first.site_url.rpartition(":")[2]), card_secret(first)
    with Laptop(TEMPLATE, state=tmp_path, site_port=port) as second:
        assert card_secret(second) == known
    with Laptop(TEMPLATE, state=tmp_path) as moved:
        assert card_secret(moved) != known


def card_secret(laptop: Laptop) -> Any:
    client = laptop.cloud.client("secretsmanager")
    return json.loads(client.get_secret_value(SecretId=laptop.stack.address("CardSecret", "Ref"))["SecretString"])

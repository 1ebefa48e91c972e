import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from infra.local.changes import Changes
from infra.local.laptop import Laptop
from infra.local.moto_cloud import MotoCloud

ROUNDS, WRITERS = 40, 6


@pytest.fixture
def eager_threads() -> Iterator[None]:
    """Threads change places a thousand times more often: without moto's lock, both tests below then fail."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(usual / 1000)
    yield
    sys.setswitchinterval(usual)


def test_the_environment_comes_back_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "somewhere")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    before = dict(os.environ)
    cloud = MotoCloud()
    cloud.start()
    assert os.environ["AWS_REGION"] == "eu-west-3"
    assert os.environ["AWS_ACCOUNT_ID_ENDPOINT_MODE"] == "disabled"
    cloud.stop()
    assert dict(os.environ) == before


def table(cloud: MotoCloud, name: str) -> Any:
    client = cloud.client("dynamodb")
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
    )
    return client


def test_two_clouds_never_see_each_other() -> None:
    one, two = MotoCloud(), MotoCloud()
    one.start()
    two.start()
    try:
        table(one, "same").put_item(TableName="same", Item={"pk": {"S": "a"}})
        assert table(two, "same").scan(TableName="same")["Count"] == 0
        two.stop()
        assert one.client("dynamodb").scan(TableName="same")["Count"] == 1
    finally:
        two.stop()
        one.stop()


def test_concurrent_transactions_have_exactly_one_winner(laptop: Laptop, eager_threads: None) -> None:
    client, name = boto3.client("dynamodb"), laptop.stack.name("Seen")
    condition = {"TableName": name, "ConditionExpression": "attribute_not_exists(pk)"}

    def claim(number: int, writer: int) -> bool:
        claims = [
            {"Put": {**condition, "Item": {"pk": {"S": f"{what}{number}"}, "by": {"N": str(writer)}}}}
            for what in ("email#", "ine#")
        ]
        try:
            client.transact_write_items(TransactItems=claims)  # type: ignore[arg-type]
        except client.exceptions.TransactionCanceledException:
            return False
        return True

    with ThreadPoolExecutor(WRITERS) as pool:
        for number in range(ROUNDS):
            won = list(pool.map(claim, [number] * WRITERS, range(WRITERS)))
            assert won.count(True) == 1, f"round {number}"


def test_concurrent_additions_are_all_counted(laptop: Laptop, eager_threads: None) -> None:
    client, name = boto3.client("dynamodb"), laptop.stack.name("Seen")

    def add(_: int) -> None:
        client.update_item(
            TableName=name,
            Key={"pk": {"S": "counter"}},
            UpdateExpression="ADD n :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(80)))
    assert client.get_item(TableName=name, Key={"pk": {"S": "counter"}})["Item"]["n"] == {"N": "80"}


def test_writes_are_noted_and_reads_are_not(laptop: Laptop) -> None:
    client, changes, name = boto3.client("dynamodb"), laptop.cloud.changes, laptop.stack.name("Seen")
    before = changes.count("dynamodb")
    client.get_item(TableName=name, Key={"pk": {"S": "x"}})
    assert changes.count("dynamodb") == before
    client.put_item(TableName=name, Item={"pk": {"S": "x"}})
    assert changes.count("dynamodb") == before + 1
    assert changes.wait_beyond("dynamodb", before, 0)
    assert not changes.wait_beyond("dynamodb", before + 1, 0)


def test_a_form_upload_to_s3_is_noted_although_it_is_not_signed(laptop: Laptop) -> None:
    form = laptop.cloud.client("s3").generate_presigned_post(Bucket=laptop.stack.name("Papers"), Key="a")
    before = laptop.cloud.changes.count("s3")
    answer = requests.post(form["url"], data=form["fields"], files={"file": b"b"}, timeout=10)
    assert answer.status_code == 204
    assert laptop.cloud.changes.count("s3") == before + 1


def test_the_bell_wakes_who_waits_for_any_service() -> None:
    changes = Changes()
    changes.ring()
    assert changes.wait_beyond("sqs", 0, 0)


def test_mail_leaves_from_the_declared_domain_only(laptop: Laptop) -> None:
    with pytest.raises(ClientError, match=r"not verified|authority"):
        laptop.cloud.client("sesv2").send_email(
            FromEmailAddress="x@elsewhere.example",
            Destination={"ToAddresses": ["f@example.org"]},
            Content={"Raw": {"Data": b"Subject: x\r\n\r\nx"}},
        )

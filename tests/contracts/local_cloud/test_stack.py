import json
from pathlib import Path
from typing import Any

import pytest

from infra.local.laptop import Laptop
from infra.local.moto_cloud import MotoCloud
from infra.local.resources import UnknownPropertyError
from infra.local.stack import CircularTemplateError, Stack, UnknownResourceError
from infra.local.template import Template


def stack_of(folder: Path, resources: str, cloud: MotoCloud) -> Stack:
    path = folder / "template.yaml"
    path.write_text(f"Resources:\n{resources}", encoding="utf-8")
    return Stack(Template.load(path), cloud)


def test_an_unknown_resource_type_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UnknownResourceError, match="Bus is of type AWS::Events::EventBus"):
        stack_of(tmp_path, "  Bus: {Type: AWS::Events::EventBus}\n", MotoCloud())


def test_resources_that_need_each_other_are_refused(tmp_path: Path) -> None:
    circle = (
        "  A: {Type: AWS::SQS::Queue, Properties: {Tag: !GetAtt B.Arn}}\n"
        "  B: {Type: AWS::SQS::Queue, Properties: {Tag: !GetAtt A.Arn}}\n"
    )
    with pytest.raises(CircularTemplateError, match="A needs B needs A"):
        stack_of(tmp_path, circle, MotoCloud()).create()


def test_creating_again_leaves_everything_as_it_is(laptop: Laptop) -> None:
    again = Stack(Template.load(Path(__file__).parent / "fixture" / "template.yaml"), laptop.cloud)
    before = laptop.cloud.client("secretsmanager").get_secret_value(SecretId=again.name("Pepper"))
    again.create()
    after = laptop.cloud.client("secretsmanager").get_secret_value(SecretId=again.name("Pepper"))
    assert again.template.environment() == laptop.stack.template.environment()
    assert after["SecretString"] == before["SecretString"]


def described(laptop: Laptop, logical: str) -> Any:
    return laptop.cloud.client("dynamodb").describe_table(TableName=laptop.stack.name(logical))["Table"]


def test_a_table_has_its_keys_indexes_stream_and_seal(laptop: Laptop) -> None:
    rows = described(laptop, "Rows")
    assert [key["AttributeName"] for key in rows["KeySchema"]] == ["pk", "sk"]
    assert [index["IndexName"] for index in rows["GlobalSecondaryIndexes"]] == ["kinds"]
    assert rows["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    assert laptop.stack.address("Key", "Ref") in rows["SSEDescription"]["KMSMasterKeyArn"]
    assert rows["DeletionProtectionEnabled"] is True
    assert "StreamSpecification" not in described(laptop, "Seen")


def test_a_table_has_its_time_to_live_and_its_backups(laptop: Laptop) -> None:
    client = laptop.cloud.client("dynamodb")
    lifetime = client.describe_time_to_live(TableName=laptop.stack.name("Seen"))["TimeToLiveDescription"]
    assert lifetime == {"AttributeName": "ttl", "TimeToLiveStatus": "ENABLED"}
    backups = client.describe_continuous_backups(TableName=laptop.stack.name("Rows"))
    recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"


def test_a_bucket_has_its_versions_its_lifecycle_and_no_public_door(laptop: Laptop) -> None:
    s3, name = laptop.cloud.client("s3"), laptop.stack.name("Papers")
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    assert all(s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"].values())
    [rule] = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    assert (rule["ID"], rule["Expiration"], rule["Status"]) == ("old", {"Days": 30}, "Enabled")


def test_a_bucket_has_its_seal_and_says_who_may_upload_from_a_page(laptop: Laptop) -> None:
    s3, name = laptop.cloud.client("s3"), laptop.stack.name("Papers")
    [rule] = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    seal = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": laptop.stack.address("Key", "Arn")}
    assert rule["ApplyServerSideEncryptionByDefault"] == seal
    [allowed] = s3.get_bucket_cors(Bucket=name)["CORSRules"]
    assert allowed == {"AllowedMethods": ["POST"], "AllowedOrigins": ["https://example.org"], "MaxAgeSeconds": 60}


@pytest.mark.parametrize(
    ("kind", "wish"), [("S3::Bucket", "ReplicationConfiguration"), ("DynamoDB::Table", "KinesisStreamSpecification")]
)
def test_a_wish_that_would_be_silently_missing_is_refused(tmp_path: Path, kind: str, wish: str) -> None:
    odd = f"  Odd: {{Type: AWS::{kind}, Properties: {{{wish}: {{}}}}}}\n"
    cloud = MotoCloud()
    cloud.start()
    try:
        with pytest.raises(UnknownPropertyError, match=wish):
            stack_of(tmp_path, odd, cloud).create()
    finally:
        cloud.stop()


def test_secrets_are_generated_as_the_template_says(laptop: Laptop) -> None:
    client = laptop.cloud.client("secretsmanager")
    pepper = client.get_secret_value(SecretId=laptop.stack.address("Pepper", "Ref"))["SecretString"]
    assert len(pepper) == 64
    assert pepper.isalnum()


def test_the_card_secret_holds_the_stand_ins_key_and_signing_secret(laptop: Laptop) -> None:
    client = laptop.cloud.client("secretsmanager")
    said = json.loads(client.get_secret_value(SecretId=laptop.stack.address("CardSecret", "Ref"))["SecretString"])
    assert said["api_key"].startswith("sk_test_")
    assert [secret[:6] for secret in said["notification_secrets"]] == ["whsec_"]

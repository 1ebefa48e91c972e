"""The plan keeps what was promised of every function, table, queue and bucket; linters find nothing in it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cvec.config import Settings

from infra.deploy import docs
from infra.local.moto_cloud import REGION
from tests.house.building import ROOT, TEMPLATE, template
from tests.house.transformed import transformed

PLAN = template()
API_SECONDS = 29
"""API Gateway waits no longer."""

DEAD_LETTERS = "DeadLetters"
KEPT_FOR_EVER = ("Records", "CertificatesBucket", "CatalogueBucket", "PersonalDataKey")


def properties_of(kind: str) -> list[Any]:
    return [pytest.param(name, PLAN.properties(name), id=name) for name in PLAN.resources_of(kind)]


FUNCTIONS = pytest.mark.parametrize(("name", "function"), properties_of("AWS::Serverless::Function"))
TABLES = pytest.mark.parametrize(("name", "table"), properties_of("AWS::DynamoDB::Table"))
QUEUES = pytest.mark.parametrize(("name", "queue"), properties_of("AWS::SQS::Queue"))
BUCKETS = pytest.mark.parametrize(("name", "bucket"), properties_of("AWS::S3::Bucket"))


# ── Settings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_settings_of_code_and_plan_are_the_same() -> None:
    read, given = {name.upper() for name in Settings.model_fields}, set(docs.given_settings())
    assert read == given, f"{sorted(read ^ given)}: a setting stands in cvec/config.py and in template.yaml Globals"


def test_every_setting_says_what_it_is() -> None:
    silent = [name for name, field in Settings.model_fields.items() if not field.description]
    assert not silent, f"{silent}: give a description in cvec/config.py"


@FUNCTIONS
def test_no_function_has_settings_of_its_own(name: str, function: dict[str, Any]) -> None:
    own = set(function["Environment"]["Variables"]) - set(docs.given_settings())
    assert not own, f"{name} alone has {own}: move it to Globals"


def test_every_parameter_is_used_and_explained() -> None:
    document = json.dumps(transformed())
    for name, parameter in transformed()["Parameters"].items():
        assert parameter.get("Description"), f"say what {name} is for"
        assert document.count(f'"Ref": "{name}"') + document.count(f"${{{name}}}"), f"nothing uses parameter {name}"


# ── Functions ────────────────────────────────────────────────────────────────────────────────────────────────────────


@FUNCTIONS
def test_a_function_stands_on_the_layer_and_answers_before_the_api_gives_up(
    name: str, function: dict[str, Any]
) -> None:
    assert function["Layers"] == ["SharedLayer"], f"{name}: Layers: [!Ref SharedLayer], as in Globals"
    assert function["Timeout"] < API_SECONDS, f"{name}: API Gateway answers 504 after {API_SECONDS} s"


@FUNCTIONS
def test_a_function_writes_to_a_log_that_ends(name: str, function: dict[str, Any]) -> None:
    log = function.get("LoggingConfig", {}).get("LogGroup")
    assert log in PLAN.resources_of("AWS::Logs::LogGroup"), f"{name}: give it a LoggingConfig with its own LogGroup"


@pytest.mark.parametrize(("name", "log"), properties_of("AWS::Logs::LogGroup"))
def test_a_log_is_kept_for_a_year_at_most(name: str, log: dict[str, Any]) -> None:
    assert 0 < log.get("RetentionInDays", 0) <= 365, f"{name}: RetentionInDays, or it is kept for ever"


def test_logs_are_not_shared() -> None:
    logs = [
        PLAN.properties(name)["LoggingConfig"]["LogGroup"] for name in PLAN.resources_of("AWS::Serverless::Function")
    ]
    assert len(logs) == len(set(logs)), "one LogGroup per function"


@FUNCTIONS
def test_a_failing_function_wakes_somebody_up(name: str, function: dict[str, Any]) -> None:
    watched = [
        alarm for alarm in alarms("AWS/Lambda", "Errors") if alarm["Dimensions"] == [named("FunctionName", name)]
    ]
    assert watched, f"{name}: add its alarm at the end of template.yaml"


def alarms(namespace: str, metric: str) -> list[dict[str, Any]]:
    found = [PLAN.properties(name) for name in PLAN.resources_of("AWS::CloudWatch::Alarm")]
    return [alarm for alarm in found if (alarm["Namespace"], alarm["MetricName"]) == (namespace, metric)]


def named(dimension: str, value: str) -> dict[str, str]:
    return {"Name": dimension, "Value": value}


def test_an_alarm_reaches_whoever_is_awake() -> None:
    for name, resource in transformed()["Resources"].items():
        if resource["Type"] == "AWS::CloudWatch::Alarm":
            reached = resource["Properties"]["AlarmActions"]
            assert reached["Fn::If"][:2] == ["SomeoneIsAwake", [{"Ref": "AlarmTopicArn"}]], f"{name} wakes nobody"


# ── Rights ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def granted() -> list[Any]:
    """Every statement of every role, as CloudFormation will see it."""
    return [
        pytest.param(statement, id=f"{name}-{number}")
        for name, resource in transformed()["Resources"].items()
        if resource["Type"] == "AWS::IAM::Role"
        for policy in resource["Properties"].get("Policies", [])
        for number, statement in enumerate(policy["PolicyDocument"]["Statement"])
    ]


@pytest.mark.parametrize("statement", granted())
def test_a_right_names_its_actions_and_its_resource(statement: dict[str, Any]) -> None:
    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
    wide = [action for action in actions if "*" in action]
    assert not wide, f"{wide}: name each action"
    assert "*" not in (statement["Resource"], *statement["Resource"]), f"{actions} on everything: name the resource"


def test_resources_are_open_to_nobody_else() -> None:
    """Policies of keys, buckets and queues. (The key's `kms:*` is for the account itself: it makes its roles count.)"""
    for name, resource in transformed()["Resources"].items():
        for key in ("KeyPolicy", "PolicyDocument"):
            for statement in resource["Properties"].get(key, {}).get("Statement", []):
                is_open = statement["Effect"] == "Allow" and statement["Principal"] in ("*", {"AWS": "*"})
                assert not is_open, f"{name}: {statement.get('Sid')} allows everybody"


# ── What is stored ───────────────────────────────────────────────────────────────────────────────────────────────────


@TABLES
def test_a_table_is_sealed_by_our_key_and_forgets(name: str, table: dict[str, Any]) -> None:
    sealed = {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": "PersonalDataKey"}
    assert table.get("SSESpecification") == sealed, f"{name}: SSESpecification with PersonalDataKey"
    assert table.get("TimeToLiveSpecification") == {"AttributeName": "ttl", "Enabled": True}, f"{name}: TTL on `ttl`"


def test_records_can_be_brought_back_and_tickets_cannot() -> None:
    records, tickets = PLAN.properties("Records"), PLAN.properties("Tickets")
    assert records["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], "Records: turn PITR on"
    assert records["DeletionProtectionEnabled"]
    assert "PointInTimeRecoverySpecification" not in tickets, "Tickets: secrets must not live on in backups"
    assert "StreamSpecification" not in tickets, "Tickets: nobody listens to what is short-lived"


@pytest.mark.parametrize("name", KEPT_FOR_EVER)
def test_what_must_outlive_the_stack_is_retained(name: str) -> None:
    resource = PLAN.resources[name]
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain"), f"{name}: Retain both"


@BUCKETS
def test_a_bucket_is_closed_sealed_and_only_spoken_to_by_tls(name: str, bucket: dict[str, Any]) -> None:
    blocks = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    assert bucket.get("PublicAccessBlockConfiguration") == dict.fromkeys(blocks, True), f"{name}: block public access"
    [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms", f"{name}: seal it with PersonalDataKey"
    policies = [PLAN.properties(one) for one in PLAN.resources_of("AWS::S3::BucketPolicy")]
    [policy] = [one["PolicyDocument"]["Statement"] for one in policies if one["Bucket"] == name]
    assert [one["Effect"] for one in policy if "aws:SecureTransport" in str(one.get("Condition"))] == ["Deny"]


# ── What is played ───────────────────────────────────────────────────────────────────────────────────────────────────


@QUEUES
def test_what_a_queue_cannot_deliver_is_kept(name: str, queue: dict[str, Any]) -> None:
    assert queue.get("SqsManagedSseEnabled"), f"{name}: SqsManagedSseEnabled"
    if name != DEAD_LETTERS:
        redrive = queue.get("RedrivePolicy", {})
        assert redrive.get("deadLetterTargetArn") == f"{DEAD_LETTERS}.Arn", f"{name}: RedrivePolicy to {DEAD_LETTERS}"


def test_a_dead_letter_wakes_somebody_up() -> None:
    [alarm] = alarms("AWS/SQS", "ApproximateNumberOfMessagesVisible")
    assert alarm["Dimensions"] == [named("QueueName", f"{DEAD_LETTERS}.QueueName")]


def test_a_queue_waits_six_times_longer_than_its_function_may_take() -> None:
    """Otherwise SQS brings a message again while it is being looked into (AWS's own rule)."""
    for function in PLAN.functions:
        for source in function.events.queues:
            queue = PLAN.properties(source.queue_arn.removesuffix(".Arn"))
            assert queue["VisibilityTimeout"] >= 6 * function.timeout_seconds, f"{function.name}: VisibilityTimeout"


def test_a_stream_has_two_readers_at_most() -> None:
    readers = [function.name for function in PLAN.functions for _ in function.events.streams]
    assert len(readers) <= 2, f"{readers}: a DynamoDB stream serves two readers well, no more"


def test_batches_report_their_failures_one_by_one() -> None:
    for function in PLAN.functions:
        for queue in function.events.queues:
            assert queue.reports_failures, f"{queue.event}: FunctionResponseTypes"
        for stream in function.events.streams:
            assert stream.reports_failures, f"{stream.event}: FunctionResponseTypes"
            assert stream.on_failure == f"{DEAD_LETTERS}.Arn", f"{stream.event}: DestinationConfig to {DEAD_LETTERS}"
            assert stream.max_retries is not None, f"{stream.event}: one bad row would stop the stream for a day"
            assert stream.bisects, f"{stream.event}: BisectBatchOnFunctionError"


# ── Linters ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def linted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What cfn-lint says, with the repository's .cfnlintrc, of three templates: ours, what it becomes, and a bad one.

    On a SAM template it does not see into roles; in one run it starts once, which is most of what it costs.
    """
    folder, cloudformation = tmp_path_factory.mktemp("linted"), json.dumps(transformed(), indent=1)
    (folder / "transformed.json").write_text(cloudformation, encoding="utf-8")
    mistyped = cloudformation.replace("dynamodb:GetItem", "dynamodb:GettItem")
    (folder / "mistyped.json").write_text(mistyped, encoding="utf-8")
    files = (str(TEMPLATE), str(folder / "transformed.json"), str(folder / "mistyped.json"))
    linter = str(Path(sys.executable).parent / "cfn-lint")
    command = (linter, "--regions", REGION, "--format", "parseable", "--template", *files)
    settings = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)  # noqa: S603  # our own
    return done.stdout + done.stderr


def test_the_linter_finds_nothing_in_the_template_nor_in_the_cloudformation_it_becomes(linted: str) -> None:
    found = [line for line in linted.splitlines() if "mistyped.json" not in line]
    assert not found, "\n".join(["cfn-lint says:", *found])


def test_the_linter_finds_a_mistyped_action(linted: str) -> None:
    assert [line for line in linted.splitlines() if "mistyped.json" in line and "gettitem" in line.lower()]

"""Which deployment a command is about: a stack's own settings, a file, or the laptop that is running."""

import json
from pathlib import Path

import boto3
import pytest
from botocore.stub import Stubber

from infra.deploy.cli import deployments
from infra.deploy.cli.__main__ import main
from infra.deploy.cli.arguments import parser
from infra.deploy.cli.deployments import NoDeployment
from infra.local import endpoint

SETTINGS = {"STAGE": "test", "RECORDS_TABLE": "cvec-records"}
OVERDUE = ["overdue"]


def settings_of(*words: str) -> dict[str, str]:
    def no_client(service: str) -> None:
        raise AssertionError(f"{service} was asked")

    return dict(deployments.settings_of(parser().parse_args([*words, *OVERDUE]), client=no_client))


def test_a_stack_tells_the_settings_of_its_functions() -> None:
    clients = {name: boto3.client(name, region_name="eu-west-3") for name in ("cloudformation", "lambda")}
    stubs = {name: Stubber(client) for name, client in clients.items()}
    detail = {
        "LogicalResourceId": "PayFunction",
        "PhysicalResourceId": "cvec-PayFunction-1X",
        "ResourceType": "AWS::Lambda::Function",
        "LastUpdatedTimestamp": "2026-07-01T00:00:00Z",
        "ResourceStatus": "CREATE_COMPLETE",
    }
    stubs["cloudformation"].add_response(
        "describe_stack_resource",
        {"StackResourceDetail": detail},
        {"StackName": "cvec", "LogicalResourceId": "PayFunction"},
    )
    stubs["lambda"].add_response(
        "get_function_configuration",
        {"Environment": {"Variables": SETTINGS}},
        {"FunctionName": "cvec-PayFunction-1X"},
    )
    for stub in stubs.values():
        stub.activate()
    asked = parser().parse_args(["--stack", "cvec", *OVERDUE])
    assert deployments.settings_of(asked, client=clients.__getitem__) == SETTINGS
    for stub in stubs.values():
        stub.assert_no_pending_responses()


def test_a_file_of_settings_is_read_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "cvec.env"
    file.write_text(
        "# the test stack\n\nSTAGE = test\nRECORDS_TABLE=cvec-records\nSERVICE_NAME=a=b é\n", encoding="utf-8"
    )
    assert settings_of("--env", str(file)) == {**SETTINGS, "SERVICE_NAME": "a=b é"}


def test_a_running_laptop_tells_its_settings_until_it_stops(tmp_path: Path) -> None:
    endpoint.remember(tmp_path, SETTINGS)
    assert settings_of("--laptop", str(tmp_path)) == SETTINGS
    endpoint.forget(tmp_path)
    with pytest.raises(NoDeployment, match="make run"):
        settings_of("--laptop", str(tmp_path))


def test_what_is_not_there_is_told_and_ends_in_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--env", str(tmp_path / "nowhere"), "--json", *OVERDUE]) == 2
    assert json.loads(capsys.readouterr().out)["refused"] == "no_deployment"


def test_a_deployment_must_be_chosen_and_only_one() -> None:
    for words in ([], ["--laptop", "--stack", "cvec"]):
        with pytest.raises(SystemExit):
            parser().parse_args([*words, *OVERDUE])


def test_a_laptop_without_more_is_the_one_of_make_run() -> None:
    asked = parser().parse_args(["--laptop", "--json", *OVERDUE])
    assert (asked.laptop, asked.json) == (endpoint.STATE, True)


def test_json_may_be_asked_for_before_or_after_the_command() -> None:
    for words in (["--json", "campaign", "list"], ["campaign", "list", "--json"], ["campaign", "--json", "list"]):
        assert parser().parse_args(["--stack", "cvec", *words]).json, words
    assert not parser().parse_args(["--stack", "cvec", "campaign", "list"]).json

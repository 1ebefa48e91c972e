from pathlib import Path

import pytest

from infra.local.event_sources import UnknownEventSourceError
from infra.local.intrinsics import UnresolvableError
from infra.local.template import Template, UnevenEnvironmentError

FIXTURE = Path(__file__).parent / "fixture" / "template.yaml"


def written(folder: Path, resources: str) -> Path:
    path = folder / "template.yaml"
    path.write_text(f"Resources:\n{resources}", encoding="utf-8")
    return path


def function(name: str, more: str) -> str:
    return (
        f"  {name}:\n    Type: AWS::Serverless::Function\n    Properties:\n"
        f"      CodeUri: {name}/\n      Handler: app.app\n{more}"
    )


def test_globals_reach_every_function_and_its_own_words_win() -> None:
    echo, work, _ = Template.load(FIXTURE).functions
    assert (echo.timeout_seconds, work.timeout_seconds) == (20, 25)
    assert echo.environment == work.environment
    assert echo.handler == "app.app"


def test_a_function_built_by_the_makefile_lives_in_the_folder_of_its_name() -> None:
    echo, work, _ = Template.load(FIXTURE).functions
    assert echo.folder == FIXTURE.parent / "functions" / "echo"
    assert work.folder == FIXTURE.parent / "functions" / "work"


def test_settings_are_resolved_as_cloudformation_would() -> None:
    settings = Template.load(FIXTURE).environment()
    assert settings["MAIL_SENDER"] == "nobody@example.org"
    assert settings["WHO_SLEEPS"] == "every-body"
    assert settings["ROWS_TABLE"] == "Rows"
    assert settings["IS_TEST"] == "true"


def test_a_parameter_changes_conditions_and_what_exists() -> None:
    awake = Template.load(FIXTURE, {"AlarmTopicArn": "arn:aws:sns:eu-west-3:1:wake"})
    assert awake.environment()["WHO_SLEEPS"] == "nobody"
    assert awake.resources_of("AWS::CloudWatch::Alarm") == ("Alarm",)
    assert Template.load(FIXTURE).resources_of("AWS::CloudWatch::Alarm") == ()


def test_anchors_and_merges_are_followed() -> None:
    _, work, mail = Template.load(FIXTURE).functions
    [orders], [mails] = work.events.streams, mail.events.streams
    assert (orders.batch_size, orders.max_retries, orders.bisects) == (mails.batch_size, mails.max_retries, True)
    assert orders.patterns != mails.patterns
    assert mails.on_failure == "DeadJobs.Arn"


def test_routes_come_in_the_templates_order_with_their_function() -> None:
    first, *_ = Template.load(FIXTURE).routes()
    assert (first.method, first.path, first.function) == ("GET", "/echo/{word}", "EchoFunction")


def test_functions_with_different_settings_are_refused_by_name(tmp_path: Path) -> None:
    uneven = function("One", "      Environment: {Variables: {A: 1}}\n") + function("Two", "")
    with pytest.raises(UnevenEnvironmentError, match="One and Two differ in A"):
        Template.load(written(tmp_path, uneven)).environment()


def test_an_unknown_event_source_is_refused_by_name(tmp_path: Path) -> None:
    odd = function("One", "      Events: {Shout: {Type: SNS, Properties: {}}}\n")
    with pytest.raises(UnknownEventSourceError, match=r"One\.Shout.*SNS"):
        _ = Template.load(written(tmp_path, odd)).functions


def test_a_greedy_path_is_refused_because_chalice_cannot_answer_it(tmp_path: Path) -> None:
    greedy = '{Type: Api, Properties: {Method: any, Path: "/{proxy+}"}}'
    odd = function("One", f"      Events: {{All: {greedy}}}\n")
    with pytest.raises(UnknownEventSourceError, match="exact paths"):
        Template.load(written(tmp_path, odd)).routes()


@pytest.mark.parametrize("value", ["!Ref Nobody", "!GetAtt Nobody.Arn", '!Sub "${Nobody}"', "!Select [0, [a]]"])
def test_what_cannot_be_resolved_is_refused(tmp_path: Path, value: str) -> None:
    odd = written(tmp_path, f"  Queue: {{Type: AWS::SQS::Queue, Properties: {{QueueName: {value}}}}}\n")
    with pytest.raises(UnresolvableError):
        Template.load(odd).properties("Queue")


def test_substitutions_keep_literals_and_take_their_own_variables(tmp_path: Path) -> None:
    value = '!Sub ["${!Kept} ${Own} ${AWS::Region}", {Own: mine}]'
    path = written(tmp_path, f"  Queue: {{Type: AWS::SQS::Queue, Properties: {{QueueName: {value}}}}}\n")
    assert Template.load(path).properties("Queue")["QueueName"] == "${Kept} mine eu-west-3"

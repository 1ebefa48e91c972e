"""Which deployment a command is about, and its settings: a stack on AWS, a file, or the laptop that is running.

The command line runs with the settings of the functions and the administrator's own rights.
"""

import json
import os
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cvec import wiring
from cvec.ports import Tools

from infra.deploy.cli.reports import Report
from infra.local.endpoint import ENDPOINT

Asked = Namespace
Command = Callable[[Asked, Tools], Report]
Client = Callable[[str], Any]

ANY_FUNCTION = "PayFunction"
"""Logical name of a function; all have the same settings (a house test)."""


class NoDeployment(Exception):
    """There is no such deployment, or nothing runs there."""


def enter(asked: Asked) -> None:
    """Take the settings of the deployment that was asked for. Raises NoDeployment, and botocore's errors."""
    os.environ.update(settings_of(asked, client=_client))
    wiring.forget()


def settings_of(asked: Asked, *, client: Client) -> Mapping[str, str]:
    """The environment that the functions of the deployment run in."""
    if asked.laptop:
        return laptop_settings(asked.laptop)
    if asked.env:
        return file_settings(asked.env)
    return stack_settings(asked.stack, client=client)


def laptop_settings(state: Path) -> Mapping[str, str]:
    """What the running laptop wrote when it started, which it takes away when it stops."""
    endpoint = state / ENDPOINT
    if not endpoint.is_file():
        raise NoDeployment(f"no laptop runs in {state}: start it with `make run`")
    settings: dict[str, str] = json.loads(endpoint.read_text(encoding="utf-8"))
    return settings


def file_settings(path: Path) -> Mapping[str, str]:
    """Lines NAME=value; empty ones and those that begin with # are passed over."""
    if not path.is_file():
        raise NoDeployment(f"there is no file {path}")
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def stack_settings(stack: str, *, client: Client) -> Mapping[str, str]:
    """The settings of a stack's functions, by CloudFormation and Lambda."""
    found = client("cloudformation").describe_stack_resource(StackName=stack, LogicalResourceId=ANY_FUNCTION)
    function = found["StackResourceDetail"]["PhysicalResourceId"]
    configuration = client("lambda").get_function_configuration(FunctionName=function)
    settings: dict[str, str] = configuration["Environment"]["Variables"]
    return settings


def _client(service: str) -> Any:
    import boto3

    return boto3.client(service)  # type: ignore[call-overload]  # any service name, not a literal

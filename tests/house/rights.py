"""Who called what in AWS, as it happened, and who may, as the template grants it."""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

import boto3
import pytest
from cvec import wiring
from cvec.config import read_settings
from cvec.ports import Tools

from infra.local.events import Event
from infra.local.functions import Fleet
from infra.local.laptop import Laptop
from infra.local.moto_cloud import REGION

SERVICES = {"sesv2": "ses"}
"""Services whose actions are named otherwise than their clients."""

TRANSACTED = {"Put": "PutItem", "Delete": "DeleteItem", "Update": "UpdateItem", "ConditionCheck": "ConditionCheckItem"}
"""A transaction needs the action of each of its acts, and none of its own."""

VERSIONED = {
    "GetObject": "GetObjectVersion",
    "DeleteObject": "DeleteObjectVersion",
    "GetObjectTagging": "GetObjectVersionTagging",
}
"""What S3 calls a right to one version of an object."""
NAMED_OTHERWISE = {"ListObjectVersions": "ListBucketVersions"}

ON_PARTS = (
    "dynamodb:Query",
    "s3:GetObject",
    "s3:PutObject",
    "s3:GetObjectVersion",
    "s3:DeleteObjectVersion",
    "s3:GetObjectVersionTagging",
)
"""Actions on an index of a table or an object of a bucket."""

RESOURCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "dynamodb": lambda said: said["TableName"] + (f"/index/{said['IndexName']}" if "IndexName" in said else ""),
    "s3": lambda said: f"{said['Bucket']}/{said['Key']}" if "Key" in said else str(said["Bucket"]),
    "secretsmanager": lambda said: str(said["SecretId"]),
    "sqs": lambda said: str(said["QueueUrl"]),
}
"""By service, what a call is about. A service that is not here is a KeyError: say what its calls are about."""

SENDER = "identity/"
"""What an address of a mail is sent from, before it is an ARN."""


@dataclass(frozen=True, order=True)
class Right:
    """One function, one action, one resource."""

    function: str
    action: str
    resource: str

    def covers(self, asked: "Right") -> bool:
        """Whether a call is within this grant."""
        same = (self.function, self.action) == (asked.function, asked.action)
        return same and fnmatchcase(asked.resource, self.resource)


@dataclass
class Recorder:
    """Notes every call that a function's code makes, by botocore's own events, and the routes by which it was asked.

    In AWS each function has a process of its own; here each at least has its own tools, so that no secret one of them
    has read serves another.
    """

    calls: set[Right] = field(default_factory=set)
    routes: set[tuple[str, str]] = field(default_factory=set)
    _made: dict[str, Tools] = field(default_factory=dict)
    _here: threading.local = field(default_factory=threading.local)

    def note(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        """One call about to be made (or signed, for a presigned address)."""
        service = model.service_model.service_name
        for action, resource in asked(SERVICES.get(service, service), model.name, params):
            self.calls.add(Right(self._here.function, action, resource))

    def called_by(self, call: Callable[[Fleet, Event], Any]) -> Callable[[Fleet, Event], Any]:
        """The function's call, remembering whose it is while it lasts."""

        def named(fleet: Fleet, event: Event) -> Any:
            self._here.function = fleet.function.name
            self.routes |= {(event["httpMethod"], event["resource"])} if "httpMethod" in event else set()
            return call(fleet, event)

        return named

    def tools(self) -> Tools:
        """The tools of the function that is running."""
        name = self._here.function
        if name not in self._made:
            self._made[name] = wiring.build_tools(read_settings())
        return self._made[name]


def recording(patch: pytest.MonkeyPatch) -> Recorder:
    """Watch the functions of a laptop started from now on; their clients come from boto3's default session."""
    recorder, session = Recorder(), boto3.session.Session()
    session.events.register("provide-client-params", recorder.note)
    patch.setattr(boto3, "DEFAULT_SESSION", session)
    patch.setattr(Fleet, "call", recorder.called_by(Fleet.call))
    patch.setattr(wiring, "tools", recorder.tools)
    return recorder


def granted(laptop: Laptop) -> set[Right]:
    """Every right of every function, on the addresses that its resources have here."""
    functions = [one.name for one in laptop.stack.template.functions]
    return {
        Right(name, action, resource)
        for name in functions
        for policy in laptop.stack.template.properties(name).get("Policies", [])
        for statement in policy["Statement"]
        for action in _listed(statement["Action"])
        for resource in _listed(statement["Resource"])
    }


def asked_on_behalf(laptop: Laptop, calls: set[Right]) -> set[Right]:
    """What AWS does in a function's name: open what our key seals, put aside what a stream cannot deliver, and send
    with the configuration set of its identity.
    """
    key = laptop.stack.address("PersonalDataKey", "Arn")
    sealed = {call.function for call in calls if call.action.startswith(("dynamodb:", "s3:"))}
    opened = {Right(function, action, key) for function in sealed for action in ("kms:Decrypt", "kms:GenerateDataKey")}
    put_aside = {
        Right(function.name, "sqs:SendMessage", stream.on_failure)
        for function in laptop.stack.template.functions
        for stream in function.events.streams
        if stream.on_failure
    }
    [events] = laptop.stack.template.resources_of("AWS::SES::ConfigurationSet")
    name = f"arn:aws:ses:{REGION}:{laptop.cloud.account}:configuration-set/{laptop.stack.address(events, 'Ref')}"
    watched = {Right(call.function, call.action, name) for call in calls if call.action.startswith("ses:")}
    return opened | put_aside | watched


def addressed(laptop: Laptop, call: Right) -> Right:
    """The call with the ARN of its resource, which calls mostly do not say."""
    name, slash, rest = call.resource.partition("/") if call.action in ON_PARTS else (call.resource, "", "")
    arns = {
        laptop.stack.address(logical, "Ref"): laptop.stack.address(logical, "Arn")
        for kind in ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue")
        for logical in laptop.stack.template.resources_of(kind)
    }
    if name.startswith(SENDER):
        name = f"arn:aws:ses:{REGION}:{laptop.cloud.account}:{name}"
    return Right(call.function, call.action, arns.get(name, name) + slash + rest)


def asked(service: str, operation: str, params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The actions that a call needs, each with its resource's name."""
    if operation == "TransactWriteItems":
        acts = [(kind, one["TableName"]) for act in params["TransactItems"] for kind, one in act.items()]
        yield from ((f"dynamodb:{TRANSACTED[kind]}", table) for kind, table in acts)
    elif service == "ses":  # a raw message needs both
        sender = SENDER + params["FromEmailAddress"].partition("@")[2]
        yield from ((f"ses:{action}", sender) for action in (operation, "SendRawEmail"))
    else:
        named = VERSIONED.get(operation, operation) if "VersionId" in params else operation
        yield f"{service}:{NAMED_OTHERWISE.get(named, named)}", RESOURCES[service](params)


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]

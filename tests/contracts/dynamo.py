"""DynamoDB on this machine for the Store's contracts: its tables, what is asked of it, and faults on demand.

PYTEST_DONT_REWRITE: also imported by name, so pytest may meet it before it is asked for as a plugin.
"""

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError
from botocore.httpsession import URLLib3Session
from cvec.adapters.store import DynamoStore
from cvec.adapters.world import RealChance
from cvec.domain.history import Entry

from infra.local.moto_cloud import REGION, MotoCloud
from infra.local.stack import Stack
from infra.local.template import Template
from tests.support.laptop import TEMPLATE

TABLES = {"records": "Records", "tickets": "Tickets"}
Hook = Callable[..., Any]
Lay = Callable[[str, Hook], None]
"""Lets a hook play with the calls of one operation for the length of a test."""


class Cloud:
    """DynamoDB on this machine, with its tables emptied for each test, and what is asked of it written down."""

    def __init__(self, moto: MotoCloud) -> None:
        stack = Stack(Template.load(TEMPLATE), moto)
        stack.create()
        self.tables = {name: stack.address(logical, "Ref") for name, logical in TABLES.items()}
        self.client: Any = boto3.session.Session().client(
            "dynamodb",
            region_name=REGION,
            endpoint_url=moto.url,
            aws_access_key_id="tests",
            aws_secret_access_key="tests",
            config=Config(retries={"total_max_attempts": 1}),
        )
        self.asked: list[str] = []
        self.heard: list[Entry] = []
        self.client.meta.events.register("before-call.dynamodb", lambda model, **_: self.asked.append(model.name))

    def store(self) -> DynamoStore:
        return DynamoStore(
            lambda: self.client, tables=self.tables, new_change=RealChance().new_id, on_fact=self.heard.append
        )

    def empty(self) -> None:
        for table in self.tables.values():
            for item in self.client.scan(TableName=table)["Items"]:
                self.client.delete_item(TableName=table, Key={"pk": item["pk"], "sk": item["sk"]})
        self.asked.clear()
        self.heard.clear()


@pytest.fixture(scope="module")
def whole_cloud() -> Iterator[Cloud]:
    moto = MotoCloud()
    moto.start()
    moto.environment.park()
    yield Cloud(moto)
    moto.stop()


@pytest.fixture
def cloud(whole_cloud: Cloud) -> Iterator[Cloud]:
    whole_cloud.empty()
    yield whole_cloud
    assert "Scan" not in whole_cloud.asked


@pytest.fixture
def dynamo(cloud: Cloud) -> DynamoStore:
    return cloud.store()


@pytest.fixture
def faults(cloud: Cloud) -> Iterator[Lay]:
    laid: list[tuple[str, Hook]] = []

    def lay(event: str, hook: Hook) -> None:
        cloud.client.meta.events.register_first(event, hook)
        laid.append((event, hook))

    yield lay
    for event, hook in laid:
        cloud.client.meta.events.unregister(event, hook)


def sent_twice(request: AWSPreparedRequest, **_: Any) -> None:
    """What the SDK does when the reply of a call that succeeded is lost: it sends the same request again."""
    session = URLLib3Session()
    assert session.send(request).status_code == 200
    session.close()


def answered(status: int, kind: str, **more: Any) -> Hook:
    """A made-up answer to every call."""
    body = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{kind}", "Message": kind, **more}).encode()

    class Raw(BytesIO):
        def stream(self, **_: Any) -> Iterator[bytes]:
            yield self.read()

    return lambda request, **_: AWSResponse(request.url, status, HTTPHeaders(), Raw(body))


def unanswered(request: AWSPreparedRequest, **_: Any) -> None:
    raise ReadTimeoutError(endpoint_url=request.url)

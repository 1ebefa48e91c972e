"""One laptop on the fixture stack for all tests of this room; each test has the environment for itself."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from infra.local.laptop import Laptop

TEMPLATE = Path(__file__).parent / "fixture" / "template.yaml"


@pytest.fixture(scope="session")
def running_laptop() -> Iterator[Laptop]:
    with Laptop(TEMPLATE) as laptop:
        laptop.park()
        yield laptop


@pytest.fixture
def laptop(running_laptop: Laptop) -> Iterator[Laptop]:
    running_laptop.lay()
    yield running_laptop
    running_laptop.pump.drain()
    running_laptop.park()


class Site:
    """Calls the laptop as a browser would."""

    def __init__(self, laptop: Laptop) -> None:
        self.laptop = laptop

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        url = self.laptop.site_url + path
        return requests.request(method, url, timeout=20, allow_redirects=False, **options)

    def echo(self, path: str, **options: Any) -> Any:
        """The event that reached the function."""
        method = "POST" if "data" in options else "GET"
        answer = self.ask(method, path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()["event"]

    def add_row(self, name: str, /, **words: str) -> None:
        row = {"pk": name, "sk": "row", **words}
        answer = self.ask("POST", "/rows", json={key: {"S": value} for key, value in row.items()})
        assert answer.status_code == 200, answer.text

    def tries(self, name: str) -> int:
        """How often the background saw a piece of work."""
        table = self.laptop.stack.name("Seen")
        found = self.laptop.cloud.client("dynamodb").get_item(TableName=table, Key={"pk": {"S": name}})
        return int(found["Item"]["tries"]["N"]) if "Item" in found else 0

    def send_job(self, name: str) -> None:
        url = self.laptop.stack.address("Jobs", "Ref")
        self.laptop.cloud.client("sqs").send_message(QueueUrl=url, MessageBody=name)

    def dead_jobs(self) -> list[Any]:
        """What ended in the dead letter queue; taken out of it."""
        sqs, url = self.laptop.cloud.client("sqs"), self.laptop.stack.address("DeadJobs", "Ref")
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [message["Body"] for message in found]

    def dead_batches(self) -> list[Any]:
        return [json.loads(body)["DDBStreamBatchInfo"] for body in self.dead_jobs()]


@pytest.fixture
def site(laptop: Laptop) -> Site:
    return Site(laptop)

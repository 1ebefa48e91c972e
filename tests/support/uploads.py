"""A document sent as a browser sends it, to a laptop or to a world of fakes."""

from dataclasses import replace
from typing import Any

import requests
from cvec.adapters.intake_s3 import S3Intake
from cvec.adapters.store import DynamoStore
from cvec.adapters.world import RealChance, RealClock
from cvec.domain.documents import Document, Purpose
from cvec.domain.sessions import Holder
from cvec.ports import Tools
from cvec.usecases import documents
from cvec.usecases.documents import UploadOffered

from infra.local.laptop import Laptop
from tests.support.fakes import new_world

OWNER = "p3r5on7aaaaaaaaaaaaaaaaaa2"


def laptop_tools(laptop: Laptop) -> Tools:
    """Tools whose rows and documents are the laptop's, on clients of its own."""
    stack, client = laptop.stack, laptop.cloud.client
    tables = {"records": stack.address("Records", "Ref"), "tickets": stack.address("Tickets", "Ref")}
    chance, bucket = RealChance(), stack.address("DocumentsBucket", "Ref")
    store = DynamoStore(lambda: client("dynamodb"), tables=tables, new_change=chance.new_id, on_fact=lambda _: None)
    intake = S3Intake(lambda: client("s3"), bucket=bucket, upload_base=laptop.uploads.url)
    return replace(new_world(), store=store, intake=intake, clock=RealClock(), chance=chance)  # type: ignore[arg-type]


def offered(tools: Tools, content: bytes, kind: str = "image/png", **more: Any) -> UploadOffered:
    """Permission to send this."""
    return documents.ask_upload(
        OWNER, Holder.STUDENT, Purpose.IDENTITY, content_type=kind, size=len(content), tools=tools, **more
    )


def send(form: UploadOffered, content: bytes, **instead: str) -> requests.Response:
    """The browser's form, with other fields instead."""
    fields = {**form.fields, **instead}
    return requests.post(form.url, data=fields, files={"file": content}, allow_redirects=False, timeout=30)


def found(tools: Tools, document_id: str) -> Document:
    """The document as it is now."""
    document = tools.store.find(Document, OWNER, document_id)
    assert document is not None
    return document

"""Stripe's published schemas, held against every answer and every event of the stand-in."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import stripe
from jsonschema import Draft202012Validator

from infra.local.card_provider.parameters import subset

Json = dict[str, Any]
LISTS = {"list", "search_result"}


@cache
def schema_of(kind: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": subset()["$defs"]})


def violations(body: Json) -> list[str]:
    """What Stripe's document says is wrong with an answer; an empty list when nothing is."""
    if "error" in body:
        return _violations("api_errors", body["error"])
    if body["object"] in LISTS:
        return [fault for thing in body["data"] for fault in violations(thing)]
    if body.get("deleted"):
        return [] if set(body) == {"id", "object", "deleted"} else [f"not a deletion: {body}"]
    inside = violations(body["data"]["object"]) if body["object"] == "event" else []
    return _violations(body["object"], body) + inside


def _violations(kind: str, thing: Json) -> list[str]:
    known = subset()["$defs"][kind]["properties"]
    invented = [f"{kind}: Stripe has no field {name}" for name in thing.keys() - known.keys()]
    found = schema_of(kind).iter_errors(thing)
    return invented + [f"{kind}.{fault.json_path}: {fault.message[:300]}" for fault in found]


class CheckedHttp(stripe.RequestsClient):
    """The SDK's own transport, which also holds every answer against the schemas and keeps its headers."""

    def __init__(self) -> None:
        super().__init__(timeout=(2, 10))
        self.faults: list[str] = []
        self.checked = 0
        self.last_headers: Mapping[str, str] = {}

    # The SDK's own transports narrow their parent's signature in the same way.
    def request(  # type: ignore[override]
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        content, status, answered = super().request(method, url, headers, post_data)
        self.faults += [f"{method} {url}: {fault}" for fault in violations(json.loads(content))]
        self.checked += 1
        self.last_headers = answered
        return content, status, answered

    def _sleep_time_seconds(self, num_retries: int) -> float:
        return 0.01

"""Every text that a JSON body or a form may hold, found from the models; and the doors that take it, in their world.

A new field is found by itself. A new model needs its good body in `tests/support/bodies.py`, as a house test says.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from cvec.domain.errors import Refusal
from cvec.domain.mails import Template
from cvec.domain.model import Row
from cvec.web.operations import Operation
from cvec.web.reading import read_body, read_form
from pydantic import BaseModel

from tests.functions.test_bad_input import Prober
from tests.support.bodies import GOOD
from tests.support.calling import Browser, Reply, operations
from tests.support.people import EMAIL, YEAR, password_token

Path = tuple[str | int, ...]
"""Where a text is in a body: names of fields, and 0 for the first of a list."""

ABROAD = {"country": "SN", "postal_code": "BP 45"}
ROOMIER: dict[str, dict[str, Any]] = {
    "Contact": ABROAD,  # a French postcode is five digits, a foreign one is free
    "LinkAsked": {"payer_email": None},  # a mail for each would be five a day
    "Institution": {"uai": None},  # a name chosen from the list must be the list's
}
"""What a good body is given up for, so that more is taken of its other fields."""


def text_paths(schema: Mapping[str, Any], at: Path = (), defs: Mapping[str, Any] | None = None) -> Iterator[Path]:
    """Where the texts of a model's JSON schema are; a choice among words is none."""
    known = defs if defs is not None else schema.get("$defs", {})
    for option in schema.get("anyOf", [schema]):
        one = known[option["$ref"].rpartition("/")[2]] if "$ref" in option else option
        if one.get("type") == "string" and not {"enum", "const"} & set(one):
            yield at
        if one.get("type") == "array":
            yield from text_paths(one.get("items", {}), (*at, 0), known)
        for name, inner in one.get("properties", {}).items():
            yield from text_paths(inner, (*at, name), known)


def put(body: Any, path: Path, text: str) -> Any:
    """The body with a text at a place, whatever was there."""
    if not path:
        return text
    place, *rest = path
    if isinstance(place, int):
        items = list(body or [{}])
        return [put(items[0], tuple(rest), text), *items[1:]]
    return {**(body or {}), place: put((body or {}).get(place), tuple(rest), text)}


def got(body: Any, path: Path) -> Any:
    """What is at a place of a body."""
    for place in path:
        body = body[place]
    return body


@dataclass
class Door:
    """One route that takes a model, in front of somebody who may call it; each call finds the same world."""

    operation: Operation
    model: type[BaseModel]
    browser: Browser = field(init=False)
    good: dict[str, Any] = field(init=False)
    paths: list[Path] = field(init=False)
    _path: str = field(init=False)
    _rows: dict[tuple[type[Row], tuple[str, ...]], Row] = field(init=False)
    _cookies: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        prober = Prober(self.operation)
        self.browser = prober.browser
        tokens = _living_tokens(self.browser)
        step = next((step for step in tokens if step in self.operation.path), None)
        self._path = prober.path(**({"token": tokens[step]} if step else {}))
        self.good = {**GOOD[self.model.__name__], **ROOMIER.get(self.model.__name__, {})}
        if "password" in self.good and "token" in self.good:
            self.good["token"] = tokens["/password"]
        self.paths = list(text_paths(self.model.model_json_schema()))
        self._rows, self._cookies = dict(self.browser.world.store.rows), dict(self.browser.cookies)

    def with_texts(self, texts: Mapping[Path, str]) -> dict[str, Any]:
        """The good body with these texts; an address typed twice is typed twice the same."""
        body = self.good
        for path, text in texts.items():
            body = put(body, path, text)
            twin = (*path[:-1], f"{path[-1]}_again")
            body = put(body, twin, text) if twin in self.paths else body
        return body

    def raw(self, body: Mapping[str, Any]) -> bytes:
        """A body as it travels."""
        if self.operation.body:
            return json.dumps(body).encode()
        return urlencode(body, errors="surrogatepass").encode()

    def read(self, body: Mapping[str, Any]) -> BaseModel | Refusal:
        """What the door makes of a body before anything else, or why it refuses it."""
        try:
            return (read_body if self.operation.body else read_form)(self.model, self.raw(body))
        except Refusal as refusal:
            return refusal

    def send(self, body: Mapping[str, Any]) -> Reply:
        """The whole call, in the world as it first was."""
        self.browser.world.store.rows = dict(self._rows)
        self.browser.cookies = dict(self._cookies)
        return self.browser.call(
            self.operation.methods[0],
            self._path,
            resource=self.operation.path,
            body=self.raw(body),
            content_type=self.operation.content_type,
        )


def doors() -> list[Door]:
    """One door for each model, in the order of the street; forms with no field have nothing to take."""
    found: dict[type[BaseModel], Operation] = {}
    for _, operation in operations():
        model = operation.body or operation.form
        if model and any(text_paths(model.model_json_schema())):
            found.setdefault(model, operation)
    return [Door(operation, model) for model, operation in found.items()]


def _living_tokens(browser: Browser) -> dict[str, str]:
    """Links that still serve, by what the paths that take them hold."""
    browser.world.clock.advance(days=1)
    assert browser.post("/api/v1/session", GOOD["Credentials"]).status == 201
    asked = browser.post(f"/api/v1/files/{YEAR}/payment-link", GOOD["LinkAsked"])
    assert browser.post("/api/v1/password-links", {"email": EMAIL}).status == 202
    payment_link = asked.json["url"].rpartition("/")[2]
    password = password_token(browser.world, Template.PASSWORD_LINK)
    return {"/pay": payment_link, "/password": password}

"""The committed OpenAPI document says the truth: a generator made of it finds no answer that it does not announce."""

import json
from base64 import urlsafe_b64decode
from typing import Any
from urllib.parse import urlencode

import schemathesis
from cvec.domain.payment_links import DERIVED_AS as PAYER_LINK
from cvec.domain.payment_links import ShownName
from cvec.usecases import files, pay, register, sign_in, third_party, verify
from cvec.web.callers import COOKIES, Caller
from hypothesis import HealthCheck, settings

from infra.deploy.contract import COMMITTED
from tests.support.bodies import GOOD
from tests.support.calling import Browser
from tests.support.fakes import FakeSecrets, World, new_world
from tests.support.in_process import InProcess
from tests.support.people import EMAIL, LYON, PASSWORD, YEAR, filled_but_email, letters_sent, ready_to_pay

DOCUMENT: dict[str, Any] = json.loads(COMMITTED.read_text(encoding="utf-8"))
YEAR_BEFORE = "2025-2026"
OTHER_EMAIL, OTHER_INE = "other@example.org", "0494004062M"
CASES_PER_OPERATION = 40
UNSIGNED = "POST /api/v1/card-notifications"
"""Nobody but the provider can sign a notification, so a generator only ever hears that it is forged."""


WITHOUT_SUCCESS = {
    UNSIGNED,
    "POST /api/v1/account/email/confirmation",  # its code has not been asked for
    "PUT /api/v1/password",  # nobody was mailed the example's link
    "GET /api/v1/files/{year}/certificate",  # the example's file is not paid
    "POST /api/v1/registration/resumption",  # nobody was mailed the example's link
    "PUT /api/v1/account/closing",  # the example's student is in the middle of a payment
    "DELETE /api/v1/profile/correction",  # no correction waits while no certificate is printed
}


class ExampleSecrets(FakeSecrets):
    """The fakes' secret, but that the first link to a payer bears the document's example."""

    def __init__(self) -> None:
        self._first: str | None = None

    def derive(self, purpose: str, name: str) -> bytes:
        if purpose != PAYER_LINK:
            return super().derive(purpose, name)
        self._first = self._first or name
        return urlsafe_b64decode(f"{_example_of('token')}=") if name == self._first else super().derive(purpose, name)


def _example_of(parameter: str) -> str:
    """The document's example of a path parameter."""
    operations = [one for methods in DOCUMENT["paths"].values() for one in methods.values()]
    given = [one for operation in operations for one in operation.get("parameters", []) if one["name"] == parameter]
    return str(given[0]["schema"]["examples"][0])


def _busy_world() -> tuple[World, dict[Caller, str]]:
    """A student with last year's payment open and this year's link offered; a registration ready to be completed."""
    world = new_world(secrets=ExampleSecrets())
    person_id = ready_to_pay(world, ine=OTHER_INE)
    files.prepare_file(person_id, YEAR_BEFORE, **LYON, tools=world)
    _named(world, _example_of("payment"))
    pay.pay_by_card(person_id, YEAR_BEFORE, "fr", tools=world)
    del world.chance.new_id
    third_party.ask_third_party(person_id, YEAR, name=ShownName.FIRST_NAME, language="fr", tools=world)
    draft_id = filled_but_email(world)
    verify.give_email(draft_id, OTHER_EMAIL, tools=world)
    verify.confirm_email(draft_id, letters_sent(draft_id, world), tools=world)
    world.clock.advance(hours=1)
    student, draft = sign_in.sign_in(EMAIL, PASSWORD, tools=world).cookie, _cookie_of(draft_id, world)
    return world, {Caller.STUDENT: student, Caller.DRAFT: draft}


def _named(world: World, name: str) -> None:
    """Let the next thing be called so."""
    world.chance.new_id = lambda: name  # type: ignore[method-assign]


def _cookie_of(draft_id: str, world: World) -> str:
    from cvec.domain.sessions import Holder
    from cvec.usecases.sessions import opened_session

    assert register.read_registration(draft_id, tools=world)
    session, cookie = opened_session(Holder.DRAFT, draft_id, tools=world)
    world.store.commit(session)
    return cookie


WORLD, SESSIONS = _busy_world()
APP = InProcess(WORLD)
CONFIG = schemathesis.Config.from_dict(
    {
        "generation": {"mode": "all", "max-examples": CASES_PER_OPERATION, "deterministic": True},
        "auth": {"openapi": {who.value: {"api_key": cookie} for who, cookie in SESSIONS.items()}},
        "checks": {
            # JSON Schema cannot say the key of an INE, an age, a typing mistake in a number, a good password: 422
            "positive_data_acceptance": {"expected-statuses": ["2xx", "401", "404", "409", "410", "422", "429"]},
        },
        "operations": [
            {"include-name": UNSIGNED, "checks": {"positive_data_acceptance": {"enabled": False}}},
        ],
    }
)
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT, config=CONFIG)
SCHEMA.app = APP


@SCHEMA.parametrize()  # type: ignore[untyped-decorator]
@settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_every_answer_is_one_that_the_document_announces(case: schemathesis.Case) -> None:
    case.call_and_validate()


def test_the_prepared_sessions_open_every_operation() -> None:
    """Nothing is proved about a route that only ever asks who is there."""
    statuses = {}
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            given = [one for one in operation.get("parameters", []) if one["required"]]
            examples = {one["name"]: _example(one["schema"]) for one in given}
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            sent = GOOD.get(body.get("$ref", "").rpartition("/")[2])
            statuses[f"{method.upper()} {path}"] = _asked(method, path.format(**examples), examples, sent)
    assert [name for name, status in statuses.items() if status in (401, 403, 405, 415)] == []
    assert {name for name, status in statuses.items() if status >= 300} == WITHOUT_SUCCESS


def _example(schema: dict[str, Any]) -> str:
    """A value that the document says is good."""
    if "$ref" in schema:
        return str(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["enum"][0])
    return str(schema["examples"][0])


def _asked(method: str, path: str, query: dict[str, str], sent: object) -> int:
    browser = Browser(WORLD, {COOKIES[who]: cookie for who, cookie in SESSIONS.items()})
    used = {name: value for name, value in query.items() if value not in path}
    APP.rewind()
    return browser.call(method.upper(), path, sent=sent, query=urlencode(used)).status


def test_the_sessions_are_those_of_the_document() -> None:
    schemes = DOCUMENT["components"]["securitySchemes"]
    assert {name: one["name"] for name, one in schemes.items()} == {who.value: COOKIES[who] for who in SESSIONS}

"""The routes of the doors are those of the plan, both ways; each says who may call it, and means it."""

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from cvec import journal, wiring
from cvec.web.callers import Caller
from cvec.web.operations import Operation
from cvec.web.problems import CONTENT_TYPE

from infra.local.events import LambdaContext, rest_event
from infra.local.template import Function
from tests.house.building import app_of, operations, step_of, template
from tests.support.fakes import new_world

ALL = [pytest.param(step, one, id=f"{'/'.join(one.methods)} {one.path}") for step, one in operations()]
WITH_SESSION = [one for one in ALL if one.values[1].who in (Caller.STUDENT, Caller.DRAFT)]  # type: ignore[union-attr]
UNSAFE = [
    one
    for one in ALL
    if one.values[1].methods != ("GET",) and one.values[1].who is not Caller.PROVIDER  # type: ignore[union-attr]
]
REMEDY = "write the route in both functions/{}/app.py and its function's Events in template.yaml"


@pytest.fixture(autouse=True)
def _a_world_of_fakes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "cvec-tests")
    journal.metrics.cache_clear()
    wiring.use(new_world())
    yield
    wiring.forget()
    journal.metrics.cache_clear()


def ask(step: str, operation: Operation, **headers: str) -> Any:
    parameters = dict.fromkeys(operation.path_parameters, "x")
    event = rest_event(
        operation.methods[0],
        operation.path.format(**parameters),
        resource=operation.path,
        path_parameters=parameters,
        headers=[*headers.items(), *([("Content-Type", operation.content_type)] if operation.content_type else [])],
        body=b"{}" if operation.content_type else b"",
    )
    return app_of(step)(event, LambdaContext(step, 20.0, 512))


@pytest.mark.parametrize("function", template().functions, ids=lambda one: one.name)
def test_routes_in_code_and_in_the_plan_are_the_same(function: Function) -> None:
    planned = {(route.method, route.path) for route in function.events.routes}
    step = step_of(function.name)
    written = {(method, one.path) for one in app_of(step).operations for method in one.methods}
    assert written == planned, f"{sorted(written ^ planned)}: {REMEDY.format(step)}"


@pytest.mark.parametrize("function", template().functions, ids=lambda one: one.name)
def test_events_in_the_plan_have_their_consumer_in_code(function: Function) -> None:
    background = app_of(step_of(function.name)).background
    planned = {
        "task": {schedule.input["task"] for schedule in function.events.schedules},
        "row": {
            kind
            for stream in function.events.streams
            for pattern in stream.patterns
            for kind in pattern["dynamodb"]["NewImage"]["kind"]["S"]
        },
        "message": bool(function.events.queues),
    }
    written = {
        "task": set(background._tasks),
        "row": set(background._rows),
        "message": background._messages is not None,
    }
    assert written == planned, f"declare it with @app.background and in the Events of {function.name}"


@pytest.mark.parametrize(("step", "operation"), ALL)
def test_every_route_declares_who_may_call_it(step: str, operation: Operation) -> None:
    assert isinstance(operation.who, Caller), f"{operation.path}: say who=Caller.… in functions/{step}/app.py"
    if operation.takes_session:
        assert operation.who in (Caller.STUDENT, Caller.DRAFT), f"{operation.name} takes a session nobody shows"


def test_one_place_in_a_path_has_one_parameter_name() -> None:
    """API Gateway refuses /files/{year} beside /files/{id}."""
    names: dict[str, set[str]] = {}
    for route in template().routes():
        before, _, last = route.path.rpartition("/")
        while before or last:
            if last.startswith("{"):
                names.setdefault(before, set()).add(last)
            before, _, last = before.rpartition("/")
    torn = {parent: found for parent, found in names.items() if len(found) > 1}
    assert not torn, f"{torn}: give the parameter one name in all paths"


@pytest.mark.parametrize(("step", "operation"), WITH_SESSION)
def test_a_stranger_is_refused_where_a_session_is_needed(step: str, operation: Operation) -> None:
    answer = ask(step, operation)
    assert answer["statusCode"] == HTTPStatus.UNAUTHORIZED, answer
    assert answer["headers"]["Content-Type"] == CONTENT_TYPE
    assert json.loads(answer["body"])["remedy"]["href"]


@pytest.mark.parametrize(("step", "operation"), UNSAFE)
def test_a_page_of_another_site_may_change_nothing(step: str, operation: Operation) -> None:
    answer = ask(step, operation, Origin="https://elsewhere.example")
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (HTTPStatus.FORBIDDEN, "foreign_origin")


def test_one_door_only_trusts_a_signature() -> None:
    """It alone skips the same-origin proof; another such door is a decision."""
    assert [one.path for _, one in operations() if one.who is Caller.PROVIDER] == ["/api/v1/card-notifications"]

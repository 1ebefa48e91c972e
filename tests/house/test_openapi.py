"""The committed contract is what the routes say now, and any tool that reads OpenAPI 3.1 can read it."""

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from cvec.web.problems import CONTENT_TYPE
from openapi_spec_validator import OpenAPIV31SpecValidator

from infra.deploy import contract
from tests.house.building import ROOT

MADE_AGAIN = "openapi.json is old: run `make contract`"


@cache
def committed() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((ROOT / "openapi.json").read_text(encoding="utf-8"))
    return document


def described() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in committed()["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_the_committed_contract_is_current() -> None:
    assert contract.COMMITTED.read_text(encoding="utf-8") == contract.text(), MADE_AGAIN


def test_the_contract_at_the_root_is_the_one_that_is_served() -> None:
    assert (ROOT / "openapi.json").resolve() == contract.COMMITTED, "ln -s layers/shared/cvec/data/openapi.json"


def test_it_is_openapi_3_1() -> None:
    assert committed()["openapi"].startswith("3.1.")
    found = OpenAPIV31SpecValidator(committed()).iter_errors()
    faults = [f"{list(fault.absolute_path)}: {fault.message}" for fault in found]
    assert not faults, "\n".join(["correct cvec/web/openapi.py:", *faults])


def test_every_operation_has_a_name_of_its_own() -> None:
    counted = Counter(operation["operationId"] for _, operation in described())
    shared = [name for name, count in counted.items() if count > 1]
    assert not shared, f"{shared}: rename one of the views"


def test_every_operation_says_what_it_is_for() -> None:
    silent = [where for where, operation in described() if not operation["summary"].endswith(".")]
    assert not silent, f"{silent}: begin the view's docstring with what the route is for"


def test_every_operation_says_how_it_may_refuse() -> None:
    for where, operation in described():
        refused = {status: one for status, one in operation["responses"].items() if int(status) >= 400}
        assert refused, f"{where} declares no refusal: name them in `refusals=` of its route"
        assert all(list(one["content"]) == [CONTENT_TYPE] for one in refused.values()), where


def test_every_operation_that_takes_a_body_says_what_happens_to_a_bad_one() -> None:
    for where, operation in described():
        if "requestBody" in operation:
            missing = {"400", "413", "415", "422"} - set(operation["responses"])
            assert not missing, f"{where} does not say {missing}: see _refusals in web/openapi.py"

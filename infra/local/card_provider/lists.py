"""Reading: one object, or a page of them, filtered and counted as Stripe does."""

from collections.abc import Callable
from typing import Any

from infra.local.card_provider.ledger import Ledger
from infra.local.card_provider.refusals import Json, invalid

Reading = Callable[[Ledger, Json, str], Json]
PAGING = {"limit", "starting_after", "ending_before", "expand"}
MAX_PAGE, DEFAULT_PAGE = 100, 10


def one(kind: str) -> Reading:
    """The operation that reads one object of a kind."""

    def read(ledger: Ledger, _params: Json, identifier: str) -> Json:
        return ledger.get(kind, identifier)

    return read


def page(kind: str, url: str) -> Reading:
    """The operation that lists a kind, newest first."""

    def read(ledger: Ledger, params: Json, _id: str = "") -> Json:
        wanted = {name: value for name, value in params.items() if name not in PAGING}
        found = [thing for thing in ledger.all(kind) if matches(thing, wanted)]
        chosen, has_more = _cut(found, params)
        return {"object": "list", "data": chosen, "has_more": has_more, "url": url}

    return read


def limit(params: Json) -> int:
    """How many objects a page may hold; raises Refused outside 1–100."""
    asked: int = params.get("limit", DEFAULT_PAGE)
    if not 1 <= asked <= MAX_PAGE:
        raise invalid("Invalid limit: must be between 1 and 100", param="limit")
    return asked


def matches(thing: Json, wanted: Json) -> bool:
    """Whether an object passes every filter of a list.

    >>> matches({"created": 5, "type": "a.b"}, {"created": {"gte": 5, "lt": 6}, "types": ["a.b"]})
    True
    """
    return all(_passes(thing, name, value) for name, value in wanted.items())


def _passes(thing: Json, name: str, value: Any) -> bool:
    if name == "created" and isinstance(value, dict):
        return within(thing["created"], value)
    if name == "types":
        return thing["type"] in value
    if name == "delivery_success":
        return (thing["pending_webhooks"] == 0) is value
    if isinstance(value, dict):
        return matches(thing.get(name) or {}, value)
    return bool(thing.get(name) == value)


def within(moment: int, bounds: dict[str, int]) -> bool:
    """Whether a number lies between the bounds given (`gt`, `gte`, `lt`, `lte`)."""
    tests = {"gt": moment.__gt__, "gte": moment.__ge__, "lt": moment.__lt__, "lte": moment.__le__}
    return all(tests[name](bound) for name, bound in bounds.items())


def _cut(found: list[Json], params: Json) -> tuple[list[Json], bool]:
    size = limit(params)
    if "ending_before" in params:
        before = found[: _place(found, params, "ending_before")]
        return before[-size:], len(before) > size
    start = _place(found, params, "starting_after") + 1 if "starting_after" in params else 0
    return found[start : start + size], len(found) > start + size


def _place(found: list[Json], params: Json, name: str) -> int:
    for index, thing in enumerate(found):
        if thing["id"] == params[name]:
            return index
    raise invalid(f"No such object in this list: '{params[name]}'", param=name, code="resource_missing")

"""Stripe's search language, for PaymentIntents: `status:"succeeded" AND metadata["attempt_id"]:"a1"`.

Stripe's own index lags up to a minute; this one never does, so nothing may rely on a search right after a write.
"""

import re
from collections.abc import Callable, Iterable

from infra.local.card_provider.ledger import Ledger
from infra.local.card_provider.lists import limit, within
from infra.local.card_provider.refusals import Json, Refused, invalid

CLAUSE = re.compile(
    r"""(?P<minus>-)?(?P<field>\w+)(?:\[["'](?P<key>[^"'\]]+)["']\])?"""
    r"""(?P<how>:|>=|<=|>|<)(?:["'](?P<text>[^"']*)["']|(?P<number>\d+)|(?P<null>null))"""
)
COMPARE = {">": "gt", ">=": "gte", "<": "lt", "<=": "lte"}
FIELDS = {"amount", "created", "currency", "customer", "metadata", "status"}
Combine = Callable[[Iterable[bool]], bool]
Clause = re.Match[str]


def payment_intents(ledger: Ledger, params: Json, _id: str = "") -> Json:
    """`GET /v1/payment_intents/search`; `page` is what the page before called `next_page`."""
    clauses, combine = parse(params.get("query", ""))
    intents = ledger.all("payment_intent")
    found = [intent for intent in intents if combine(is_true(clause, intent) for clause in clauses)]
    start, size = _start(params.get("page", "0")), limit(params)
    has_more = len(found) > start + size
    return {
        "object": "search_result",
        "data": found[start : start + size],
        "has_more": has_more,
        "next_page": str(start + size) if has_more else None,
        "url": "/v1/payment_intents/search",
    }


def parse(query: str) -> tuple[list[Clause], Combine]:
    """The clauses of a query and how they combine; raises Refused unless it is well formed.

    >>> clauses, combine = parse("status:'succeeded' AND amount>100")
    >>> [clause["field"] for clause in clauses], combine
    (['status', 'amount'], <built-in function all>)
    """
    words = re.split(r"\s+(AND|OR)\s+", query.strip())
    if len(set(words[1::2])) > 1:
        raise _malformed("AND and OR cannot be mixed")
    return [_clause(text) for text in words[::2]], any if "OR" in words[1::2] else all


def is_true(clause: Clause, intent: Json) -> bool:
    """Whether an intent satisfies one clause."""
    value = intent["metadata"].get(clause["key"]) if clause["field"] == "metadata" else intent[clause["field"]]
    if clause["how"] != ":":
        result = within(value, {COMPARE[clause["how"]]: int(clause["number"])})
    elif clause["null"]:
        result = value is None
    else:
        result = value is not None and str(value) == (clause["text"] or clause["number"])
    return result != bool(clause["minus"])


def _clause(text: str) -> Clause:
    clause = CLAUSE.fullmatch(text)
    if clause is None:
        raise _malformed(f"`{text}` is not a clause")
    if clause["field"] not in FIELDS:
        raise _malformed(f"Field `{clause['field']}` is not searchable here")
    if (clause["field"] == "metadata") != bool(clause["key"]):
        raise _malformed('only metadata takes a name in brackets, as in metadata["name"]')
    if clause["how"] != ":" and not (clause["field"] in {"amount", "created"} and clause["number"]):
        raise _malformed("only amount and created are compared, with a number")
    return clause


def _start(page: str) -> int:
    if not page.isdigit():
        raise invalid("Invalid page", param="page")
    return int(page)


def _malformed(why: str) -> Refused:
    return invalid(f"We were unable to parse your search query: {why}.", param="query")

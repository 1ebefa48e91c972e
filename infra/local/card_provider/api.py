"""Stripe's API under `/v1`: who may call, what a call means, and the answer in Stripe's shape."""

import binascii
import copy
import re
import time
from base64 import b64decode
from collections.abc import Callable

from werkzeug.wrappers import Request, Response

from infra.local.card_provider import disputes, due, endpoints, expand, refunds, search, sessions
from infra.local.card_provider.form import nest
from infra.local.card_provider.idempotency import Answer, begin, fingerprint, forget, remember
from infra.local.card_provider.ids import new_id
from infra.local.card_provider.ledger import Ledger
from infra.local.card_provider.lists import one, page
from infra.local.card_provider.parameters import subset, typed
from infra.local.card_provider.refusals import Json, Refused, invalid, unauthenticated
from infra.local.card_provider.wire import json_response

Operation = Callable[[Ledger, Json, str], Json]
TEST_KEY = re.compile(r"(sk|rk)_test_\w+")

OPERATIONS: dict[str, Operation] = {
    "POST /v1/checkout/sessions": sessions.create,
    "POST /v1/checkout/sessions/{session}/expire": sessions.expire,
    "GET /v1/checkout/sessions": page("checkout.session", "/v1/checkout/sessions"),
    "GET /v1/checkout/sessions/{session}": one("checkout.session"),
    "GET /v1/payment_intents": page("payment_intent", "/v1/payment_intents"),
    "GET /v1/payment_intents/search": search.payment_intents,
    "GET /v1/payment_intents/{intent}": one("payment_intent"),
    "POST /v1/payment_intents/{intent}/cancel": sessions.cancel_intent,
    "GET /v1/charges": page("charge", "/v1/charges"),
    "GET /v1/charges/{charge}": one("charge"),
    "POST /v1/refunds": refunds.create,
    "GET /v1/refunds": page("refund", "/v1/refunds"),
    "GET /v1/refunds/{refund}": one("refund"),
    "GET /v1/disputes": page("dispute", "/v1/disputes"),
    "GET /v1/disputes/{dispute}": one("dispute"),
    "POST /v1/disputes/{dispute}": disputes.update,
    "POST /v1/disputes/{dispute}/close": disputes.close,
    "GET /v1/events": page("event", "/v1/events"),
    "GET /v1/events/{id}": one("event"),
    "GET /v1/balance_transactions": page("balance_transaction", "/v1/balance_transactions"),
    "GET /v1/balance_transactions/{id}": one("balance_transaction"),
    "POST /v1/webhook_endpoints": endpoints.create,
    "GET /v1/webhook_endpoints": page("webhook_endpoint", "/v1/webhook_endpoints"),
    "GET /v1/webhook_endpoints/{webhook_endpoint}": one("webhook_endpoint"),
    "DELETE /v1/webhook_endpoints/{webhook_endpoint}": endpoints.delete,
}
ROUTES = [(name, re.compile(re.sub(r"\{\w+\}", r"([^/]+)", name))) for name in OPERATIONS]


def kind_answered(name: str) -> str:
    """What an operation answers with.

    >>> kind_answered("GET /v1/refunds"), kind_answered("POST /v1/checkout/sessions/{session}/expire")
    ('list of refund', 'checkout.session')
    """
    method, path = name.split()
    collection = path.split("/")[2]
    kind = "checkout.session" if collection == "checkout" else collection.removesuffix("s")
    return f"list of {kind}" if method == "GET" and not path.endswith("}") else kind


def respond(ledger: Ledger, request: Request) -> Response:
    """Answer one call; a refusal is an answer too."""
    request_id = new_id("req", 14)
    try:
        _check_caller(request)
        answer = _answer(ledger, request, request_id)
    except Refused as refused:
        answer = Answer(refused.status, refused.body)
    headers = {"Request-Id": request_id, "Stripe-Version": subset()["version"]}
    if answer.is_replay:
        headers["Idempotent-Replayed"] = "true"
    return json_response(answer.body, answer.status, headers)


def _check_caller(request: Request) -> None:
    """Raise Refused unless a test key is shown and the pinned version is spoken."""
    key = _api_key(request.headers.get("Authorization", ""))
    if not key:
        raise unauthenticated("You did not provide an API key.")
    if not TEST_KEY.fullmatch(key):
        raise unauthenticated("Invalid API Key provided: the stand-in only takes sk_test_ and rk_test_ keys.")
    version = request.headers.get("Stripe-Version", subset()["version"])
    if version != subset()["version"]:
        text = f"The stand-in speaks version {subset()['version']}, not {version}: pin it in the client."
        raise invalid(text, code="api_version_invalid")


def _api_key(header: str) -> str:
    scheme, _, rest = header.partition(" ")
    if scheme.lower() != "basic":
        return rest.strip() if scheme.lower() == "bearer" else ""
    try:
        return b64decode(rest, validate=True).decode("ascii").partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):  # not Basic at all: no key was shown
        return ""


def _answer(ledger: Ledger, request: Request, request_id: str) -> Answer:
    name, identifier = _route(request)
    pairs = request.args if request.method in {"GET", "DELETE"} else request.form
    params = typed(name, nest(pairs.items(multi=True)))
    expand.check(kind_answered(name), params.get("expand", []))
    key = request.headers.get("Idempotency-Key", "") if request.method == "POST" else ""
    origin = {"id": request_id, "idempotency_key": key or None}
    if not key:
        _dawdle(ledger, request)
        return _execute(ledger, OPERATIONS[name], params, identifier, origin)
    with ledger.transaction():
        known = begin(ledger, key, fingerprint(f"{request.method} {request.path}", params))
    return known or _first_time(ledger, request, OPERATIONS[name], params, identifier, origin)


def _first_time(
    ledger: Ledger, request: Request, operation: Operation, params: Json, identifier: str, origin: Json
) -> Answer:
    key = origin["idempotency_key"]
    try:
        _dawdle(ledger, request)
        with ledger.transaction():
            answer = _execute(ledger, operation, params, identifier, origin)
            remember(ledger, key, answer)
    except BaseException:
        forget(ledger, key)
        raise
    return answer


def _execute(ledger: Ledger, operation: Operation, params: Json, identifier: str, origin: Json) -> Answer:
    paths = params.pop("expand", [])
    with ledger.transaction(origin):
        due.settle(ledger)
        try:
            found = operation(ledger, params, identifier)
            return Answer(200, expand.expanded(ledger, found, paths))
        except Refused as refused:
            return Answer(refused.status, copy.deepcopy(refused.body))


def _route(request: Request) -> tuple[str, str]:
    for name, pattern in ROUTES:
        match = pattern.fullmatch(f"{request.method} {request.path}")
        if match:
            return name, match[1] if match.groups() else ""
    raise Refused(f"Unrecognized request URL ({request.method}: {request.path}).", status=404)


def _dawdle(ledger: Ledger, request: Request) -> None:
    """A test may ask that a call take its time, so that others meet it in flight."""
    fault = ledger.faults.take_call("slow", method=request.method, path=request.path)
    if fault:
        time.sleep(fault.seconds)

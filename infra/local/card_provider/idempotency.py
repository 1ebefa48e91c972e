"""Idempotency keys: the first answer to a key is given again to whoever repeats the same call with it.

    first call  ── remember "in flight" ──► effect ──► remember the answer ──► (the answer may be lost)
    same again     before that: 409                    after that: the same answer, `Idempotent-Replayed: true`
    other params   400 idempotency_error, at any time

A refusal of the parameters themselves, or a 5xx before the effect, leaves the key free
(docs.stripe.com/api/idempotent_requests).
"""

import hashlib
import json
from dataclasses import dataclass
from itertools import takewhile

from infra.local.card_provider.ledger import Ledger
from infra.local.card_provider.refusals import Json, idempotency_mismatch, in_flight, invalid

MAX_LENGTH = 255
KEPT_FOR = 24 * 3600


@dataclass(frozen=True)
class Answer:
    """What a call is answered."""

    status: int
    body: Json
    is_replay: bool = False


def fingerprint(operation: str, params: Json) -> str:
    """What makes two calls the same call."""
    words = json.dumps([operation, params], sort_keys=True).encode()
    return hashlib.sha256(words).hexdigest()


def begin(ledger: Ledger, key: str, print_of_call: str) -> Answer | None:
    """The answer to give again; or None, and the key is ours until `remember`. Raises Refused."""
    if len(key) > MAX_LENGTH:
        raise invalid("Idempotency keys have at most 255 characters.")
    _forget_old(ledger)
    known = ledger.state.answers.get(key)
    if known is None:
        new = {"fingerprint": print_of_call, "status": None, "body": None, "at": ledger.clock.now()}
        ledger.state.answers[key] = new
        return None
    if known["fingerprint"] != print_of_call:
        raise idempotency_mismatch(key)
    if known["status"] is None:
        raise in_flight(key)
    return Answer(known["status"], known["body"], is_replay=True)


def remember(ledger: Ledger, key: str, answer: Answer) -> None:
    """Keep the answer for 24 hours of the provider's clock."""
    known = ledger.state.answers.get(key)
    if known is not None:  # None: the ledger was started afresh meanwhile
        known |= {"status": answer.status, "body": answer.body}
        ledger.touch()


def forget(ledger: Ledger, key: str) -> None:
    """The call broke before any effect: the key is free."""
    ledger.state.answers.pop(key, None)


def _forget_old(ledger: Ledger) -> None:
    answers, limit = ledger.state.answers, ledger.clock.now() - KEPT_FOR
    # In the order they were given, so the old ones come first.
    for key in list(takewhile(lambda key: answers[key]["at"] <= limit, answers)):
        del answers[key]

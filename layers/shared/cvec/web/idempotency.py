"""A lost answer, asked for again with its key, is the same answer and not a second act.

key unknown ─► leased 30 s ─► the view runs ─► 2xx kept 30 days, replayed to whoever asks the same again
                                          └─► refused or failed: forgotten, since nothing was done
key known, other request ─► 409 key_reused · still running ─► 409 still_running, Retry-After
"""

import json
import re
from collections.abc import Callable
from math import ceil

from chalice import Response

from cvec.domain.errors import FieldError, InvalidFields, KeyReused, Stale, StillRunning
from cvec.domain.idempotency import LEASE, MAX_KEY_LENGTH, Answered
from cvec.domain.sessions import token_digest
from cvec.ports import Tools

HEADER = "idempotency-key"
_KEY = re.compile(rf"[!-~]{{1,{MAX_KEY_LENGTH}}}")
REPLAYED = "Idempotent-Replayed"


def once(
    key: str,
    *,
    subject: str,
    request: str,
    answer: Callable[[], Response],
    again: Callable[[], Response] | None,
    tools: Tools,
) -> Response:
    """The answer to this request of this subject: made now, or the one made before. `request` digests what was asked.

    With `again`, the answer is not kept but said anew: it holds what must not be stored.
    Raises InvalidFields, KeyReused, StillRunning.
    """
    if not _KEY.fullmatch(key):
        raise InvalidFields(FieldError(HEADER, "key_form"))
    found = tools.store.find(Answered, token_digest(subject), token_digest(key))
    known = found if found and found.is_remembered(tools.clock.now()) else None
    if known and known.request != request:
        raise KeyReused
    if known and known.status is not None:
        return _replayed(known, again)
    if known:
        _check_not_running(known, tools=tools)
    fresh = _asked(subject, key, request, tools=tools)
    return _kept(_leased(fresh, found, tools=tools), answer, is_kept=again is None, tools=tools)


def _check_not_running(known: Answered, *, tools: Tools) -> None:
    """A request that died leaves its key to the next, once no function can still be at it."""
    now = tools.clock.now()
    if known.leased_until > now:
        raise StillRunning(retry_after=ceil((known.leased_until - now).total_seconds()))


def _asked(subject: str, key: str, request: str, *, tools: Tools) -> Answered:
    now = tools.clock.now()
    return Answered(
        subject=token_digest(subject),
        key_digest=token_digest(key),
        request=request,
        leased_until=now + LEASE,
        asked_at=now,
    )


def _leased(fresh: Answered, found: Answered | None, *, tools: Tools) -> Answered:
    """The key is ours for as long as a function may run, over what died or was to be forgotten."""
    leased = fresh.model_copy(update={"version": found.version + 1 if found else 1})
    try:
        tools.store.commit(leased)
    except Stale:
        raise StillRunning(retry_after=1) from None
    return leased


def _kept(leased: Answered, answer: Callable[[], Response], *, is_kept: bool, tools: Tools) -> Response:
    try:
        response = answer()
    except Exception:
        tools.store.commit(erase=[leased])
        raise
    said = json.dumps(response.body) if is_kept else None
    tools.store.commit(leased.next(status=response.status_code, answer=said))
    return response


def _replayed(known: Answered, again: Callable[[], Response] | None) -> Response:
    body = again().body if again else json.loads(known.answer or "null")
    headers = {"Content-Type": "application/json", REPLAYED: "true"}
    return Response(body=body, status_code=known.status or 200, headers=headers)

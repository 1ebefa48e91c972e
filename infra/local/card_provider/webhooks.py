"""The courier: signed webhooks, carried until the endpoint says 2xx, each time later than the time before.

Real life in small: Stripe retries for up to three days; here the waits are 0.25 s doubled up to a minute, on the
provider's clock, so that advancing it makes the next try come at once.
"""

import hashlib
import hmac
import json
import logging
import threading

import requests

from infra.local.card_provider import due
from infra.local.card_provider.ledger import Ledger
from infra.local.card_provider.refusals import Json

FIRST_WAIT, LONGEST_WAIT, MAX_TRIES = 0.25, 60.0, 16
TIMEOUT = 10.0
TICK = 0.25
"""Seconds after which the courier looks at the clock even if nothing was said."""

log = logging.getLogger(__name__)


def signature(secret: str, body: bytes, timestamp: int) -> str:
    """The `Stripe-Signature` header: HMAC-SHA256 of `timestamp.body` (docs.stripe.com/webhooks#verify-manually)."""
    digest = hmac.new(secret.encode(), b"%d.%s" % (timestamp, body), hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def wait_after(tries: int) -> float:
    """Seconds to wait after that many failures.

    >>> [wait_after(n) for n in (1, 2, 3, 20)]
    [0.25, 0.5, 1.0, 60.0]
    """
    return float(min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT))


class Courier:
    """One thread that carries what is due, one delivery at a time."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._is_stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="card-provider-courier", daemon=True)

    def start(self) -> None:
        """Begin to carry."""
        self._thread.start()

    def stop(self) -> None:
        """End after the delivery under way; what is left stays in the ledger."""
        self._is_stopped.set()
        self._ledger.news.set()
        self._thread.join(TIMEOUT + 1)

    def _run(self) -> None:
        with requests.Session() as http:
            http.trust_env = False  # no proxy stands between this machine and itself
            while not self._is_stopped.is_set():
                if not self._carry_one(http):
                    self._ledger.news.wait(TICK)
                    self._ledger.news.clear()

    def _carry_one(self, http: requests.Session) -> bool:
        with self._ledger.transaction():
            due.settle(self._ledger)
            delivery = self._next()
            letter = self._letter(delivery) if delivery else None
        if delivery is None or letter is None:
            return False
        is_accepted = _post(http, **letter)
        with self._ledger.transaction():
            self._note(delivery, is_accepted=is_accepted)
        return True

    def _next(self) -> Json | None:
        if self._ledger.faults.is_paused:
            return None
        now = self._ledger.clock.seconds()
        return next((one for one in self._ledger.state.deliveries if one["next_at"] <= now), None)

    def _letter(self, delivery: Json) -> Json | None:
        endpoint = self._ledger.find("webhook_endpoint", delivery["endpoint"])
        if endpoint is None:
            self._drop(delivery)
            return None
        body = json.dumps(self._ledger.get("event", delivery["event"]), indent=2).encode()
        secret = self._ledger.note(endpoint["id"])["secret"]
        # Signed anew at each try: a receiver refuses a timestamp older than five minutes.
        return {"url": endpoint["url"], "body": body, "signed": signature(secret, body, self._ledger.clock.now())}

    def _note(self, delivery: Json, *, is_accepted: bool) -> None:
        delivery["tries"] += 1
        if is_accepted:
            event = self._ledger.find("event", delivery["event"])
            if event and event["pending_webhooks"]:
                event["pending_webhooks"] -= 1
        if is_accepted or delivery["tries"] >= MAX_TRIES:
            self._drop(delivery)
        else:
            delivery["next_at"] = self._ledger.clock.seconds() + wait_after(delivery["tries"])
        self._ledger.touch()

    def _drop(self, delivery: Json) -> None:
        left = [one for one in self._ledger.state.deliveries if one["id"] != delivery["id"]]
        self._ledger.state.deliveries = left
        self._ledger.touch()


def _post(http: requests.Session, *, url: str, body: bytes, signed: str) -> bool:
    headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signed}
    try:
        answer = http.post(url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as problem:
        log.info("webhook not delivered, will be tried again: %s", type(problem).__name__)
        return False
    return 200 <= answer.status_code < 300

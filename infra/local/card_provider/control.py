"""Control: everything a test, or somebody at a laptop, may make the card provider do.

Each verb is also `POST /_control/<verb>` with its arguments as a JSON object; `GET /_control/state` reads the counts.
"""

import copy
import random
import time
from typing import Annotated, Literal

from pydantic import Field, validate_call

from infra.local.card_provider import disputes, due, endpoints, events, payments, refunds
from infra.local.card_provider.counts import count
from infra.local.card_provider.faults import CallFault, DeliveryFault
from infra.local.card_provider.ids import new_id
from infra.local.card_provider.ledger import Ledger
from infra.local.card_provider.payments import Payer
from infra.local.card_provider.refusals import Json, invalid

Seconds = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=1)]
Failure = Annotated[int, Field(ge=500, le=599)]
SPECIMEN = "François N'DIAYE"


class Control:
    """The hidden levers of the stand-in; unknown identifiers raise Refused, unfit arguments ValidationError."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def state(self) -> Json:
        """How many of what: Sessions by status, cents captured and refunded, deliveries pending…"""
        with self._ledger.transaction():
            due.settle(self._ledger)
            return count(self._ledger)

    @validate_call
    def reset(self, *, keep_endpoints: bool = False) -> None:
        """Forget everything, faults and clock included."""
        with self._ledger.transaction():
            self._ledger.start_afresh(keep_endpoints=keep_endpoints)

    @validate_call
    def advance(self, seconds: Seconds) -> None:
        """Move the provider's clock forward; what falls due happens now."""
        with self._ledger.transaction():
            self._ledger.clock.advance(seconds)
            self._ledger.touch()
            due.settle(self._ledger)
        self._ledger.news.set()

    @validate_call
    def subscribe(self, url: str, secret: str | None = None, enabled_events: list[str] | None = None) -> Json:
        """Notify a URL, signing with `secret`; the same secret again means the same subscriber has moved."""
        params: Json = {"url": url, "enabled_events": enabled_events or ["*"]}
        with self._ledger.transaction():
            if not endpoints.is_loopback(url):
                raise invalid("The stand-in only notifies this machine.", param="url", code="url_invalid")
            secret = secret or new_id("whsec", 32)
            known = endpoints.of_secret(self._ledger, secret)
            endpoint = self._ledger.put(known | params) if known else endpoints.enroll(self._ledger, params, secret)
            return endpoint | {"secret": secret}

    @validate_call
    def pay(self, session: str, number: str = "4242424242424242", *, is_approved: bool = True) -> str:
        """Do as a person on the page: try a card, answer 3-D Secure; says what became of it."""
        with self._ledger.transaction():
            due.settle(self._ledger)
            page = self._ledger.get("checkout.session", session)
            payer = Payer(SPECIMEN, page["customer_email"] or "payer@example.org", 12, self._year() + 3)
            outcome = payments.pay(self._ledger, page, number, payer)
            if outcome.challenge:
                challenge = outcome.challenge
                outcome = payments.authenticate(self._ledger, page, challenge, is_approved=is_approved)
            return outcome.status

    def _year(self) -> int:
        return self._ledger.clock.moment().year

    @validate_call
    def open_dispute(self, charge: str, reason: str = "fraudulent") -> Json:
        """The payer contests a charge."""
        with self._ledger.transaction():
            dispute = disputes.open_on(self._ledger, self._ledger.get("charge", charge), reason=reason)
            return copy.deepcopy(dispute)

    @validate_call
    def settle_refund(self, refund: str, *, has_failed: bool | None = None) -> Json:
        """A slow refund ends now: as its card says, or as told."""
        with self._ledger.transaction():
            ended = refunds.settle(self._ledger, self._ledger.get("refund", refund), has_failed=has_failed)
            return copy.deepcopy(ended)

    @validate_call
    def redeliver(self, event: str) -> None:
        """Send an event again, as the dashboard's button does."""
        with self._ledger.transaction():
            events.queue(self._ledger, self._ledger.get("event", event))

    @validate_call
    def pause_deliveries(self) -> None:
        """Hold every notification back."""
        self._ledger.faults.is_paused = True

    @validate_call
    def resume_deliveries(self) -> None:
        """Let the notifications go, in the order they wait in."""
        self._ledger.faults.is_paused = False
        self._ledger.news.set()

    @validate_call
    def reorder_deliveries(self, order: Literal["reversed", "shuffled"] = "reversed") -> None:
        """Change the order of the notifications waiting; best while paused."""
        with self._ledger.transaction():
            waiting = self._ledger.state.deliveries
            waiting.reverse() if order == "reversed" else random.shuffle(waiting)
            self._ledger.touch()

    @validate_call
    def duplicate_deliveries(self, event_type: str = "*", count: Count = 1) -> None:
        """The next `count` notifications of that type are sent twice."""
        self._ledger.faults.expect(DeliveryFault("duplicate", event_type, count))

    @validate_call
    def drop_deliveries(self, event_type: str = "*", count: Count = 1) -> None:
        """The next `count` notifications of that type are lost for good."""
        self._ledger.faults.expect(DeliveryFault("drop", event_type, count))

    @validate_call
    def delay_deliveries(self, seconds: Seconds, event_type: str = "*", count: Count = 1) -> None:
        """The next `count` notifications of that type leave `seconds` of the provider's clock later."""
        self._ledger.faults.expect(DeliveryFault("delay", event_type, count, seconds))

    @validate_call
    def wait_for_deliveries(self, timeout: Seconds = 5.0) -> int:
        """Wait until no notification is pending, at most `timeout` real seconds; says how many still are."""
        until = time.monotonic() + timeout
        while self.state()["deliveries_pending"] and time.monotonic() < until:
            time.sleep(0.01)
        return int(self.state()["deliveries_pending"])

    @validate_call
    def fail_call(self, method: str, path: str, status: Failure = 503, count: Count = 1) -> None:
        """The next `count` such calls answer a 5xx, before any effect."""
        self._ledger.faults.expect(CallFault("fail", method, path, count, status=status))

    @validate_call
    def drop_response(self, method: str, path: str, count: Count = 1) -> None:
        """The next `count` such calls take effect, then the connection closes without an answer."""
        self._ledger.faults.expect(CallFault("drop_response", method, path, count))

    @validate_call
    def slow_call(self, method: str, path: str, seconds: Seconds, count: Count = 1) -> None:
        """The next `count` such calls take `seconds` before their effect."""
        self._ledger.faults.expect(CallFault("slow", method, path, count, seconds=seconds))


VERBS = frozenset(name for name in vars(Control) if not name.startswith("_")) - {"state"}

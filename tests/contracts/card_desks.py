"""Two desks at which payers pay: the gateway in memory, and Stripe's SDK in front of the stand-in.

PYTEST_DONT_REWRITE: also imported by name, so pytest may meet it before it is asked for as a plugin.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Protocol

import pytest
from cvec.adapters.cards_stripe import CardKeys, StripeGateway
from cvec.domain.payments import PAGE_LIFE, Payer, Payment, PaymentState
from cvec.domain.refunds import Refund, RefundReason, RefundState
from cvec.ports import CardGateway, RefundReceipt

from infra.local.card_provider import CardProvider
from infra.local.card_provider.refusals import Refused
from tests.support.fakes import FakeCards, FakeClock

AMOUNT = 10_500
GOOD, SLOW_REFUND = "4242424242424242", "4000000000007726"
OLD_SECRET, NEW_SECRET = "whsec_old", "whsec_new"


class Desk(Protocol):
    """A gateway, and what its provider and its payers do."""

    @property
    def gateway(self) -> CardGateway: ...

    def now(self) -> datetime: ...
    def advance(self, span: timedelta) -> None: ...
    def pay(self, ref: str, *, refunds: str = "succeeded") -> bool: ...
    def count_pages(self) -> int: ...
    def kept_cents(self) -> int: ...
    def end_refund(self, receipt: RefundReceipt, status: str) -> None: ...
    def go_down(self) -> None: ...
    def come_back(self) -> None: ...
    def notification(self, payment_id: str) -> tuple[dict[str, str], bytes]: ...


class MemoryDesk:
    """The fake."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.gateway = FakeCards(self.clock)

    def now(self) -> datetime:
        return self.clock.now()

    def advance(self, span: timedelta) -> None:
        self.clock.at += span

    def pay(self, ref: str, *, refunds: str = "succeeded") -> bool:
        self.gateway.refund_status = refunds
        return self.gateway.pay(ref)

    def count_pages(self) -> int:
        return len(self.gateway.pages)

    def kept_cents(self) -> int:
        return self.gateway.kept_cents

    def end_refund(self, receipt: RefundReceipt, status: str) -> None:
        self.gateway.refund_status = status

    def go_down(self) -> None:
        self.gateway.is_down = True

    def come_back(self) -> None:
        self.gateway.is_down = False

    def notification(self, payment_id: str) -> tuple[dict[str, str], bytes]:
        return {"stripe-signature": "good"}, payment_id.encode()


class StripeDesk:
    """The real adapter, with the stand-in behind the official SDK."""

    def __init__(self, provider: CardProvider) -> None:
        self.control = provider.control
        self.now = provider.now
        self.gateway = StripeGateway(
            lambda: CardKeys(api_key="sk_test_tests", notification_secrets=(OLD_SECRET, NEW_SECRET)),
            site_url="http://127.0.0.1:9",
            api_base=provider.url,
            is_live=False,
        )

    def advance(self, span: timedelta) -> None:
        self.control.advance(span.total_seconds())

    def pay(self, ref: str, *, refunds: str = "succeeded") -> bool:
        try:
            return self.control.pay(ref, SLOW_REFUND if refunds == "pending" else GOOD) == "paid"
        except Refused:  # the page is no longer open
            return False

    def count_pages(self) -> int:
        return sum(self.control.state()["sessions"].values())

    def kept_cents(self) -> int:
        return int(self.control.state()["kept_cents"])

    def end_refund(self, receipt: RefundReceipt, status: str) -> None:
        self.control.settle_refund(receipt.ref, has_failed=status == "failed")

    def go_down(self) -> None:
        for method, path in (("POST", "*"), ("GET", "*")):
            self.control.fail_call(method, path, count=50)

    def come_back(self) -> None:
        self.control._ledger.faults.clear()

    def notification(self, payment_id: str) -> tuple[dict[str, str], bytes]:
        return signed(event_about(payment_id), NEW_SECRET)


@pytest.fixture
def stripe_desk() -> Iterator[StripeDesk]:
    with CardProvider() as provider:
        yield StripeDesk(provider)


@pytest.fixture(params=["memory", "stripe"])
def desk(request: pytest.FixtureRequest) -> Desk:
    found: Desk = MemoryDesk() if request.param == "memory" else request.getfixturevalue("stripe_desk")
    return found


def attempt(desk: Desk, name: str = "a1", **changes: Any) -> Payment:
    now = desk.now()
    payment = Payment(
        id=name,
        person_id="p1",
        year="2026-2027",
        payer=Payer.SELF,
        state=PaymentState.CREATED,
        amount_cents=AMOUNT,
        language="fr",
        started_at=now,
        page_expires_at=(now + PAGE_LIFE).replace(microsecond=0),
    )
    return payment.model_copy(update=changes)


def ordered(desk: Desk, ref: str, *, tries: int = 0, reason: RefundReason = RefundReason.SURPLUS) -> Refund:
    """The order to give back what was paid on a page."""
    truth = desk.gateway.fetch(ref)
    return Refund(
        payment_id=truth.payment_id,
        reason=reason,
        person_id="p1",
        year="2026-2027",
        state=RefundState.REQUESTED,
        amount_cents=AMOUNT,
        transaction=truth.transaction or "",
        requested_at=desk.now(),
        tries=tries,
    )


def event_about(payment_id: str | None) -> bytes:
    metadata = {"payment": payment_id} if payment_id else {}
    thing = {"id": "cs_test_1", "object": "checkout.session", "metadata": metadata}
    event = {"id": "evt_1", "object": "event", "type": "checkout.session.completed", "data": {"object": thing}}
    return json.dumps(event).encode()


def signed(body: bytes, secret: str, *, at: float | None = None) -> tuple[dict[str, str], bytes]:
    moment = str(int(time.time() if at is None else at))
    code = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"stripe-signature": f"t={moment},v1={code}"}, body

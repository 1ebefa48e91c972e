"""The card network as the proof plays it: it tells of all that happens; refunds may take time, fail, or fail late.

It answers as the provider's adapter does: an order already made is looked up before another is made.
"""

from dataclasses import dataclass
from datetime import datetime

from cvec.domain.ledger import Movement
from cvec.domain.payments import DisputeStatus, PageStatus, Payment
from cvec.domain.refunds import Refund
from cvec.ports import PaymentPage, Pointer, RefundReceipt

from tests.support.fakes import FakeCards, FakeClock, FakePage


@dataclass
class MoneyBack:
    """One refund as the provider keeps it."""

    page: FakePage
    cents: int
    receipt: RefundReceipt


class CardNetwork(FakeCards):
    """The provider, the payers' banks, and the news of them. `wrongs` are requests no provider should ever hear."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.news: list[tuple[datetime, str]] = []
        self.wrongs: list[str] = []
        self.given_back: dict[tuple[str, str], MoneyBack] = {}

    def open_page(self, payment: Payment) -> PaymentPage:
        is_new = payment.id not in self._by_payment
        opened = super().open_page(payment)
        if not is_new and self.pages[opened.ref].payment.page_expires_at != payment.page_expires_at:
            self.wrongs.append(f"the page of {payment.id} was asked for again with other parameters")
        return opened

    def pay(self, ref: str, cents: int | None = None) -> bool:
        """The payer types a good card. False when the page no longer takes money."""
        return super().pay(ref, cents) and self._tell(ref)

    def contest(self, ref: str, outcome: DisputeStatus) -> bool:
        """The holder's bank says something of a dispute; refunds on their way fail when it opens."""
        page = self.pages[ref]
        if outcome is not DisputeStatus.OPEN:
            return page.dispute is DisputeStatus.OPEN and self._decide(page, outcome)
        is_given_back = any(back.receipt.status == "succeeded" for back in self._of(ref))
        if page.status is not PageStatus.PAID or page.dispute or is_given_back:
            return False
        for back in self._of(ref):
            self._conclude(back, "failed")
        self._move(page, Movement.DISPUTE, -page.captured_cents)
        page.dispute, page.charged_back_cents = DisputeStatus.OPEN, page.captured_cents
        return self._tell(ref)

    def _decide(self, page: FakePage, outcome: DisputeStatus) -> bool:
        """The bank, which took the money when the dispute opened, gives it back if we win."""
        page.dispute = outcome
        if outcome is DisputeStatus.WON:
            page.charged_back_cents = 0
            self._move(page, Movement.DISPUTE, page.captured_cents)
        return self._tell(page.ref)

    def close_page(self, ref: str) -> bool:
        was_open = self.pages[ref].status is PageStatus.OPEN
        closed = super().close_page(ref)
        if was_open and closed:
            self._tell(ref)
        return closed

    def refund(self, refund: Refund) -> RefundReceipt:
        self._check()
        ref = refund.transaction.removeprefix("transaction-")
        page, key = self.pages[ref], f"{refund.reason}:{refund.tries}"
        made = self.given_back.get((ref, key))
        if made:
            return made.receipt
        if page.dispute in (DisputeStatus.OPEN, DisputeStatus.LOST):
            return RefundReceipt(ref="", status="disputed")
        return self._give_back(page, key, refund.amount_cents)

    def conclude_refunds(self, status: str) -> None:
        """What was on its way arrives, or fails."""
        for back in self.given_back.values():
            if back.receipt.status == "pending":
                self._conclude(back, status)

    def fail_late(self, ref: str) -> bool:
        """A refund that had arrived comes back: the card's account is closed."""
        arrived = [back for back in self._of(ref) if back.receipt.status == "succeeded"]
        for back in arrived:
            self._conclude(back, "failed")
        return bool(arrived)

    def events(self, since: datetime) -> list[Pointer]:
        """Everything that happened since a moment, whether or not anybody was notified."""
        return [
            Pointer(event_id="event", kind="happened", payment_id=payment_id, happened_at=at)
            for at, payment_id in self.news
            if at >= since
        ]

    def _give_back(self, page: FakePage, key: str, cents: int) -> RefundReceipt:
        under_way = sum(back.cents for back in self._of(page.ref) if back.receipt.status != "failed")
        if under_way + cents > page.captured_cents:
            self.wrongs.append(f"{page.ref}: {under_way} of {page.captured_cents} given back, {cents} more asked for")
        receipt = RefundReceipt(ref=f"refund-{page.ref}-{key}", status="pending")
        back = self.given_back[page.ref, key] = MoneyBack(page, cents, receipt)
        self._return(back, cents)
        if self.refund_status != "pending":
            self._conclude(back, self.refund_status)
        return back.receipt

    def _conclude(self, back: MoneyBack, status: str) -> None:
        """It has arrived; or it failed, and the money is here again."""
        if back.receipt.status == "failed":
            return
        back.receipt = RefundReceipt(ref=back.receipt.ref, status=status)
        if status == "failed":
            self._return(back, -back.cents)
        self._tell(back.page.ref)

    def _return(self, back: MoneyBack, cents: int) -> None:
        """The provider takes the money when it takes the order."""
        back.page.refunded_cents += cents
        self._move(back.page, Movement.REFUND, -cents)

    def _of(self, ref: str) -> list[MoneyBack]:
        return [back for (of, _), back in self.given_back.items() if of == ref]

    def _expire(self, page: FakePage) -> None:
        was_open = page.status is PageStatus.OPEN
        super()._expire(page)
        if was_open and page.status is PageStatus.EXPIRED:
            self._tell(page.ref)

    def _tell(self, ref: str) -> bool:
        self.news.append((self._clock.now(), self.pages[ref].payment.id))
        return True

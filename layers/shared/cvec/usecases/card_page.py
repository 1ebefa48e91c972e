"""Opening the provider's page of an attempt: once, whoever asks, whatever gets lost on the way.

created ──open at the provider──► (reply lost?) ──ask again: the same page──► remembered: pending
                                              └──attempt closed meanwhile──► page closed too
"""

from cvec.domain.errors import PageOpening, Stale
from cvec.domain.facts import Fact
from cvec.domain.payments import Payment
from cvec.ports import PageBusy, PageRefused, Tools


def opened_page(payment: Payment, *, tools: Tools) -> Payment:
    """The attempt with its page open and remembered; an attempt the provider refuses a page for is closed instead.

    Raises PageOpening while another request opens it, Stale when the attempt moved meanwhile.
    """
    if payment.page_url is not None:
        return payment
    try:
        page = tools.cards.open_page(payment)
    except PageBusy:
        raise PageOpening(retry_after=1) from None
    except PageRefused:
        return closed_attempt(payment, tools=tools)
    opened = payment.after(Fact.PAYMENT_PAGE_OPENED, provider_ref=page.ref, page_url=page.url)
    try:
        tools.store.commit(opened)
    except Stale:
        _close_unless_current(page.ref, payment, tools=tools)
        raise
    return opened


def closed_attempt(payment: Payment, *, tools: Tools) -> Payment:
    """The attempt, closed because its page is over and took no money."""
    if not payment.is_open:
        return payment
    closed = payment.after(Fact.PAYMENT_EXPIRED, look_at=None)
    tools.store.commit(closed)
    return closed


def _close_unless_current(ref: str, payment: Payment, *, tools: Tools) -> None:
    """Somebody moved the attempt while its page was opened: unless they remembered that page, it must take no money."""
    current = tools.store.find(Payment, payment.id)
    if current is None or not current.is_open:
        tools.cards.close_page(ref)

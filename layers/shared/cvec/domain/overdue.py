"""What is overdue: how long each kind of work may wait before somebody should look at why."""

from datetime import datetime, timedelta

from cvec.domain.certificates import Certificate
from cvec.domain.documents import LAST_LOOK, Document, DocumentState
from cvec.domain.mails import Mail
from cvec.domain.model import Work
from cvec.domain.payments import Payment
from cvec.domain.refunds import Refund
from cvec.domain.registration import Draft

PATIENCE: dict[type[Work], timedelta] = {
    Certificate: timedelta(minutes=5),
    Document: timedelta(minutes=15),
    Draft: timedelta(hours=2),
    Mail: timedelta(minutes=15),
    Payment: timedelta(minutes=15),
    Refund: timedelta(hours=1),
}
"""How long after it began to wait. Sweeps come every five minutes (drafts: hourly): each has had its chance by then."""
LONGEST_REST = timedelta(hours=1)
"""No work that was tried in vain is put off for longer before it is tried again."""


def waiting_since(work: Work) -> datetime:
    """When the wait began: with the order, the request, the writing; for a payment, with the end of its page.

    A document waits for its check once it came, and otherwise for its erasure.
    A draft waits from the moment of its warning, then of its end.

    Raises LookupError for a kind of work that nobody promised.
    """
    match work:
        case Certificate():
            return work.ordered_at
        case Document():
            return _document_waits_since(work)
        case Draft():
            return work.look_at or work.expires_at
        case Mail():
            return work.written_at
        case Payment():
            return work.page_expires_at
        case Refund():
            return work.requested_at
    raise LookupError(work.kind)


def is_overdue(work: Work, now: datetime) -> bool:
    """Whether it is still to be done, and has waited for longer than it may."""
    return work.look_at is not None and now - waiting_since(work) > PATIENCE[type(work)]


def _document_waits_since(document: Document) -> datetime:
    match document.state:
        case DocumentState.AWAITING:
            return document.asked_at + LAST_LOOK
        case DocumentState.QUARANTINED:
            return min(document.received_at or document.asked_at, document.erase_at)
        case _:
            return document.erase_at

"""Everything held about a person, for them to take away (GDPR art. 15 and 20): complete, readable, no secrets."""

from datetime import datetime
from typing import Any

from cvec.domain.accounts import Account
from cvec.domain.certificates import Certificate
from cvec.domain.corrections import Correction
from cvec.domain.documents import Document
from cvec.domain.files import File
from cvec.domain.history import ACCOUNT_CHAIN, Entry
from cvec.domain.model import Row, Value
from cvec.domain.payment_links import PaymentLink
from cvec.domain.payments import Payment
from cvec.domain.refunds import Refund
from cvec.domain.sessions import Session
from cvec.ports import Tools
from cvec.usecases.files import known_person

_SECRET = {"version", "password_hash", "digest", "current_link", "stored_as", "link", "provider_ref"}
"""Fields of our housekeeping, or that open something; none says anything about anybody."""


class Export(Value):
    """What is held, by kind; each entry has the fields of the row, as they are stored."""

    made_at: datetime
    profile: dict[str, Any]
    account: dict[str, Any]
    sessions: list[dict[str, Any]]
    files: list[dict[str, Any]]
    payments: list[dict[str, Any]]
    refunds: list[dict[str, Any]]
    payment_links: list[dict[str, Any]]
    certificates: list[dict[str, Any]]
    documents: list[dict[str, Any]]
    corrections: list[dict[str, Any]]
    history: list[dict[str, Any]]


def export_everything(person_id: str, *, tools: Tools) -> Export:
    """The export of a person. Raises NotSignedIn."""
    person = known_person(person_id, tools=tools)
    account, files = tools.store.find(Account, person_id), tools.store.all(File, person_id)
    documents = tools.store.all(Document, person_id)
    chains = [ACCOUNT_CHAIN, "correction", *(file.year for file in files), *(one.chronicle[1] for one in documents)]
    history = [entry for chain in chains for entry in tools.store.all(Entry, person_id, chain)]
    payments = _payments(history, tools=tools)
    correction = tools.store.find(Correction, person_id)
    return Export(
        made_at=tools.clock.now(),
        profile=_shown(person),
        account=_shown(account) if account else {},
        sessions=[_shown(one) for one in tools.store.all(Session, person_id)],
        files=[_shown(one) for one in files],
        payments=[_shown(one) for one in payments],
        refunds=[_shown(one) for payment in payments for one in tools.store.all(Refund, payment.id)],
        payment_links=[_shown(one) for one in _links(history, tools=tools)],
        certificates=[_shown(one) for one in tools.store.all(Certificate, person_id)],
        documents=[_shown(one) for one in documents],
        corrections=[_shown(correction)] if correction else [],
        history=[_shown(one) for one in history],
    )


def _shown(row: Row) -> dict[str, Any]:
    said = row.model_dump(mode="json")
    return {name: value for name, value in said.items() if name not in _SECRET and value not in (None, [], {})}


def _payments(history: list[Entry], *, tools: Tools) -> list[Payment]:
    """Every payment that the history speaks of, once each."""
    ids = dict.fromkeys(str(entry.about["payment"]) for entry in history if "payment" in entry.about)
    return [payment for one in ids if (payment := tools.store.find(Payment, one))]


def _links(history: list[Entry], *, tools: Tools) -> list[PaymentLink]:
    """The payment links that storage still has (90 days)."""
    digests = dict.fromkeys(str(entry.about["link"]) for entry in history if entry.about.get("link"))
    return [link for one in digests if (link := tools.store.find(PaymentLink, one))]

"""Where each kind of row lives: the only room that knows tables, keys and the index of work."""

import zlib
from dataclasses import dataclass
from datetime import datetime

from cvec.domain.accounts import Account, Claim, Person
from cvec.domain.campaigns import CampaignEdition
from cvec.domain.certificates import Certificate
from cvec.domain.codes import VerificationCode
from cvec.domain.corrections import Correction
from cvec.domain.cursors import Cursor
from cvec.domain.devices import KnownDevice
from cvec.domain.documents import Document
from cvec.domain.files import File
from cvec.domain.history import Entry
from cvec.domain.idempotency import Answered
from cvec.domain.ledger import LedgerLine
from cvec.domain.limits import Quota
from cvec.domain.mails import Mail
from cvec.domain.model import Row
from cvec.domain.payment_links import PaymentLink
from cvec.domain.payments import Payment
from cvec.domain.refunds import Refund
from cvec.domain.registration import Draft
from cvec.domain.resumption import DraftMailbox
from cvec.domain.sessions import OneUseLink, Session

RECORDS, TICKETS = "records", "tickets"
SHARDS = 4
"""Parts of the index of work, so that the rows of a busy minute do not share one key."""


@dataclass(frozen=True)
class Place:
    """A table and how a row's key is written there; {0}, {1}… are the row's key in the glossary's terms."""

    table: str
    pk: str
    sk: str


PLACES: dict[type[Row], Place] = {
    Person: Place(RECORDS, "PERSON#{0}", "PROFILE"),
    Account: Place(RECORDS, "PERSON#{0}", "ACCOUNT"),
    Correction: Place(RECORDS, "PERSON#{0}", "CORRECTION"),
    File: Place(RECORDS, "PERSON#{0}", "FILE#{1}"),
    Certificate: Place(RECORDS, "PERSON#{0}", "CERTIFICATE#{1}"),
    Entry: Place(RECORDS, "PERSON#{0}", "FACT#{1}#{2}"),
    Document: Place(RECORDS, "DOCUMENTS#{0}", "DOCUMENT#{1}"),
    Payment: Place(RECORDS, "PAYMENT#{0}", "PAYMENT"),
    Refund: Place(RECORDS, "PAYMENT#{0}", "REFUND#{1}"),
    LedgerLine: Place(RECORDS, "LEDGER#{0}#{1}", "LINE#{2}#{3}"),
    CampaignEdition: Place(RECORDS, "CAMPAIGN#{0}", "CAMPAIGN"),
    Cursor: Place(RECORDS, "CURSOR#{0}", "CURSOR"),
    Claim: Place(RECORDS, "CLAIM#{0}#{1}", "CLAIM"),
    Mail: Place(RECORDS, "MAIL#{0}", "MAIL"),
    Draft: Place(TICKETS, "DRAFT#{0}", "DRAFT"),
    DraftMailbox: Place(TICKETS, "DRAFT-MAILBOX#{0}", "MAILBOX"),
    VerificationCode: Place(TICKETS, "DRAFT#{0}", "CODE#{1}"),
    PaymentLink: Place(TICKETS, "PAYMENT-LINK#{0}", "LINK"),
    Answered: Place(TICKETS, "ANSWERED#{0}#{1}", "ANSWER"),
    Session: Place(TICKETS, "SESSIONS#{0}", "SESSION#{1}"),
    OneUseLink: Place(TICKETS, "LINK#{0}", "LINK"),
    KnownDevice: Place(TICKETS, "DEVICES#{0}", "DEVICE#{1}"),
    Quota: Place(TICKETS, "QUOTA#{0}#{1}", "QUOTA"),
}

KINDS: dict[str, type[Row]] = {kind.kind: kind for kind in PLACES}


def address(kind: type[Row], key: tuple[str, ...]) -> dict[str, str]:
    """The primary key of one row.

    >>> address(File, ("p1", "2026-2027"))
    {'pk': 'PERSON#p1', 'sk': 'FILE#2026-2027'}
    """
    place = PLACES[kind]
    return {"pk": place.pk.format(*key), "sk": place.sk.format(*key)}


def beginning(kind: type[Row], key: tuple[str, ...]) -> tuple[str, str]:
    """The partition, and how the sort keys begin, of the rows whose key begins so.

    >>> beginning(Entry, ("p1", "2026-2027")), beginning(Refund, ("a1",))
    (('PERSON#p1', 'FACT#2026-2027#'), ('PAYMENT#a1', 'REFUND#'))
    """
    place = PLACES[kind]
    open_ended = (*key, *("\0" for _ in range(3)))
    return place.pk.format(*key), place.sk.format(*open_ended).partition("\0")[0]


def shard(kind: type[Row], pk: str | None = None, number: int | None = None) -> str:
    """The part of the index of work in which a row (or the part of that number) is."""
    part = zlib.crc32(pk.encode()) % SHARDS if pk is not None else number
    return f"{kind.kind}#{part}"


def moment_text(moment: datetime) -> str:
    """A moment as text whose order is the order of time."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

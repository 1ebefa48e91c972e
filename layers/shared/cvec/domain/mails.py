"""Mails: written with the change that causes them, sent from there, never lost (promise 8)."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from cvec.domain.facts import Fact
from cvec.domain.lifecycle import Lifecycle
from cvec.domain.model import Work
from cvec.domain.sessions import LinkPurpose

KEPT = timedelta(days=90)
"""How long the row of a mail that left is kept, without its address."""
TRIED_FOR = timedelta(days=4)
"""How long a mail service that cannot take a mail is asked again before the mail is given up (RFC 5321 §4.5.4.1)."""
LEASE = timedelta(minutes=15)
"""How long whoever is sending a mail keeps others from sending it too."""
FIRST_SWEEP = timedelta(minutes=1)
"""How long the stream has to get it sent before the sweep does."""


class MailState(StrEnum):
    """Where a mail stands.

    Sent is taken by the mail service, delivered taken by the mailbox's server. Suppressed: this address has bounced or
    complained before, and the mail service no longer writes to it.
    """

    WAITING = "waiting"
    SENT = "sent"
    ABANDONED = "abandoned"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    SUPPRESSED = "suppressed"
    COMPLAINED = "complained"


_S, _F = MailState, Fact
MAIL = Lifecycle(
    "mail",
    births={_F.MAIL_WRITTEN: _S.WAITING},
    moves={
        (_S.WAITING, _F.MAIL_SENT): _S.SENT,
        (_S.WAITING, _F.MAIL_ABANDONED): _S.ABANDONED,
        # news may overtake the answer that the mail was taken, or be all that is left of it
        (_S.WAITING, _F.MAIL_DELIVERED): _S.DELIVERED,
        (_S.WAITING, _F.MAIL_BOUNCED): _S.BOUNCED,
        (_S.WAITING, _F.MAIL_SUPPRESSED): _S.SUPPRESSED,
        (_S.WAITING, _F.MAIL_COMPLAINED): _S.COMPLAINED,
        (_S.SENT, _F.MAIL_DELIVERED): _S.DELIVERED,
        (_S.SENT, _F.MAIL_BOUNCED): _S.BOUNCED,
        (_S.SENT, _F.MAIL_SUPPRESSED): _S.SUPPRESSED,
        (_S.SENT, _F.MAIL_COMPLAINED): _S.COMPLAINED,
        # a server may take a mail and return it later
        (_S.DELIVERED, _F.MAIL_BOUNCED): _S.BOUNCED,
        (_S.DELIVERED, _F.MAIL_COMPLAINED): _S.COMPLAINED,
    },
)


class Template(StrEnum):
    """What a mail says; each has its texts in French and English in `templates/mail/`."""

    CODE = "code"
    ALREADY_REGISTERED = "already_registered"
    ACCOUNT_CREATED = "account_created"
    PASSWORD_LINK = "password_link"
    PAYMENT_RECEIVED = "payment_received"
    REFUND_SENT = "refund_sent"
    LINK_FOR_PAYER = "link_for_payer"
    LINK_EXPIRING = "link_expiring"
    LINK_EXPIRING_FOR_PAYER = "link_expiring_for_payer"
    LINK_EXPIRED = "link_expired"
    THIRD_PARTY_PAID = "third_party_paid"
    THIRD_PARTY_REFUSED = "third_party_refused"
    PAYMENT_DISPUTED = "payment_disputed"
    PAYMENT_LOST = "payment_lost"
    CERTIFICATE_RESTORED = "certificate_restored"
    CERTIFICATE_CORRECTED = "certificate_corrected"
    CORRECTION_REFUSED = "correction_refused"
    ACCOUNT_CLOSED = "account_closed"
    ACCOUNT_INACTIVE = "account_inactive"
    ADDRESS_REMINDER = "address_reminder"
    NEW_EMAIL_CODE = "new_email_code"
    EMAIL_CHANGED = "email_changed"
    EMAIL_LEFT = "email_left"
    NEW_SIGN_IN = "new_sign_in"
    PASSWORD_CHANGED = "password_changed"
    ACCESS_TAKEN_BACK = "access_taken_back"
    RESUME_LINK = "resume_link"
    DRAFT_ENDING = "draft_ending"


LINK_PAGES: dict[str, str] = {
    Template.ACCOUNT_CREATED: LinkPurpose.PASSWORD,
    Template.PASSWORD_LINK: LinkPurpose.PASSWORD,
    Template.ACCESS_TAKEN_BACK: LinkPurpose.PASSWORD,
    Template.EMAIL_LEFT: LinkPurpose.NOT_ME,
    Template.NEW_SIGN_IN: LinkPurpose.NOT_ME,
    Template.PASSWORD_CHANGED: LinkPurpose.NOT_ME,
    Template.RESUME_LINK: LinkPurpose.RESUME,
    Template.DRAFT_ENDING: LinkPurpose.RESUME,
}
"""The page that the link of a mail opens."""


class Mail(Work):
    """One mail to one address. `words` are what its text needs; secrets only by the id they are derived from."""

    kind: ClassVar[str] = "mail"
    key_fields: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    template: Template
    to: str | None = None
    words: dict[str, str | int] = Field(default_factory=dict)
    state: MailState = MailState.WAITING
    written_at: datetime
    leased_until: datetime | None = None
    tries: int = 0
    left_at: datetime | None = None

    def may_be_sent(self, now: datetime) -> bool:
        """It waits, and nobody is sending it."""
        return self.state is MailState.WAITING and (self.leased_until is None or self.leased_until <= now)

    @property
    def swept_at(self) -> datetime | None:
        """When storage may forget it."""
        return self.left_at + KEPT if self.left_at else None

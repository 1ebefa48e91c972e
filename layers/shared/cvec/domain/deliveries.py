"""How far the mail with a code got, in the words that its student reads."""

from enum import StrEnum

from cvec.domain.mails import Mail, MailState


class EmailDelivery(StrEnum):
    """Accepted by the mail service, delivered to the mailbox's server; from "bounced" on, correct the address.

    Suppressed: this address returned mails before, so that the mail service no longer writes to it.
    """

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    SUPPRESSED = "suppressed"
    COMPLAINED = "complained"
    REFUSED = "refused"


_OF = {
    MailState.WAITING: EmailDelivery.WAITING,
    MailState.SENT: EmailDelivery.ACCEPTED,
    MailState.DELIVERED: EmailDelivery.DELIVERED,
    MailState.BOUNCED: EmailDelivery.BOUNCED,
    MailState.SUPPRESSED: EmailDelivery.SUPPRESSED,
    MailState.COMPLAINED: EmailDelivery.COMPLAINED,
    MailState.ABANDONED: EmailDelivery.REFUSED,
}


def delivery_of(mail: Mail) -> EmailDelivery:
    """How far it got."""
    return _OF[mail.state]

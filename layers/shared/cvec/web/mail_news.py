"""What SES says became of a mail, by the tag it was sent with: events of its configuration set, through EventBridge."""

from collections.abc import Mapping
from typing import Any

from cvec.domain.facts import Fact

_SUPPRESSED = ("Suppressed", "OnAccountSuppressionList", "OnTenantSuppressionList")
_KNOWN = {"Delivery": Fact.MAIL_DELIVERED, "Complaint": Fact.MAIL_COMPLAINED, "Reject": Fact.MAIL_BOUNCED}


def mail_news(message: Mapping[str, Any]) -> tuple[str, Fact] | None:
    """The mail and what happened to it; None for a mail that is not ours, and for what changes nothing.

    >>> said = {"eventType": "Bounce", "bounce": {"bounceType": "Permanent"}, "mail": {"tags": {"mail": ["m1"]}}}
    >>> mail_news({"detail": said})
    ('m1', <Fact.MAIL_BOUNCED: 'mail_bounced'>)
    """
    said = message.get("detail", {})
    ours = said.get("mail", {}).get("tags", {}).get("mail", [])
    fact = _bounced(said.get("bounce", {})) if said.get("eventType") == "Bounce" else _KNOWN.get(said.get("eventType"))
    return (str(ours[0]), fact) if ours and fact else None


def _bounced(bounce: Mapping[str, Any]) -> Fact | None:
    """A lasting return. A passing one may be a mere absence message, and outlives any code: it says nothing useful."""
    if bounce.get("bounceSubType") in _SUPPRESSED:
        return Fact.MAIL_SUPPRESSED
    return None if bounce.get("bounceType") == "Transient" else Fact.MAIL_BOUNCED

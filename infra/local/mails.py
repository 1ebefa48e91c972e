"""Mails as their reader sees them: decoded from what SES took."""

import email
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class Mail:
    """One mail that SES accepted. `raw` is the MIME source, or the bare body when there was none."""

    id: str
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    html: str
    raw: str
    sent_at: datetime | None

    @property
    def html_for_a_frame(self) -> str:
        """The HTML part with its links opening outside the frame that shows it."""
        base = '<base target="_blank">'
        if _HEAD.search(self.html):
            return _HEAD.sub(lambda head: head[0] + base, self.html, count=1)
        return base + self.html

    def as_json(self) -> dict[str, Any]:
        """The mail for tests and scripts, without its MIME source."""
        return {
            "id": self.id,
            "from": self.sender,
            "to": list(self.to),
            "subject": self.subject,
            "text": self.text,
            "html": self.html,
            "sent_at": self.sent_at.isoformat() if self.sent_at else None,
        }


def addresses(written: list[str]) -> tuple[str, ...]:
    """Bare addresses, each once, in order.

    >>> addresses(["François <f@example.org>", "f@example.org"])
    ('f@example.org',)
    """
    return tuple(dict.fromkeys(address for _, address in getaddresses(written) if address))


def from_raw(message_id: str, *, sender: str, to: list[str], raw: str) -> Mail:
    """A mail from its MIME source."""
    parsed = email.message_from_bytes(raw.encode("utf-8"), policy=default)
    return Mail(
        id=message_id,
        sender=sender,
        to=addresses(to),
        subject=str(parsed["Subject"] or ""),
        text=_part(parsed, "plain"),
        html=_part(parsed, "html"),
        raw=raw,
        sent_at=_sent_at(parsed),
    )


def _part(parsed: EmailMessage, kind: str) -> str:
    part = parsed.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _sent_at(parsed: EmailMessage) -> datetime | None:
    return parsedate_to_datetime(str(parsed["Date"])) if parsed["Date"] else None


def from_ses(message: Any) -> Mail:
    """A mail from moto's own object, which is one of two classes: with a MIME source, or with parts."""
    if hasattr(message, "raw_data"):
        return from_raw(message.id, sender=message.source, to=message.destinations, raw=message.raw_data)
    to = [address for some in message.destinations.values() for address in some]
    return Mail(message.id, message.source, addresses(to), message.subject, message.body, "", message.body, None)

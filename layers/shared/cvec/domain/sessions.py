"""Sessions and one-use links: opaque tokens of 256 bits, of which only the SHA-256 is kept."""

import base64
import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from cvec.domain.model import Row

SIGNED_IN_FOR = timedelta(hours=12)
MAX_SESSIONS = 10
"""Signed-in browsers per person; one more ends the oldest."""
LINK_LIFE = timedelta(hours=24)
NOT_ME_LIFE = timedelta(days=7)
LINK_DERIVED_AS = "link"
"""What the secret derives link tokens for, so that no other derivation ever gives the same."""


def token_digest(token: str) -> str:
    """What is kept of a token. 256 random bits need no salt.

    >>> token_digest("a")[:8]
    'ca978112'
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def token_text(secret_bytes: bytes) -> str:
    """32 uniform bytes as a token that is safe in a URL.

    >>> token_text(bytes(32))[:4], len(token_text(bytes(32)))
    ('AAAA', 43)
    """
    return base64.urlsafe_b64encode(secret_bytes).decode().rstrip("=")


class Holder(StrEnum):
    """Whom a session is for."""

    DRAFT = "draft"
    STUDENT = "student"


class Session(Row):
    """A browser that has shown who it is: the owner of a draft, or a signed-in student (`subject` is whose)."""

    kind: ClassVar[str] = "session"
    key_fields: ClassVar[tuple[str, ...]] = ("subject", "digest")
    subject: str
    digest: str
    holder: Holder
    opened_at: datetime
    expires_at: datetime
    device: str | None = None
    """The browser and its system in a few fixed words, where they are known."""

    @property
    def id(self) -> str:
        """What its owner calls it by, which opens nothing and tells nothing of the token."""
        return token_digest(f"session {self.digest}")[:32]

    @property
    def swept_at(self) -> datetime | None:
        """When storage may forget it."""
        return self.expires_at


class LinkPurpose(StrEnum):
    """What a one-use link opens; it opens nothing else. Its mail leads to the page of that name."""

    PASSWORD = "password"
    NOT_ME = "not-me"
    RESUME = "resume"


class OneUseLink(Row):
    """A link of a mail that serves once. Its token is derived from an id by the service's secret.

    `subject` is whose password, draft or account it is about.
    """

    kind: ClassVar[str] = "one_use_link"
    key_fields: ClassVar[tuple[str, ...]] = ("digest",)
    digest: str
    purpose: LinkPurpose
    subject: str
    expires_at: datetime
    used_at: datetime | None = None
    mailbox: str | None = None
    """The keyed address it was mailed to, where it only serves while that is the sign-in address."""
    former_email: str | None = None
    """The address that the change it may undo has left."""

    @property
    def swept_at(self) -> datetime | None:
        """When storage may forget it."""
        return self.expires_at + timedelta(days=30)

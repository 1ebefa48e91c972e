"""The law of repeated requests: one key, one subject, one body, one answer (draft-ietf-httpapi-idempotency-key-header).

A key is a convenience for whoever lost an answer. What guards the money is the conditional write of each gesture.
"""

import hashlib
from datetime import datetime, timedelta
from typing import ClassVar

from cvec.domain.model import Row

KEPT = timedelta(days=30)
LEASE = timedelta(seconds=30)
"""How long a request may be under way before another may try: longer than any function runs."""
MAX_KEY_LENGTH = 255


def body_digest(method: str, path: str, body: bytes) -> str:
    """What tells one request from another under the same key.

    >>> body_digest("POST", "/a", b"x") == body_digest("POST", "/a", b"y")
    False
    """
    return hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).hexdigest()


class Answered(Row):
    """A request by its key: under way until `leased_until`, then with its answer. Subject and key are digests."""

    kind: ClassVar[str] = "answered"
    key_fields: ClassVar[tuple[str, ...]] = ("subject", "key_digest")
    subject: str
    key_digest: str
    request: str
    leased_until: datetime
    asked_at: datetime
    status: int | None = None
    answer: str | None = None

    @property
    def swept_at(self) -> datetime | None:
        """When storage may forget it."""
        return self.asked_at + KEPT

    def is_remembered(self, now: datetime) -> bool:
        """Whether it still counts, however late storage forgets it."""
        return now < self.asked_at + KEPT

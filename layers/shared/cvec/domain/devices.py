"""Browsers in which a person has signed in before: a sign-in from any other is told to them by mail."""

import re
from datetime import datetime, timedelta
from typing import ClassVar

from cvec.domain.model import Row
from cvec.domain.sessions import token_digest

REMEMBERED_FOR = timedelta(days=365)
MAX_DEVICES = 20
"""Browsers remembered per person; one more forgets the one not seen for longest."""


class KnownDevice(Row):
    """A browser this person has signed in with. Only a digest of its cookie and of whose it is is kept."""

    kind: ClassVar[str] = "known_device"
    key_fields: ClassVar[tuple[str, ...]] = ("person_id", "digest")
    person_id: str
    digest: str
    seen_at: datetime

    def is_known(self, now: datetime) -> bool:
        """Whether it was seen within the year."""
        return now < self.seen_at + REMEMBERED_FOR

    @property
    def swept_at(self) -> datetime | None:
        """When storage may forget it."""
        return self.seen_at + REMEMBERED_FOR


def device_digest(person_id: str, token: str) -> str:
    """What is kept of a browser's cookie, different for each person, so that a shared computer links nobody."""
    return token_digest(f"device {person_id} {token}")


def is_device_token(text: str) -> bool:
    """Whether a cookie may be one of ours.

    >>> is_device_token("token000001"), is_device_token(""), is_device_token("a b")
    (True, False, False)
    """
    return re.fullmatch(r"[\w-]{11,64}", text, re.ASCII) is not None

"""Verification codes: six capital letters, ten minutes, one procedure, one use; a new one replaces the old.

The letters are never stored, not even hashed: they are derived from the code's random id by the service's secret, so
that the mail can be written after the row and a stolen table tells nothing. 26^6 codes × 10 tries a day → 3.2e-8.
"""

import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from cvec.domain.model import Row

LIFE = timedelta(minutes=10)
LENGTH = 6
DERIVED_AS = "code"
"""What the secret derives letters for, so that no other derivation ever gives the same."""
FEW_TRIES = 3
"""From how many remaining tries on the answer tells the number."""


class CodePurpose(StrEnum):
    """The procedure a code belongs to; it opens no other."""

    MAIN_EMAIL = "main_email"
    NEW_EMAIL = "new_email"


class VerificationCode(Row):
    """The one current code of a procedure. `id` is what its letters are derived from."""

    kind: ClassVar[str] = "verification_code"
    key_fields: ClassVar[tuple[str, ...]] = ("subject", "purpose")
    subject: str
    purpose: CodePurpose
    id: str
    email: str
    sent_at: datetime

    @property
    def expires_at(self) -> datetime:
        """The first moment at which it is refused."""
        return self.sent_at + LIFE

    @property
    def swept_at(self) -> datetime | None:
        """When storage may forget it."""
        return self.expires_at


def letters_from(secret_bytes: bytes) -> str:
    """Six letters out of at least 16 uniform bytes; the bias of the division is under 2^-90.

    >>> letters_from(bytes(16)), letters_from(b"\\xff" * 16)
    ('AAAAAA', 'VBKJGN')
    """
    number = int.from_bytes(secret_bytes[:16], "big")
    letters = ""
    for _ in range(LENGTH):
        number, rank = divmod(number, 26)
        letters += chr(ord("A") + rank)
    return letters


def _tidy(text: object) -> object:
    return re.sub(r"[\s-]", "", text).upper() if isinstance(text, str) and len(text) <= 40 else text


def _checked(letters: str) -> str:
    if not re.fullmatch(r"[A-Z]{6}", letters):
        raise ValueError("code_form")
    return letters


TypedCode = Annotated[
    str,
    BeforeValidator(_tidy),
    AfterValidator(_checked),
    WithJsonSchema({"type": "string", "maxLength": 40, "examples": ["IXNEJC"]}),
]
"""A code as typed: any case, spaces and hyphens ignored."""

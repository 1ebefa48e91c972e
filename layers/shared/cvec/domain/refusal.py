"""What every refusal is: a stable code, the fields and details it names, and its family. The leaves are errors.py's."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class FieldError:
    """One field of what was sent, by its dotted name, and why it was refused, by a stable code."""

    field: str
    code: str


class Refusal(Exception):
    """An answer that says no.

    `fields` name what is wrong with what was sent; `details` are numbers and words its text may quote. Neither holds
    personal data.
    """

    code: ClassVar[str] = "refusal"

    def __init__(self, *fields: FieldError, **details: str | int) -> None:
        super().__init__(self.code)
        self.fields = fields
        self.details: Mapping[str, str | int] = details

    def __init_subclass__(cls) -> None:
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class Invalid(Refusal):
    """What was sent cannot be understood or accepted."""


class Unauthenticated(Refusal):
    """We do not know who asks."""


class Forbidden(Refusal):
    """We know who asks, and the answer is no."""


class Unknown(Refusal):
    """There is no such thing, or not for whoever asks."""


class Conflict(Refusal):
    """Not in the present state of things."""


class Gone(Refusal):
    """It was there, and has ended."""


class TooMany(Refusal):
    """Asked too often; `retry_after` is in seconds."""


class Unavailable(Refusal):
    """Our fault or a partner's; nothing was lost, and trying again is safe."""

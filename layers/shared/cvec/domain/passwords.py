"""What makes a password fit: hard to guess (policy `modern`), or what the published guide asks (policy `guide`)."""

import unicodedata
from collections.abc import Callable
from enum import StrEnum

from cvec.domain.errors import FieldError, UnfitPassword

MODERN_MIN, MODERN_MAX = 12, 128
GUIDE_MIN, GUIDE_MAX = 6, 20
LEAST_STRENGTH = 3
"""zxcvbn's 0–4 scale: 3 is "safely unguessable: moderate protection from an offline attack", 10^8 to 10^10 guesses."""


class PasswordPolicy(StrEnum):
    """The deployment's choice."""

    MODERN = "modern"
    GUIDE = "guide"


def normalized(password: str) -> str:
    """One form for all keyboards (NFKC), never truncated (NIST SP 800-63B-4, ASVS 6.2.8)."""
    return unicodedata.normalize("NFKC", password)


def check_password(
    password: str,
    *,
    policy: PasswordPolicy,
    own_words: tuple[str, ...],
    strength: Callable[[str, tuple[str, ...]], int],
) -> None:
    """Raise UnfitPassword unless the password meets the policy.

    `own_words` are the person's (name, address…): weak to whoever knows them. `strength` is zxcvbn's 0–4.
    """
    reasons = _guide_reasons(password) if policy is PasswordPolicy.GUIDE else _modern_reasons(password)
    if not reasons and policy is PasswordPolicy.MODERN and strength(password, own_words) < LEAST_STRENGTH:
        reasons = ["too_easy_to_guess"]
    if reasons:
        raise UnfitPassword(*(FieldError("password", reason) for reason in reasons))


def _modern_reasons(password: str) -> list[str]:
    return _length_reasons(password, MODERN_MIN, MODERN_MAX)


def _guide_reasons(password: str) -> list[str]:
    """6 to 20 characters and at least 3 of 4 classes, as the guide of the original service has it."""
    classes = (str.islower, str.isupper, str.isdigit, lambda character: not character.isalnum())
    found = sum(any(belongs(character) for character in password) for belongs in classes)
    return _length_reasons(password, GUIDE_MIN, GUIDE_MAX) + (["too_few_classes"] if found < 3 else [])


def _length_reasons(password: str, least: int, most: int) -> list[str]:
    return ["too_short"] if len(password) < least else ["too_long"] if len(password) > most else []

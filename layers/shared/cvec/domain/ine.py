"""The INE, the national student number: its kinds and their keys (DOMAIN.md §3)."""

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

_BEA_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


class IneKind(StrEnum):
    """Who issued the number, which decides how it is checked."""

    BEA = "bea"
    """Issued by a rectorat: ten digits and a key letter, the number modulo 23."""
    INA = "ina"
    """Issued by a university (NNE36): ten base-36 digits and a key digit."""
    RNIE = "rnie"
    """The national register since 2018: nine digits and two letters. The key is not public: the form is accepted."""
    APPRENTICE = "apprentice"
    """Issued for apprenticeship: four digits, A, five digits, one letter; no public key."""


def bea_key(digits: str) -> str:
    """The key letter of a BEA number's ten digits.

    >>> bea_key("1409002949"), bea_key("0494004062")
    ('V', 'M')
    """
    return _BEA_LETTERS[int(digits) % 23]


def ina_key(body: str) -> str:
    """The key digit of an INA number's ten base-36 digits: the last decimal digit of a weighted sum.

    >>> ina_key("0123456789")
    '5'
    """
    values = [int(character, 36) for character in body]
    return str((6 * sum(values[:9]) + values[9]) % 10)


def ine_kind(ine: str) -> IneKind | None:
    """The kind of a number in capitals, or None where neither form nor key fits any kind.

    >>> ine_kind("1409002949V"), ine_kind("1409002949A"), ine_kind("223120671JH")
    (<IneKind.BEA: 'bea'>, None, <IneKind.RNIE: 'rnie'>)
    """
    if len(set(ine[:10])) == 1:
        return None
    if re.fullmatch(r"[0-9]{10}[A-HJ-NPR-Z]", ine):
        return IneKind.BEA if bea_key(ine[:10]) == ine[10] else None
    if re.fullmatch(r"[0-9]{9}[A-Z]{2}", ine):
        return IneKind.RNIE
    if re.fullmatch(r"[0-9]{4}A[0-9]{5}[A-Z]", ine):
        return IneKind.APPRENTICE
    if re.fullmatch(r"[0-9A-Z]{10}[0-9]", ine):
        return IneKind.INA if ina_key(ine[:10]) == ine[10] else None
    return None


def _tidy(text: object) -> object:
    return re.sub(r"[\s.-]", "", text).upper() if isinstance(text, str) and len(text) <= 40 else text


def _checked(ine: str) -> str:
    if not re.fullmatch(r"[0-9A-Z]{11}", ine):
        raise ValueError("ine_form")
    if ine_kind(ine) is None:
        raise ValueError("ine_key")
    return ine


Ine = Annotated[
    str,
    BeforeValidator(_tidy),
    AfterValidator(_checked),
    WithJsonSchema({"type": "string", "maxLength": 40, "examples": ["1409002949V"]}),
]
"""An INE as typed (any case, spaces and hyphens ignored), stored as eleven capitals."""

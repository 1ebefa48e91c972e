"""The catalogue of institutions a student may choose from: what an entry is, and when a screen agrees with it.

Entries are the head offices of the ministry's open data. Whoever does not find theirs answers "other", "abroad" or "not
registered to date", which need no entry.
"""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from cvec.domain.communes import fold
from cvec.domain.crous import DEPARTMENTS
from cvec.domain.institution import Institution, InstitutionStatus
from cvec.domain.model import Value
from cvec.domain.text import Line, Line120

SHORTEST_SEARCH = 3
"""Letters and digits to type before names are searched."""

ABROAD = "999"
"""The ministry's department of French institutions outside France (École française de Rome)."""

_KEYS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_FORMULA_SIGNS = frozenset("=+-@")
_ARRONDISSEMENT = re.compile(r" [0-9]{1,2}er?$")


def uai_key(digits: str) -> str:
    """The key letter of a UAI's seven digits: the number modulo 23, among the letters without I, O and Q.

    >>> uai_key("0691774"), uai_key("0690194")
    ('D', 'L')
    """
    return _KEYS[int(digits) % 23]


def _checked_uai(uai: str) -> str:
    if not re.fullmatch(r"[0-9]{7}[A-Z]", uai):
        raise ValueError("uai_form")
    if uai_key(uai[:7]) != uai[7]:
        raise ValueError("uai_key")
    return uai


def _no_formula(text: str) -> str:
    """Refuse what a spreadsheet would run instead of showing, wherever the list is opened next."""
    if text[:1] in _FORMULA_SIGNS:
        raise ValueError("formula")
    return text


def _known_department(code: str) -> str:
    if code not in DEPARTMENTS and code != ABROAD:
        raise ValueError("unknown_department")
    return code


Uai = Annotated[str, AfterValidator(_checked_uai)]
"""The ministry's code of an institution: seven digits and their key."""

_Title = Annotated[Line120, AfterValidator(_no_formula)]


class CatalogueInstitution(Value):
    """An institution of the list."""

    uai: Uai
    name: _Title
    commune: _Title
    department: Annotated[str, AfterValidator(_known_department)]
    also: Annotated[Line, Field(max_length=120), AfterValidator(_no_formula)] = ""
    """Other words it is known by (its short name, its acronym): searched, never shown."""

    @property
    def label(self) -> str:
        """The line of the list, as the guide writes it.

        >>> insa = {"uai": "0690192J", "name": "INSA Lyon", "commune": "Lyon 5e", "department": "69"}
        >>> CatalogueInstitution.model_validate(insa).label
        'LYON INSA LYON [FRANCE]'
        """
        commune, country = _ARRONDISSEMENT.sub("", self.commune), "ÉTRANGER" if self.is_abroad else "FRANCE"
        return f"{commune.upper()} {self.name.upper()} [{country}]"

    @property
    def is_abroad(self) -> bool:
        """Whether it lies outside France."""
        return self.department == ABROAD

    @property
    def search_key(self) -> str:
        """Every word it may be found by, folded, each after a space: a word begins so where " begins" is in the key."""
        return f" {fold(' '.join((self.name, self.also, self.commune)))}"

    @property
    def screen(self) -> Institution:
        """The institution screen of somebody who chose it: the only one that may bear its UAI."""
        status = InstitutionStatus.ABROAD if self.is_abroad else InstitutionStatus.FRANCE
        department = None if self.is_abroad else self.department
        return Institution(status=status, department=department, name=self.name, uai=self.uai)

"""Communes: the study city is a commune, never a bare postcode, because the commune decides the Crous.

Nine postcodes are shared by communes of two Crous, and the first digits of a postcode are not always its
department (94390 is in Essonne). Codes are those of INSEE's Code officiel géographique; postcodes are La Poste's.
"""

import re
import unicodedata
from dataclasses import dataclass

from cvec.domain.crous import DEPARTMENTS, Crous, crous_of

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
_ACCENTS = re.compile("[\u0300-\u036f]")
_BREAKS = re.compile("[^a-z0-9]+")
_SAINT = re.compile(r"\bst(?=e? )")
_ARTICLE = re.compile(r"(?:le|la|les|l|los|las|aux) (?=.)")

# The municipal arrondissements of Paris, Lyon and Marseille (INSEE), and the commune they are part of.
_ARRONDISSEMENTS = {
    str(code): commune
    for codes, commune in (
        (range(75101, 75121), "75056"),
        (range(69381, 69390), "69123"),
        (range(13201, 13217), "13055"),
    )
    for code in codes
}


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune: INSEE code ("69123"), name, department ("69", "2A", "974"), postcodes in ascending order.

    Five communes of the southern lands, where nobody studies, have no postcode.
    """

    code: str
    name: str
    department: str
    postcodes: tuple[str, ...]

    @property
    def crous(self) -> Crous | None:
        """The Crous a student of this commune belongs to; None overseas where there is none."""
        return crous_of(self.department)

    def label(self, postcode: str | None = None) -> str:
        """The commune as a person recognises it among its namesakes: "Lyon (69001)".

        Without a postcode of its own to show, the first one is shown, or else the department.

        >>> Commune("69123", "Lyon", "69", ("69001", "69002")).label("69002")
        'Lyon (69002)'
        """
        if postcode in self.postcodes:
            return f"{self.name} ({postcode})"
        return f"{self.name} ({(*self.postcodes, self.department)[0]})"


@dataclass(frozen=True, slots=True)
class CommuneMatch:
    """One line of an answer: a commune, and which of its postcodes to show (None when it has none)."""

    commune: Commune
    postcode: str | None

    @property
    def label(self) -> str:
        """What the student reads: "Lyon (69001)"."""
        return self.commune.label(self.postcode)


def fold(text: str) -> str:
    """The text as words of plain small letters and digits, so that spellings of one name become equal.

    >>> fold("L’HAŸ-les-Roses"), fold("Mons-en-Barœul"), fold("St-Denis"), fold("Ste Foy-lès-Lyon")
    ('l hay les roses', 'mons en baroeul', 'saint denis', 'sainte foy les lyon')

    "st" with nothing after it stays: it may yet become Strasbourg.

    >>> fold("st")
    'st'
    """
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    words = _BREAKS.sub(" ", _ACCENTS.sub("", letters)).strip()
    return _SAINT.sub("saint", words)


def name_key(text: str) -> str:
    """The folded text in one piece: what names are sorted and searched by, however they are spaced.

    >>> name_key("Villeneuve-d'Ascq") == name_key("villeneuve dascq")
    True
    """
    return fold(text).replace(" ", "")


def bare_key(name: str) -> str:
    """The key of a name without its leading article; the name's own key when it has none.

    >>> bare_key("La Rochelle"), bare_key("L'Haÿ-les-Roses"), bare_key("Laval")
    ('rochelle', 'haylesroses', 'laval')
    """
    return _ARTICLE.sub("", fold(name), count=1).replace(" ", "")


def commune_code(code: str) -> str:
    """The commune a municipal arrondissement belongs to; any other code unchanged.

    >>> commune_code("75113"), commune_code("69387"), commune_code("94028")
    ('75056', '69123', '94028')
    """
    return _ARRONDISSEMENTS.get(code, code)


def department_of_code(code: str) -> str:
    """The department that an INSEE commune code opens with: three characters overseas, two elsewhere.

    >>> department_of_code("69123"), department_of_code("2A004"), department_of_code("97411")
    ('69', '2A', '974')
    """
    return code[:3] if code.startswith(("97", "98")) else code[:2]


def department_of_postcode(postcode: str) -> str | None:
    """The department a postcode seems to be of: for the postcodes of no commune only (CEDEX: 69621, 92916).

    None when nothing can be said: Monaco, the armed forces, Corsica before the third digit.

    >>> department_of_postcode("69621"), department_of_postcode("20179"), department_of_postcode("20407")
    ('69', '2A', '2B')
    """
    department = _corsican(postcode) if postcode.startswith("20") else department_of_code(postcode)
    return department if department in DEPARTMENTS else None


def _corsican(postcode: str) -> str | None:
    if len(postcode) < len("200"):
        return None
    return "2A" if postcode.startswith(("200", "201")) else "2B"

"""The 26 Crous, and the departments each one answers for.

The Crous of the study city collects the contribution and is printed on the certificate after "Rattachée au".
Sources: the departments are those of each Crous's academies (ministry of Higher Education, open list of
institutions); 975 follows the academy of Normandie. The three letters open the certificate's number: CRE, VER
and AIX were seen on real ones, the others are ours.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Crous:
    """A regional student-services centre: its three letters, its name in a sentence, its departments."""

    code: str
    name: str
    departments: tuple[str, ...]


def _crous(code: str, name: str, departments: str) -> Crous:
    return Crous(code, name, tuple(departments.split()))


CROUS = (
    _crous("AIX", "Crous Aix-Marseille-Avignon", "04 05 13 84"),
    _crous("AMI", "Crous Amiens-Picardie", "02 60 80"),
    _crous("ANG", "Crous Antilles et Guyane", "971 972 973 977 978"),
    _crous("BFC", "Crous Bourgogne-Franche-Comté", "21 25 39 58 70 71 89 90"),
    _crous("BOR", "Crous Bordeaux-Aquitaine", "24 33 40 47 64"),
    _crous("CLE", "Crous Clermont Auvergne", "03 15 43 63"),
    _crous("COR", "Crous de Corse", "2A 2B"),
    _crous("CRE", "Crous de Créteil", "77 93 94"),
    _crous("GRE", "Crous Grenoble Alpes", "07 26 38 73 74"),
    _crous("LIL", "Crous Lille Nord – Pas-de-Calais", "59 62"),
    _crous("LIM", "Crous de Limoges", "19 23 87"),
    _crous("LOR", "Crous Lorraine", "54 55 57 88"),
    _crous("LYO", "Crous de Lyon", "01 42 69"),
    _crous("MON", "Crous de Montpellier-Occitanie", "11 30 34 48 66"),
    _crous("NAN", "Crous de Nantes – Pays de la Loire", "44 49 53 72 85"),
    _crous("NIC", "Crous de Nice-Toulon", "06 83"),
    _crous("NOR", "Crous Normandie", "14 27 50 61 76 975"),
    _crous("ORL", "Crous d'Orléans-Tours", "18 28 36 37 41 45"),
    _crous("PAR", "Crous de Paris", "75"),
    _crous("POI", "Crous de Poitiers", "16 17 79 86"),
    _crous("REI", "Crous de Reims", "08 10 51 52"),
    _crous("REN", "Crous de Rennes-Bretagne", "22 29 35 56"),
    _crous("REU", "Crous de La Réunion et de Mayotte", "974 976"),
    _crous("STR", "Crous de Strasbourg", "67 68"),
    _crous("TOU", "Crous de Toulouse-Occitanie", "09 12 31 32 46 65 81 82"),
    _crous("VER", "Crous de Versailles", "78 91 92 95"),
)

# No Crous was found for these; whether the contribution is owed there is unsettled, so nothing is guessed.
WITHOUT_CROUS = {
    "984": "Terres australes et antarctiques françaises",
    "986": "Wallis et Futuna",
    "987": "Polynésie française",
    "988": "Nouvelle-Calédonie",
    "989": "Île de Clipperton",
}

_BY_CODE = {crous.code: crous for crous in CROUS}
_BY_DEPARTMENT = {department: crous for crous in CROUS for department in crous.departments}

DEPARTMENTS = frozenset(_BY_DEPARTMENT) | frozenset(WITHOUT_CROUS)


def crous_of(department: str) -> Crous | None:
    """The Crous that answers for a department (INSEE code: "94", "2A", "974"), None where there is none.

    >>> crous_of("94").name
    'Crous de Créteil'
    >>> crous_of("988") is None
    True
    """
    return _BY_DEPARTMENT.get(department)


def get_crous(code: str) -> Crous:
    """The Crous with these three letters; raises KeyError when there is none.

    >>> get_crous("LYO").departments
    ('01', '42', '69')
    """
    return _BY_CODE[code]

"""Am I concerned? Who owes the contribution, as a decision table; each line cites its article."""

from enum import StrEnum

from cvec.domain.model import Value


class Training(StrEnum):
    """The kind of training, as the first question asks it."""

    INITIAL = "initial"
    CONTINUING = "continuing"


class Place(StrEnum):
    """Where it is followed."""

    HIGHER_EDUCATION = "higher_education"
    LYCEE = "lycee"
    PREPARATORY_CLASS = "preparatory_class"


class Stay(StrEnum):
    """Under which arrangement."""

    DEGREE = "degree"
    EXCHANGE = "exchange"


class Liability(StrEnum):
    """What follows."""

    CONCERNED = "concerned"
    NOT_CONCERNED = "not_concerned"


class Verdict(Value):
    """The answer, the rule that gave it and its source."""

    liability: Liability
    rule: str
    source: str


_RULES: tuple[tuple[dict[str, StrEnum], Liability, str, str], ...] = (
    ({"training": Training.CONTINUING}, Liability.NOT_CONCERNED, "continuing_education", "L.841-5"),
    ({"stay": Stay.EXCHANGE}, Liability.NOT_CONCERNED, "incoming_exchange", "L.841-5"),
    ({"place": Place.LYCEE}, Liability.NOT_CONCERNED, "course_in_a_lycee", "décret 2018-564"),
    ({"place": Place.PREPARATORY_CLASS}, Liability.CONCERNED, "preparatory_class_registers_at_university", "L.841-5"),
    ({}, Liability.CONCERNED, "initial_training_in_higher_education", "L.841-5"),
)
"""The first line whose conditions all hold decides; the last one has none."""


def liability(training: Training, place: Place, stay: Stay) -> Verdict:
    """Who owes the contribution.

    >>> liability(Training.INITIAL, Place.LYCEE, Stay.DEGREE).liability
    <Liability.NOT_CONCERNED: 'not_concerned'>
    >>> liability(Training.INITIAL, Place.HIGHER_EDUCATION, Stay.DEGREE).rule
    'initial_training_in_higher_education'
    """
    given = {"training": training, "place": place, "stay": stay}
    _, answer, rule, source = next(
        line for line in _RULES if all(given[name] is wanted for name, wanted in line[0].items())
    )
    return Verdict(liability=answer, rule=rule, source=source)

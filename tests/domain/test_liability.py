"""Who owes the contribution: every combination of answers has one verdict, with the article that gives it."""

from itertools import product

import pytest
from cvec.domain.liability import Liability, Place, Stay, Training, liability

OWES, DOES_NOT = Liability.CONCERNED, Liability.NOT_CONCERNED
INITIAL, CONTINUING = Training.INITIAL, Training.CONTINUING
UNIVERSITY, LYCEE, CLASSE_PREPA = Place.HIGHER_EDUCATION, Place.LYCEE, Place.PREPARATORY_CLASS
DEGREE, EXCHANGE = Stay.DEGREE, Stay.EXCHANGE

GOLDEN = {
    (INITIAL, UNIVERSITY, DEGREE): (OWES, "initial_training_in_higher_education", "L.841-5"),
    (INITIAL, UNIVERSITY, EXCHANGE): (DOES_NOT, "incoming_exchange", "L.841-5"),
    (INITIAL, LYCEE, DEGREE): (DOES_NOT, "course_in_a_lycee", "décret 2018-564"),
    (INITIAL, LYCEE, EXCHANGE): (DOES_NOT, "incoming_exchange", "L.841-5"),
    (INITIAL, CLASSE_PREPA, DEGREE): (OWES, "preparatory_class_registers_at_university", "L.841-5"),
    (INITIAL, CLASSE_PREPA, EXCHANGE): (DOES_NOT, "incoming_exchange", "L.841-5"),
    (CONTINUING, UNIVERSITY, DEGREE): (DOES_NOT, "continuing_education", "L.841-5"),
    (CONTINUING, UNIVERSITY, EXCHANGE): (DOES_NOT, "continuing_education", "L.841-5"),
    (CONTINUING, LYCEE, DEGREE): (DOES_NOT, "continuing_education", "L.841-5"),
    (CONTINUING, LYCEE, EXCHANGE): (DOES_NOT, "continuing_education", "L.841-5"),
    (CONTINUING, CLASSE_PREPA, DEGREE): (DOES_NOT, "continuing_education", "L.841-5"),
    (CONTINUING, CLASSE_PREPA, EXCHANGE): (DOES_NOT, "continuing_education", "L.841-5"),
}
"""Written by hand from article L.841-5 and décret 2018-564 (DOMAIN.md §2), not from the code."""

EVERY = list(product(Training, Place, Stay))


def test_every_combination_of_answers_was_thought_of() -> None:
    assert set(GOLDEN) == set(EVERY)


@pytest.mark.parametrize(("training", "place", "stay"), EVERY)
def test_each_combination_has_its_verdict_and_its_source(training: Training, place: Place, stay: Stay) -> None:
    verdict = liability(training, place, stay)
    assert (verdict.liability, verdict.rule, verdict.source) == GOLDEN[training, place, stay]


def test_every_rule_decides_something() -> None:
    """A line that others hide would be dead law."""
    from cvec.domain.liability import _RULES

    assert {rule for _, _, rule, _ in _RULES} == {rule for _, rule, _ in GOLDEN.values()}

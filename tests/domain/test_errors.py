"""Every refusal has one stable code, belongs to one family, and carries nothing personal."""

import pytest
from cvec.domain import errors
from cvec.domain.errors import FieldError, InvalidFields, Refusal, TooManyCodes, UnfitPassword

FAMILIES = set(Refusal.__subclasses__())
LEAVES = sorted({leaf for family in FAMILIES for leaf in family.__subclasses__()}, key=lambda leaf: leaf.code)


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.code)
def test_a_leaf_is_documented_and_drawn_in_the_tree(leaf: type[Refusal]) -> None:
    assert leaf.__doc__
    assert errors.__doc__ is not None
    assert leaf.__name__ in errors.__doc__
    assert leaf.__bases__[0] in FAMILIES


def test_codes_are_names_in_snake_case_and_unique() -> None:
    assert TooManyCodes.code == "too_many_codes"
    assert len({leaf.code for leaf in LEAVES}) == len(LEAVES) > 30


def test_a_refusal_says_its_code_and_no_more() -> None:
    refusal = TooManyCodes(retry_after=60)
    assert str(refusal) == "too_many_codes"
    assert refusal.details == {"retry_after": 60}


def test_fields_are_named_with_their_reasons() -> None:
    assert InvalidFields(FieldError("ine", "ine_key")).fields == (FieldError("ine", "ine_key"),)
    assert UnfitPassword(FieldError("password", "too_short")).fields == (FieldError("password", "too_short"),)

"""Where a student registers: each answer asks for its own fields and refuses the others."""

from typing import Any

import pytest
from cvec.domain.institution import Institution
from pydantic import ValidationError


@pytest.mark.parametrize(
    "said",
    [
        {"status": "france", "department": "69", "name": "Université Lyon 1"},
        {"status": "france", "department": "2A", "name": "IUT", "uai": "0691774D"},
        {"status": "abroad", "name": "Université de Genève"},
        {"status": "other", "name": "École « Été »"},
        {"status": "not_registered"},
    ],
)
def test_each_answer_with_its_fields_is_taken(said: dict[str, Any]) -> None:
    assert Institution.model_validate(said).status == said["status"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"status": "france", "name": "Université"}, "department"),
        ({"status": "france", "department": "69"}, "name"),
        ({"status": "abroad"}, "name"),
        ({"status": "other"}, "name"),
        ({"status": "not_registered", "name": "Université"}, "name"),
        ({"status": "not_registered", "uai": "0691774D"}, "name"),
        ({"status": "france", "department": "69", "name": "x", "uai": "069177D"}, "uai"),
        ({"status": "france", "department": "69", "name": "x", "uai": "0691774I"}, "uai"),
        ({"status": "france", "department": "69", "name": "x", "uai": "069177\u0664D"}, "uai"),
        ({"status": "france", "department": "69", "name": "x" * 121}, "name"),
        ({}, "status"),
    ],
)
def test_a_missing_or_contradicting_field_is_named(said: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        Institution.model_validate(said)

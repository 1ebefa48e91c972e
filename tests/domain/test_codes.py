"""Verification codes: how they are spelled, typed, and when they are over."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from cvec.domain.codes import LENGTH, CodePurpose, TypedCode, VerificationCode, letters_from
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

TYPED = TypeAdapter(TypedCode)
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@given(st.binary(min_size=16, max_size=64))
def test_any_secret_spells_six_capital_letters(secret: bytes) -> None:
    letters = letters_from(secret)
    assert len(letters) == LENGTH
    assert set(letters) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def test_every_letter_is_as_likely_as_another() -> None:
    from hashlib import sha256

    counts = Counter("".join(letters_from(sha256(str(n).encode()).digest()) for n in range(13_000)))
    assert len(counts) == 26
    assert max(counts.values()) < 1.1 * 3_000
    assert min(counts.values()) > 0.9 * 3_000


@pytest.mark.parametrize("typed", ["IXNEJC", "ixnejc", " IXN EJC ", "ixn-ejc", "I X N E J C", "IXNEJC\n"])
def test_case_spaces_and_hyphens_do_not_matter(typed: str) -> None:
    assert TYPED.validate_python(typed) == "IXNEJC"


@pytest.mark.parametrize("typed", ["", "IXNEJ", "IXNEJCA", "IXNEJ1", "ÉXNEJC", "IXNEJC\0", "I" * 41, "ＩＸＮＥＪＣ"])
def test_what_is_no_code_is_refused_before_a_try_is_spent(typed: str) -> None:
    with pytest.raises(ValidationError):
        TYPED.validate_python(typed)


def test_a_code_lives_ten_minutes() -> None:
    code = VerificationCode(
        subject="draft", purpose=CodePurpose.MAIN_EMAIL, id="id", email="ana@example.org", sent_at=NOON
    )
    assert code.expires_at == NOON + timedelta(minutes=10)
    assert "IXNEJC" not in code.model_dump_json()

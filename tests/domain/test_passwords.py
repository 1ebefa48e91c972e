"""What makes a password fit, by both policies, on any keyboard."""

import pytest
from cvec.domain.errors import UnfitPassword
from cvec.domain.passwords import PasswordPolicy, check_password, normalized

MODERN, GUIDE = PasswordPolicy.MODERN, PasswordPolicy.GUIDE


def reasons(password: str, policy: PasswordPolicy, strength: int = 4) -> list[str]:
    """Why a password does not fit; nothing where it does."""
    try:
        check_password(password, policy=policy, own_words=("ana",), strength=lambda *_: strength)
    except UnfitPassword as refusal:
        return [one.code for one in refusal.fields]
    return []


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("x" * 11, ["too_short"]),
        ("x" * 12, []),
        ("x" * 128, []),
        ("x" * 129, ["too_long"]),
        ("neuf girafes dansent", []),
        ("王王王王王王王王王王王王", []),
        ("", ["too_short"]),
    ],
)
def test_the_modern_policy_asks_for_length(password: str, expected: list[str]) -> None:
    assert reasons(password, MODERN) == expected


@pytest.mark.parametrize(
    ("strength", "expected"), [(0, ["too_easy_to_guess"]), (2, ["too_easy_to_guess"]), (3, []), (4, [])]
)
def test_the_modern_policy_asks_for_strength(strength: int, expected: list[str]) -> None:
    assert reasons("x" * 12, MODERN, strength) == expected


def test_strength_is_judged_with_the_person_s_own_words() -> None:
    heard: list[tuple[str, tuple[str, ...]]] = []

    def judge(password: str, own_words: tuple[str, ...]) -> int:
        heard.append((password, own_words))
        return 4

    check_password("x" * 12, policy=MODERN, own_words=("Ana", "Lou"), strength=judge)
    assert heard == [("x" * 12, ("Ana", "Lou"))]


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("aB1!", ["too_short"]),
        ("aaB11", ["too_short"]),
        ("aaaB11", []),
        ("aaaB!!", []),
        ("aaa11!", []),
        ("AAA11!", []),
        ("aaaaaa", ["too_few_classes"]),
        ("aaaBBB", ["too_few_classes"]),
        ("aaa111", ["too_few_classes"]),
        ("aB1" + "x" * 17, []),
        ("aB1" + "x" * 18, ["too_long"]),
        ("x" * 21, ["too_long", "too_few_classes"]),
        ("éÉ1111", []),
    ],
)
def test_the_guide_s_policy_asks_for_three_of_four_classes(password: str, expected: list[str]) -> None:
    assert reasons(password, GUIDE) == expected


@pytest.mark.parametrize(
    ("one", "other"), [("e\u0301te\u0301", "été"), ("ﬁn", "fin"), ("ｐａｓｓ", "pass"), ("Å", "Å"), ("x²", "x2")]
)
def test_two_keyboards_type_one_password(one: str, other: str) -> None:
    assert normalized(one) == normalized(other)


def test_nothing_is_cut() -> None:
    assert len(normalized("x" * 10_000)) == 10_000

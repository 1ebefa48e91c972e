"""The mails about a payment link quote a phrase as a phrase, and say nothing where nobody wrote one."""

import pytest
from cvec.adapters.letters import JinjaLetters
from cvec.domain.mails import Template
from cvec.domain.payment_links import UNSAID

from tests.support.fakes import FakeSecrets, new_world

WORDS = {
    "year": "2026-2027",
    "cents": 10_500,
    "payment_link": "abc",
    "shown_name": "François N.",
    "until": "2026-11-25T08:29:00+00:00",
}
QUOTING = [Template.LINK_FOR_PAYER, Template.THIRD_PARTY_REFUSED]


def text_of(template: Template, phrase: str) -> str:
    letters = JinjaLetters(FakeSecrets(), new_world().house)
    return letters.write("m1", template, to="parent@example.org", words={**WORDS, "phrase": phrase}).text


@pytest.mark.parametrize("template", QUOTING)
def test_a_phrase_is_quoted_in_each_language_s_own_marks(template: Template) -> None:
    said = text_of(template, "Merci maman")
    assert "Son message\u00a0: «\u00a0Merci maman\u00a0»" in said
    assert "Their message: “Merci maman”" in said


@pytest.mark.parametrize("template", QUOTING)
def test_a_phrase_that_nobody_wrote_is_not_announced(template: Template) -> None:
    said = text_of(template, UNSAID)
    assert "Son message" not in said
    assert "Their message" not in said
    assert "\n\n\n\n" not in said

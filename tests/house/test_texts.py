"""Whatever the service says, it says in both languages, in good French, with words it has; and nothing idle is kept."""

import re
from typing import Any

import pytest
from cvec.domain.documents import Fault
from cvec.domain.errors import Refusal
from cvec.domain.mails import Template
from cvec.domain.passwords import PasswordPolicy
from cvec.domain.registration import SCREENS
from cvec.texts import ENGLISH, FRENCH, LANGUAGES, catalogue
from cvec.usecases.answers import Validity
from cvec.web.problems import UNEXPECTED

from tests.house.building import template
from tests.house.mails_written import words_of_mails
from tests.house.said import details_of, keys_in_code, leaves, placeholders, refusals

TEXTS: dict[str, dict[str, Any]] = {language: dict(leaves(catalogue(language))) for language in LANGUAGES}
REFUSALS = sorted(refusals(), key=lambda one: one.code)
CODES = [*(one.code for one in REFUSALS), UNEXPECTED]

DYNAMIC: dict[str, set[str]] = {
    "error.": {f"{code}.{part}" for code in CODES for part in ("title", "detail", "remedy", "href")},
    "document.": set(Fault),
    "page.check.": set(Validity),
    "page.password.hint_": set(PasswordPolicy),
    "page.payment.": {"paid", "paid_third", "open", "closed"},
    "page.payment.title_": {"paid", "open", "closed"},
    "page.resume.screen_": set(SCREENS),
    "reason.": {"too_short", "too_long", "too_easy_to_guess", "too_few_classes"},
}
"""Keys whose end is only known when they are used, and every end they may have."""

MAIL_PARTS = {"subject", "heading", "before", "after"}
MAIL_OPTIONS = {"action", "shows_code"}
SPELLED = {"cents": {"amount"}, "payment_link": {"link"}, "until": {"until", "until_utc"}}
"""Words of a mail that its text knows by other names (adapters/letters.py)."""

EVERYWHERE = {"service_name", "site_url"}


def used_keys() -> set[str]:
    whole = {key for key in keys_in_code() if not key.endswith((".", "_"))}
    ended = {beginning + end for beginning, ends in DYNAMIC.items() for end in ends}
    return whole | ended | {key for key in TEXTS[FRENCH] if key.startswith("mail.")}


def test_both_catalogues_have_the_same_keys() -> None:
    torn = set(TEXTS[FRENCH]) ^ set(TEXTS[ENGLISH])
    assert not torn, f"{sorted(torn)}: write them in both languages of cvec/locales"


@pytest.mark.parametrize("key", sorted(TEXTS[FRENCH]))
def test_both_languages_leave_room_for_the_same_words(key: str) -> None:
    """A mail's subject is both languages on one line: English need not say the code again."""
    french, english = TEXTS[FRENCH][key], TEXTS[ENGLISH].get(key)
    said_already = placeholders(french) if key.startswith("mail.") and key.endswith(".subject") else set()
    torn = placeholders(french) ^ (placeholders(english) | said_already)
    assert not torn, f"{key}: use the same {{words}} in both languages of cvec/locales"
    assert type(french) is type(english)
    assert key.endswith(".href") or (french and english), f"{key} is empty"


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: one.code)
def test_every_refusal_has_its_texts_and_a_way_out(refusal: type[Refusal]) -> None:
    for language in LANGUAGES:
        parts = ("title", "detail", "remedy", "href")
        missing = [part for part in parts if f"error.{refusal.code}.{part}" not in TEXTS[language]]
        assert not missing, f"write {missing} under [error.{refusal.code}] of cvec/locales/{language}"


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: one.code)
def test_a_refusal_quotes_only_details_it_is_always_raised_with(refusal: type[Refusal]) -> None:
    said = [text for key, text in TEXTS[FRENCH].items() if key.startswith(f"error.{refusal.code}.")]
    unknown = {word for one in said for word in placeholders(one)} - details_of(refusal)
    assert not unknown, f"{refusal.__name__} is raised without {sorted(unknown)}: give them, or do not quote them"


def test_a_quoted_detail_is_noticed() -> None:
    quoting = [one.code for one in REFUSALS if details_of(one)]
    assert "campaign_not_open" in quoting, "said.details_of no longer sees how refusals are raised"


@pytest.mark.parametrize("code", CODES)
def test_the_remedy_of_a_refusal_exists(code: str) -> None:
    hrefs = {TEXTS[language][f"error.{code}.href"] for language in LANGUAGES}
    known = {route.path for route in template().routes()} | {"", "/"}
    assert len(hrefs) == 1, f"error.{code}.href differs between languages"
    assert hrefs <= known, f"error.{code}.href: {hrefs} is no route of template.yaml; lead somewhere that exists"


def test_keys_that_are_ended_at_use_are_listed_with_their_ends() -> None:
    beginnings = {key for key in keys_in_code() if key.endswith((".", "_"))}
    unlisted = beginnings - set(DYNAMIC)
    assert not unlisted, f"{sorted(unlisted)}: list it with every end it may have in DYNAMIC of this file"


def test_every_text_that_is_used_exists() -> None:
    missing = used_keys() - set(TEXTS[FRENCH])
    assert not missing, f"{sorted(missing)}: write them in both languages of cvec/locales"


def test_no_text_is_idle() -> None:
    idle = set(TEXTS[FRENCH]) - used_keys()
    assert not idle, f"{sorted(idle)}: nothing says this; remove it from both languages of cvec/locales"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mail_is_written(language: str) -> None:
    written = catalogue(language)["mail"]
    assert set(written) == set(Template), f"one section [mail.…] of cvec/locales/{language} per Template"
    for name, parts in written.items():
        assert MAIL_PARTS <= set(parts) <= MAIL_PARTS | MAIL_OPTIONS, f"[mail.{name}] has {sorted(parts)}"


@pytest.mark.parametrize("name", Template)
def test_a_mail_says_only_words_it_is_written_with(name: Template) -> None:
    words = words_of_mails().get(name)
    assert words is not None, f"no gesture writes Template.{name.name} with `mail(…)`: remove it from domain/mails.py"
    spelled = EVERYWHERE.union(*(SPELLED.get(word, {word}) for word in words))
    for language in LANGUAGES:
        parts = catalogue(language)["mail"][name]
        unknown = {word for part in parts.values() for word in placeholders(part)} - spelled
        assert not unknown, f"[mail.{name}] says {sorted(unknown)}, which no gesture that writes it gives"
        assert "link" in spelled or "action" not in parts, f"[mail.{name}] has a button and no link"
        assert "code" in spelled or "shows_code" not in parts, f"[mail.{name}] shows a code it has not"


@pytest.mark.parametrize("key", sorted(TEXTS[FRENCH]))
def test_french_is_set_as_french(key: str) -> None:
    said = TEXTS[FRENCH][key]
    for line in said if isinstance(said, list) else [str(said)]:
        plain = re.sub(r"\{\w+\}|https?://\S+", "x", line)
        assert '"' not in plain, f"{key}: « » instead of straight quotation marks"
        assert not re.search(r"\S[;:!?»](?=\s|$)", plain), f"{key}: a space before ; : ! ? and »"
        assert not re.search(r"«\S", plain), f"{key}: a space after «"
        assert plain == plain.strip(), f"{key}: a space at an end"
        assert "  " not in plain, f"{key}: a space too many"
        assert not re.search(r"\.\.\.", plain), f"{key}: … is one character"

"""Mails as letters: one message, French first and then English, as text and HTML of the same words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cvec.domain.academic_year import year_label
from cvec.domain.codes import DERIVED_AS, letters_from
from cvec.domain.mails import LINK_PAGES
from cvec.domain.payment_links import DERIVED_AS as PAYMENT_LINK
from cvec.domain.payment_links import UNSAID
from cvec.domain.sessions import LINK_DERIVED_AS, token_text
from cvec.ports import House, Letter, Secrets
from cvec.texts import ENGLISH, FRENCH, LANGUAGES, catalogue, moment_text, money_text

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parent.parent / "templates" / "mail"

"""What the row of a mail has for a phrase that nobody wrote."""


class JinjaLetters:
    """The `LetterWriter` port. Codes and tokens are derived here, at the last moment, and live in no table."""

    def __init__(self, secrets: Secrets, house: House) -> None:
        self._secrets = secrets
        self._house = house

    def write(self, mail_id: str, template: str, *, to: str, words: Mapping[str, object]) -> Letter:
        """The letter of a mail: its texts are the section `mail.<template>` of the catalogues."""
        messages = {language: self._message(template, language, words) for language in LANGUAGES}
        said = {"messages": messages, "service_name": self._house.service_name}
        return Letter(
            id=mail_id,
            to=to,
            subject=f"{messages[FRENCH]['subject']} / {messages[ENGLISH]['subject']}",
            text=_environment().get_template("letter.txt").render(said),
            html=_environment().get_template("letter.html").render(said),
        )

    def _message(self, template: str, language: str, words: Mapping[str, Any]) -> dict[str, Any]:
        """One language's half: a heading, paragraphs, and what to do (a code to type, or a link to follow)."""
        texts, said = catalogue(language)["mail"][template], self._spelled(template, words, language)
        return {
            "subject": texts["subject"].format(**said),
            "heading": texts["heading"].format(**said),
            "before": _lines(texts["before"], said),
            "code": said.get("code") if texts.get("shows_code") else None,
            "action": texts.get("action"),
            "link": said.get("link"),
            "after": _lines(texts["after"], said),
        }

    def _spelled(self, template: str, words: Mapping[str, Any], language: str) -> dict[str, Any]:
        """The row's words as this language says them, with what only the service can derive spelled out."""
        said = {**words, "service_name": self._house.service_name, "site_url": self._house.site_url}
        if "code" in words:
            said["code"] = letters_from(self._secrets.derive(DERIVED_AS, words["code"]))
        if "link" in words:
            token = token_text(self._secrets.derive(LINK_DERIVED_AS, words["link"]))
            said["link"] = f"{self._house.site_url}/{language}/{LINK_PAGES[template]}/{token}"
        if "payment_link" in words:
            token = token_text(self._secrets.derive(PAYMENT_LINK, words["payment_link"]))
            said["link"] = f"{self._house.site_url}/{language}/pay/{token}"
        if "until" in words:
            said["until_utc"] = f"{datetime.fromisoformat(words['until']):%Y-%m-%d %H:%M}"
            said["until"] = moment_text(datetime.fromisoformat(words["until"]), language)
        if "at" in words:
            said["at"] = moment_text(datetime.fromisoformat(words["at"]), language)
        if "year" in words:
            said["year"] = year_label(words["year"])
        if "cents" in words:
            said["amount"] = money_text(words["cents"], language)
        return said


def _lines(lines: Sequence[str], said: Mapping[str, Any]) -> list[str]:
    """Paragraphs with their words in place; one that would quote a phrase nobody wrote is left out."""
    is_silent = said.get("phrase") == UNSAID
    return [line.format(**said) for line in lines if not (is_silent and "{phrase}" in line)]


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )

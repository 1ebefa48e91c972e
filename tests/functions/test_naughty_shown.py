"""What was taken is read again as it was written: on the payer's page, in both parts of a mail, on the certificate."""

import email
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any, TypeVar

import pytest
from cvec.adapters.certificate_pdf import TypstPrinter
from cvec.adapters.letters import JinjaLetters
from cvec.adapters.post import SesPost
from cvec.domain.mails import Mail, Template
from cvec.domain.payment_links import PaymentLink, Phrase, ShownName, shown_name
from cvec.domain.printable import PRINTABLE
from cvec.domain.text import Name60
from cvec.ports import Letter
from cvec.usecases.link_time import mail_to_payer
from pydantic import TypeAdapter, ValidationError
from pytest_socket import disable_socket, enable_socket

from tests.support.bodies import GOOD
from tests.support.calling import Browser
from tests.support.certificate_page import SPECIMEN, lines
from tests.support.fakes import World
from tests.support.naughty import FAMILIES, family
from tests.support.people import EMAIL, PASSWORD, YEAR, ready_to_pay

T = TypeVar("T")
PER_FAMILY, POSTED_PER_FAMILY, PRINTED = 120, 8, 60
HEADERS = {"From", "To", "Subject", "Auto-Submitted", "Content-Language", "MIME-Version", "Content-Type"}
"""All that a mail says of itself: nothing typed ever makes another."""


@pytest.fixture(autouse=True)
def _closed_sockets() -> Iterator[None]:
    disable_socket()
    yield
    enable_socket()


class Words(HTMLParser):
    """What a reader of an HTML document sees; and what stands in its quotation and its main heading."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.inside, self.of = "", "", {"q": "", "h1": ""}
        self.tags: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.inside in self.of:
            self.of[self.inside] += data


class PostBox:
    """The mail service's client: keeps what it is handed, as the bytes that would leave."""

    def __init__(self) -> None:
        self.raw = b""

    def send_email(self, **sent: Any) -> None:
        self.raw = sent["Content"]["Raw"]["Data"]


def taken_by(kind: Any, texts: tuple[str, ...]) -> list[str]:
    """The texts that a type takes, as it keeps them."""
    reader, found = TypeAdapter(kind), []
    for text in texts:
        try:
            found.append(str(reader.validate_python(text)))
        except ValidationError:
            continue
    return found


def some(texts: list[T], count: int) -> list[T]:
    """At most so many of them, from end to end."""
    return texts[:: len(texts) // count + 1]


def shown_pairs(kind: str) -> list[tuple[str, str]]:
    """Phrases of a family, each with a name that a payer may be shown."""
    names = [name for name in taken_by(Name60, family("names")) if set(map(ord, name)) <= PRINTABLE]
    phrases = some(taken_by(Phrase, family(kind)), PER_FAMILY)
    return [
        (phrase, shown_name(names[rank % len(names)], names[-1 - rank % len(names)], ShownName.FIRST_NAME_AND_INITIAL))
        for rank, phrase in enumerate(phrases)
    ]


def offered_link(browser: Browser) -> tuple[PaymentLink, str]:
    """A living link, and its token."""
    ready_to_pay(browser.world)
    assert browser.post("/api/v1/session", {"email": EMAIL, "password": PASSWORD}).status == 201
    asked = browser.post(f"/api/v1/files/{YEAR}/payment-link", GOOD["LinkAsked"])
    [link] = browser.world.store.of(PaymentLink)
    return link, asked.json["url"].rpartition("/")[2]


@pytest.mark.parametrize("kind", FAMILIES)
def test_the_payer_s_page_says_the_phrase_and_the_name_as_they_were_written(
    kind: str, browser: Browser, world: World
) -> None:
    link, token = offered_link(browser)
    tags = Words(browser.get(f"/fr/pay/{token}").text).tags
    for phrase, name in shown_pairs(kind):
        world.store.rows[PaymentLink, link.key] = link.model_copy(update={"phrase": phrase, "shown_name": name})
        said = browser.get(f"/api/v1/payment-links/{token}").json
        assert (said["phrase"], said["shown_name"]) == (phrase, name)
        page = Words(browser.get(f"/fr/pay/{token}").text)
        assert page.of["q"] == phrase
        assert name in page.of["h1"].replace("\u00a0", " ")
        assert page.tags == tags


def mails_of(kind: str, browser: Browser) -> Iterator[tuple[str, str, Letter]]:
    """Phrases and names of a family, each with the letter that brings them to a payer."""
    (link, _), world = offered_link(browser), browser.world
    letters = JinjaLetters(world.secrets, world.house)
    for phrase, name in shown_pairs(kind):
        told = link.model_copy(update={"phrase": phrase, "shown_name": name})
        row = mail_to_payer(Template.LINK_FOR_PAYER, told, tools=world)
        assert isinstance(row, Mail)
        yield phrase, name, letters.write(row.id, row.template, to=EMAIL, words=row.words)


@pytest.mark.parametrize("kind", FAMILIES)
def test_a_mail_says_the_phrase_and_the_name_as_they_were_written(kind: str, browser: Browser) -> None:
    for phrase, name, letter in mails_of(kind, browser):
        assert letter.subject.startswith(f"{name} vous demande")
        for said in (letter.text, Words(letter.html).text):
            assert f"“{phrase}”" in said
            assert f"«\u00a0{phrase}\u00a0»" in said
            assert f"{name} asks you" in said


@pytest.mark.parametrize("kind", FAMILIES)
def test_a_mail_that_left_opens_as_it_was_written(kind: str, browser: Browser) -> None:
    for phrase, name, letter in some(list(mails_of(kind, browser)), POSTED_PER_FAMILY):
        message = opened_by_a_reader(letter)
        plain, html = message.get_body(("plain",)), message.get_body(("html",))
        assert plain is not None
        assert html is not None
        assert f"“{phrase}”" in plain.get_content()
        assert f"“{phrase}”" in Words(html.get_content()).text
        assert message["Subject"].startswith(f"{name} vous demande")
        assert set(message.keys()) == HEADERS


def opened_by_a_reader(letter: Letter) -> EmailMessage:
    """The message as the program of its reader opens it."""
    box: Any = PostBox()
    SesPost(lambda: box, sender="cvec@example.org", sender_name="CVEC").send(letter)
    message = email.message_from_bytes(box.raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_sixty_names_are_printed_to_the_letter() -> None:
    taken = taken_by(Name60, family("names") + family("french") + family("lookalikes"))
    fitting = dict.fromkeys(name for name in taken if name != "-" and set(map(ord, name)) <= PRINTABLE)
    names, printer = some(list(fitting), PRINTED - 1)[:PRINTED], TypstPrinter()
    assert len(names) >= PRINTED - 10
    for birth, usage, first in zip(names[::3], names[1::3], names[2::3], strict=False):
        content = replace(SPECIMEN, birth_name=birth, usage_name=usage, first_names=first)
        printed = lines(printer.print(content))
        for wanted in (f"Nom {birth}", f"Nom d’usage {usage}", f"Prénom {first}"):
            assert wanted in printed, printed

"""The small ports as promised: passwords, letters, post, shelf and doorbell, each with the real trade behind it."""

import email
import itertools
import json
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default

import pytest
import requests
from botocore.exceptions import ClientError
from cvec.adapters.doorbell import SqsDoorbell
from cvec.adapters.letters import JinjaLetters
from cvec.adapters.passwords import Argon2Passwords
from cvec.adapters.post import SesPost
from cvec.adapters.shelf import S3Shelf
from cvec.domain.mails import Template
from cvec.domain.passwords import PasswordPolicy
from cvec.ports import House, Letter, Passwords, Undeliverable
from moto.ses.models import ses_backends

from infra.local.moto_cloud import MotoCloud
from infra.local.stack import Stack
from infra.local.template import Template as Stacked
from tests.support.fakes import FakePasswords, FakeSecrets
from tests.support.laptop import TEMPLATE

HOUSE = House(service_name="CVEC & essais", site_url="https://cvec.example", password_policy=PasswordPolicy.MODERN)
PHRASE = "neuf girafes dansent sous la pluie"


@pytest.fixture(scope="module")
def moto() -> Iterator[MotoCloud]:
    cloud = MotoCloud()
    cloud.start()
    cloud.environment.park()
    yield cloud
    cloud.stop()


@pytest.fixture(scope="module")
def stack(moto: MotoCloud) -> Stack:
    stack = Stack(Stacked.load(TEMPLATE), moto)
    stack.create()
    return stack


# ── Passwords ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(params=[Argon2Passwords, FakePasswords])
def passwords(request: pytest.FixtureRequest) -> Passwords:
    made: Passwords = request.param()
    return made


@pytest.mark.parametrize("password", [PHRASE, "é" * 1024, "mot de passe\0", "\ud800 seul", "🦒"])
def test_a_password_is_recognised_and_no_other(passwords: Passwords, password: str) -> None:
    hashed = passwords.hash(password)
    assert passwords.verify(password, hashed)
    assert not passwords.verify(password + "x", hashed)
    assert not passwords.verify(password, None)


def test_common_passwords_and_one_s_own_words_are_weak_and_a_phrase_is_strong(passwords: Passwords) -> None:
    assert passwords.strength("aaaaaaaaaaaa", ()) < 3
    assert passwords.strength("francois.ndiaye", ("francois.ndiaye",)) < 3
    assert passwords.strength(PHRASE, ()) >= 3


def test_a_hash_is_argon2id_salted_and_says_its_parameters() -> None:
    hashes = {Argon2Passwords().hash(PHRASE) for _ in range(2)}
    assert len(hashes) == 2
    assert all(one.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for one in hashes)


# ── Letters ──────────────────────────────────────────────────────────────────────────────────────────────────────────

WORDS = {
    "code": "id1",
    "year": "2026-2027",
    "cents": 10_500,
    "payment": "id1",
    "name": "François N.",
    "shown_name": "François N.",
    "until": "2026-07-03T10:00:00+00:00",
    "phrase": "Merci !",
    "email": "ana@example.org",
    "masked": "a***@example.org",
    "at": "2026-07-03T10:00:00+00:00",
    "device": "Firefox, Windows",
}
"""Whatever a mail may say, but for its link, which is to a password or to a payment."""


def letter(template: Template) -> Letter:
    link = "link" if template in (Template.ACCOUNT_CREATED, Template.PASSWORD_LINK) else "payment_link"
    return JinjaLetters(FakeSecrets(), HOUSE).write(
        "mail1", template, to="ana@example.org", words={**WORDS, link: "id1"}
    )


@pytest.mark.parametrize("template", Template)
def test_every_mail_is_written_in_both_languages_with_no_word_missing(template: Template) -> None:
    written = letter(template)
    french, english = written.text.split("English version")
    for half in (french, english):
        assert len(half.split()) > 15
    assert french.split() != english.split()
    for part in (written.subject, written.text, written.html):
        assert not re.search(r"{[a-z_]*}|None|Undefined", part)
    assert "\n" not in written.subject


@pytest.mark.parametrize("template", Template)
def test_the_html_says_what_the_text_says_and_escapes_it(template: Template) -> None:
    written = letter(template)
    assert "CVEC &amp; essais" in written.html
    assert set(re.findall(r"https://\S+", written.text)) <= set(re.findall(r"https://[^\s\"<]+", written.html))
    assert "<script" not in written.html
    assert "src=" not in written.html


def test_the_code_and_the_link_are_derived_at_the_last_moment() -> None:
    assert re.search(r"^    [A-Z]{6}$", letter(Template.CODE).text, re.MULTILINE)
    assert re.search(r"https://cvec\.example/en/password/[\w-]{43}$", letter(Template.PASSWORD_LINK).text, re.MULTILINE)


# ── Post ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def post(moto: MotoCloud, sender: str = "ne-pas-repondre@cvec.example.org") -> SesPost:
    return SesPost(lambda: moto.client("sesv2"), sender=sender, sender_name="Contribution vie étudiante, démonstration")


def last_message(moto: MotoCloud) -> EmailMessage:
    with moto.lock:
        raw = moto.backend(ses_backends).sent_messages[-1].raw_data
    return email.message_from_bytes(raw.encode(), policy=default)


def test_a_letter_leaves_as_one_message_with_a_text_and_an_html_part(moto: MotoCloud, stack: Stack) -> None:
    written = letter(Template.ACCOUNT_CREATED)
    post(moto).send(written)
    message = last_message(moto)
    assert (message["To"], message["Subject"]) == (written.to, written.subject)
    assert message["From"].addresses[0].display_name == "Contribution vie étudiante, démonstration"
    assert (message["Auto-Submitted"], message.get_content_type()) == ("auto-generated", "multipart/alternative")
    for kind, said in (("plain", written.text), ("html", written.html)):
        part = message.get_body((kind,))
        assert part is not None
        assert part.get_content().split() == said.split()


def test_no_line_of_a_letter_is_longer_than_mail_servers_take(moto: MotoCloud, stack: Stack) -> None:
    for template in Template:
        post(moto).send(letter(template))
        with moto.lock:
            raw = moto.backend(ses_backends).sent_messages[-1].raw_data
        assert max(len(line.encode()) for line in raw.splitlines()) <= 998


def test_a_letter_from_an_unverified_domain_is_never_taken(moto: MotoCloud, stack: Stack) -> None:
    with pytest.raises(Undeliverable):
        post(moto, sender="x@elsewhere.example").send(letter(Template.CODE))


# ── Shelf and doorbell ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def shelf(moto: MotoCloud, stack: Stack) -> S3Shelf:
    return S3Shelf(lambda: moto.client("s3"), bucket=stack.address("CertificatesBucket", "Ref"))


_names = (f"p1/2026-2027/{number}.pdf" for number in itertools.count())


def test_the_first_document_under_a_name_stays(shelf: S3Shelf) -> None:
    name = next(_names)
    shelf.keep(name, b"%PDF first")
    shelf.keep(name, b"%PDF second")
    answer = requests.get(shelf.link(name, filename="attestation.pdf", seconds=60), timeout=10)
    assert answer.content == b"%PDF first"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="attestation.pdf"'


def test_a_link_is_signed_and_serves_for_its_seconds(shelf: S3Shelf) -> None:
    link = shelf.link(next(_names), filename="a.pdf", seconds=60)
    assert {"X-Amz-Expires=60", "X-Amz-Algorithm=AWS4-HMAC-SHA256"} <= set(link.split("&"))


def test_a_shelf_that_is_not_there_is_loud(moto: MotoCloud, stack: Stack) -> None:
    with pytest.raises(ClientError, match="NoSuchBucket"):
        S3Shelf(lambda: moto.client("s3"), bucket="nowhere").keep("a.pdf", b"")


def test_a_ring_brings_the_payment_s_id_and_nothing_else(moto: MotoCloud, stack: Stack) -> None:
    queue = stack.address("CardNotifications", "Ref")
    SqsDoorbell(lambda: moto.client("sqs"), queue_url=queue).ring("payment1")
    (message,) = moto.client("sqs").receive_message(QueueUrl=queue)["Messages"]
    assert json.loads(message["Body"]) == {"payment": "payment1"}

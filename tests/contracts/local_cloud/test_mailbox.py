from email.message import EmailMessage
from typing import Any

import pytest
import requests

from infra.local.laptop import Laptop
from infra.local.mails import Mail
from tests.contracts.local_cloud.conftest import Site

HTML = "<html><head><title>x</title></head><body><p>Votre code : <b>IXNEJC</b></p></body></html>"


def send(laptop: Laptop, to: str, subject: str = "Votre code : IXNEJC") -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "nobody@example.org", to, subject
    message["Date"] = "Mon, 22 Jun 2026 11:32:00 +0200"
    message.set_content("Bonjour François, voici : https://example.org/fr?a=1&b=2")
    message.add_alternative(HTML, subtype="html")
    laptop.cloud.client("sesv2").send_email(
        FromEmailAddress="nobody@example.org",
        Destination={"ToAddresses": [to]},
        Content={"Raw": {"Data": message.as_bytes()}},
    )


def page(laptop: Laptop, path: str) -> requests.Response:
    return requests.get(laptop.mailbox.url + path, timeout=10)


def only(laptop: Laptop, to: str) -> Mail:
    [mail] = laptop.mailbox.messages(to)
    return mail


def test_a_mail_is_read_back_decoded(laptop: Laptop) -> None:
    send(laptop, "decoded@example.org")
    mail = only(laptop, "DECODED@example.org")
    assert (mail.subject, mail.to, mail.sender) == (
        "Votre code : IXNEJC",
        ("decoded@example.org",),
        "nobody@example.org",
    )
    assert mail.text.startswith("Bonjour François")
    assert "<b>IXNEJC</b>" in mail.html
    assert "MIME-Version: 1.0" in mail.raw


def test_the_newest_mail_comes_first(laptop: Laptop) -> None:
    send(laptop, "twice@example.org", "first")
    send(laptop, "twice@example.org", "second")
    assert [mail.subject for mail in laptop.mailbox.messages("twice@example.org")] == ["second", "first"]


def test_a_simple_mail_is_read_back_too(laptop: Laptop) -> None:
    laptop.cloud.client("sesv2").send_email(
        FromEmailAddress="nobody@example.org",
        Destination={"ToAddresses": ["simple@example.org"]},
        Content={"Simple": {"Subject": {"Data": "Simple"}, "Body": {"Text": {"Data": "Bonjour"}}}},
    )
    mail = only(laptop, "simple@example.org")
    assert (mail.subject, mail.text) == ("Simple", "Bonjour")


def test_a_background_function_sends_mail_that_arrives(site: Site) -> None:
    site.add_row("mail#1", kind="mail#code", to="from-work@example.org")
    site.laptop.pump.drain()
    assert only(site.laptop, "from-work@example.org").text.strip() == "Bonjour"


def test_the_list_shows_subject_and_address_and_opens_a_mail_by_its_id(laptop: Laptop) -> None:
    send(laptop, "listed@example.org")
    listed, mail = page(laptop, "/").text, only(laptop, "listed@example.org")
    assert "Votre code : IXNEJC" in listed
    assert f'href="/mails/{mail.id}"' in listed
    opened = page(laptop, f"/mails/{mail.id}").text
    assert 'href="https://example.org/fr?a=1&amp;b=2"' in opened
    assert "MIME-Version" in opened


def test_the_html_part_is_caged(laptop: Laptop) -> None:
    send(laptop, "caged@example.org")
    mail = only(laptop, "caged@example.org")
    part = page(laptop, f"/mails/{mail.id}/html")
    assert part.headers["Content-Security-Policy"].startswith("sandbox ")
    assert "script-src" not in part.headers["Content-Security-Policy"]
    assert '<head><base target="_blank">' in part.text
    assert 'sandbox="allow-popups' in page(laptop, f"/mails/{mail.id}").text


def test_a_subject_cannot_inject_markup(laptop: Laptop) -> None:
    send(laptop, "evil@example.org", "<script>alert(1)</script>")
    assert "<script>" not in page(laptop, "/").text


def test_json_answers_for_one_address(laptop: Laptop) -> None:
    send(laptop, "json@example.org")
    found: Any = page(laptop, "/mails.json?to=json@example.org").json()
    assert [(mail["subject"], mail["to"]) for mail in found] == [("Votre code : IXNEJC", ["json@example.org"])]
    assert found[0]["sent_at"] == "2026-06-22T11:32:00+02:00"
    assert page(laptop, "/mails.json?to=nobody-else@example.org").json() == []


@pytest.mark.parametrize("path", ["/mails/unknown", "/mails/unknown/html", "/elsewhere"])
def test_what_is_not_there_is_not_found(laptop: Laptop, path: str) -> None:
    assert page(laptop, path).status_code == 404


def test_a_source_is_plain_text(laptop: Laptop) -> None:
    send(laptop, "source@example.org")
    answer = page(laptop, f"/mails/{only(laptop, 'source@example.org').id}/source")
    assert answer.headers["Content-Type"].startswith("text/plain")

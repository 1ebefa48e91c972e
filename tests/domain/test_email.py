"""Which addresses are taken, in which form they are kept, and when two are one mailbox."""

import pytest
from cvec.domain.email import Email, same_mailbox_key
from pydantic import TypeAdapter, ValidationError

EMAIL = TypeAdapter(Email)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ana@example.org", "ana@example.org"),
        ("  ana@example.org\n", "ana@example.org"),
        ("ana+cvec@example.org", "ana+cvec@example.org"),
        ("o'hara@example.org", "o'hara@example.org"),
        ("Ana.Lou@Example.ORG", "Ana.Lou@example.org"),
        ("x" * 64 + "@example.org", "x" * 64 + "@example.org"),
        ("ana@etu.univ-lyon1.fr", "ana@etu.univ-lyon1.fr"),
        ("ana@exämple.fr", "ana@xn--exmple-cua.fr"),
        ("ana@xn--exmple-cua.fr", "ana@xn--exmple-cua.fr"),
        ("ana@faß.de", "ana@xn--fa-hia.de"),
    ],
)
def test_an_address_is_kept_as_mail_servers_know_it(typed: str, kept: str) -> None:
    assert EMAIL.validate_python(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ana",
        "@example.org",
        "ana@",
        "ana@example",
        "ana@localhost",
        "ana@@example.org",
        '"ana lou"@example.org',
        "ana lou@example.org",
        "ana..lou@example.org",
        ".ana@example.org",
        "ana@[192.0.2.1]",
        "ana@-example.org",
        "ana@example..org",
        "ana,lou@example.org",
        "Ana <ana@example.org>",
        "ana@example.org\r\nBcc: eve@example.org",
        "ana\0@example.org",
        "ana@ex\u200bample.org",
        "françois@example.org",
        "ａｎａ@example.org",
        "x" * 65 + "@example.org",
        "ana@" + "x" * 64 + ".org",
        "ana@" + "x." * 100 + "org",
        "x" * 100_000,
    ],
)
def test_what_cannot_be_delivered_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="not_an_email"):
        EMAIL.validate_python(typed)


@pytest.mark.parametrize("other", ["ANA.LOU@EXAMPLE.ORG", "ana.lou@example.org", "Ana.Lou@Example.org"])
def test_the_case_of_letters_makes_no_other_mailbox(other: str) -> None:
    assert same_mailbox_key(other) == same_mailbox_key("ana.lou@example.org")


@pytest.mark.parametrize("other", ["analou@example.org", "ana.lou+x@example.org", "ana.lou@example.com"])
def test_dots_and_tags_make_another_one(other: str) -> None:
    assert same_mailbox_key(other) != same_mailbox_key("ana.lou@example.org")

"""The search for an institution through its door, as pages ask while somebody types."""

import pytest

from tests.support.calling import Browser

PATH = "/api/v1/institutions"


def names(browser: Browser, query: str) -> list[str]:
    reply = browser.get(PATH, query=query)
    assert reply.status == 200
    return [one["name"] for one in reply.json]


def test_the_school_of_the_guide_is_found_with_what_to_send_back(browser: Browser) -> None:
    reply = browser.get(PATH, query="department=69&search=ecam")
    assert reply.status == 200
    assert reply.json == [
        {
            "uai": "0690194L",
            "name": "École catholique des arts et métiers",
            "label": "LYON ÉCOLE CATHOLIQUE DES ARTS ET MÉTIERS [FRANCE]",
            "department": "69",
        }
    ]


def test_what_was_found_is_taken_by_the_institution_screen(browser: Browser) -> None:
    [found] = browser.get(PATH, query="search=isara").json
    browser.post("/api/v1/registration")
    chosen = {"status": "france", **{field: found[field] for field in ("uai", "name", "department")}}
    assert browser.put("/api/v1/registration/institution", chosen).json["institution"] == chosen
    refused = browser.put("/api/v1/registration/institution", chosen | {"name": "ISARA"})
    assert (refused.status, refused.code) == (422, "invalid_fields")
    assert refused.json["errors"] == [{"field": "uai", "code": "unknown_institution"}]


def test_a_department_alone_lists_its_institutions(browser: Browser) -> None:
    assert names(browser, "department=2A") == []
    assert names(browser, "department=2B") == ["Université de Corse Pasquale Paoli"]
    assert len(names(browser, "department=69")) == 10


def test_letters_alone_search_the_whole_country(browser: Browser) -> None:
    assert names(browser, "search=PARIS+Cit%C3%A9") == ["Université Paris Cité"]


def test_neither_finds_nothing(browser: Browser) -> None:
    assert names(browser, "") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("search=ec", "search"),
        (f"search={'a' * 61}", "search"),
        ("department=Rh", "department"),
        ("region=84", "region"),
    ],
)
def test_what_cannot_be_searched_is_named(browser: Browser, query: str, field: str) -> None:
    reply = browser.get(PATH, query=query)
    assert (reply.status, reply.code) == (422, "invalid_fields")
    assert [one["field"] for one in reply.json["errors"]] == [field]

"""Step 5 through its door: the reasons for which nothing is owed, for anybody to read."""

from cvec.domain.exemptions import REASONS

from tests.support.calling import Browser


def test_the_reasons_are_listed_in_the_law_s_order(browser: Browser) -> None:
    reply = browser.get("/api/v1/exemption-reasons")
    assert reply.status == 200
    assert [one["reason"] for one in reply.json] == [str(rule.reason) for rule in REASONS]


def test_they_are_the_same_for_whoever_asks(browser: Browser) -> None:
    first = browser.get("/api/v1/exemption-reasons").json
    browser.language = "en"
    assert browser.get("/api/v1/exemption-reasons").json == first

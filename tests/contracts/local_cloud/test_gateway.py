import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from infra.local.answers import MalformedAnswerError, response
from infra.local.event_sources import Route
from infra.local.routes import AmbiguousRoutesError, RouteTable
from tests.contracts.local_cloud.conftest import Site


def test_an_event_is_complete(site: Site) -> None:
    headers = {"Cookie": "a=1", "User-Agent": "phone"}
    event = site.echo("/echo/salut?x=1&x=2&accent=%C3%A9&empty=", headers=headers)
    assert (event["resource"], event["path"], event["httpMethod"]) == ("/echo/{word}", "/echo/salut", "GET")
    assert event["pathParameters"] == {"word": "salut"}
    assert event["queryStringParameters"] == {"x": "2", "accent": "é", "empty": ""}
    assert event["multiValueQueryStringParameters"]["x"] == ["1", "2"]
    assert (event["headers"]["Cookie"], event["multiValueHeaders"]["Cookie"]) == ("a=1", ["a=1"])
    assert (event["body"], event["isBase64Encoded"], event["stageVariables"]) == (None, False, None)
    context = event["requestContext"]
    assert (context["resourcePath"], context["path"], context["stage"]) == ("/echo/{word}", "/echo/salut", "test")
    assert context["identity"] == {"sourceIp": "127.0.0.1", "userAgent": "phone"}
    assert context["requestId"]
    assert context["domainName"] == event["headers"]["Host"]


def test_a_path_parameter_stays_percent_encoded(site: Site) -> None:
    assert site.echo("/echo/a%2Fb%20c")["pathParameters"] == {"word": "a%2Fb%20c"}


def test_a_literal_segment_wins_over_a_parameter(site: Site) -> None:
    assert site.ask("GET", "/echo/home").json() == {"home": True}


def test_json_arrives_byte_exact(site: Site) -> None:
    body = '{"surname":  "N\'DIAYE François"}'
    event = site.echo("/echo/x", data=body.encode(), headers={"Content-Type": "application/json"})
    assert (event["body"], event["isBase64Encoded"]) == (body, False)


def test_what_is_not_utf8_is_lost_as_api_gateway_loses_it(site: Site) -> None:
    event = site.echo("/echo/x", data=b"\xff!", headers={"Content-Type": "text/plain"})
    assert (event["body"], event["isBase64Encoded"]) == ("\ufffd!", False)


def test_a_declared_binary_type_travels_as_base64(site: Site) -> None:
    event = site.echo("/echo/x", data=b"\xff!", headers={"Content-Type": "image/png"})
    assert (event["body"], event["isBase64Encoded"]) == ("/yE=", True)


def test_a_function_knows_its_name_and_the_time_it_has_left(site: Site) -> None:
    said = site.ask("GET", "/echo/x").json()
    assert said["name"] == "EchoFunction"
    assert 0 < said["left"] <= 20_000


@pytest.mark.parametrize(("method", "path"), [("GET", "/nothing"), ("DELETE", "/echo/x"), ("GET", "/echo/")])
def test_an_unknown_route_or_method_gets_the_templates_answer(site: Site, method: str, path: str) -> None:
    answer = site.ask(method, path)
    assert answer.status_code == 404
    assert answer.json()["code"] == "unknown_route"
    assert len(answer.json()["request_id"]) == 36
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_head_and_options_exist_only_when_declared(site: Site, method: str) -> None:
    assert site.ask(method, "/echo/x").status_code == 404


def test_a_body_over_ten_megabytes_is_refused(site: Site) -> None:
    answer = site.ask("POST", "/echo/x", data=b"x" * (10 * 1024 * 1024 + 1), headers={"Content-Type": "text/plain"})
    assert (answer.status_code, answer.json()) == (413, {"code": "body_too_large"})


def test_a_body_of_exactly_ten_megabytes_passes(site: Site) -> None:
    answer = site.ask("POST", "/echo/x", data=b"x" * (10 * 1024 * 1024), headers={"Content-Type": "text/plain"})
    assert answer.json()["bytes"] == 10 * 1024 * 1024


@pytest.mark.parametrize("how", ["crash", "malformed"])
def test_a_failed_function_gets_the_templates_answer(site: Site, how: str, caplog: pytest.LogCaptureFixture) -> None:
    answer = site.ask("GET", f"/broken/{how}")
    assert (answer.status_code, answer.json()["code"]) == (502, "unexpected")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "EchoFunction failed on /broken/{how}" in caplog.text


def test_several_cookies_are_several_lines(site: Site) -> None:
    answer = site.ask("GET", "/cookies")
    assert answer.raw.headers.getlist("Set-Cookie") == ["a=1; Path=/", "b=2"]
    assert (answer.status_code, answer.headers["Location"]) == (303, "/fr")


def test_two_hundred_calls_at_once_get_their_own_answers(site: Site) -> None:
    def ask(number: int) -> Any:
        return number, site.ask("GET", f"/slow/{number}").json()

    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(ask, range(200)))
    assert [number for number, said in answers if said["number"] != str(number)] == []
    assert {said["at_once"] for _, said in answers} == {1}
    assert 2 <= len({said["instance"] for _, said in answers}) <= 4


def test_the_access_log_names_the_route_and_never_the_path(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="infra.local.gateway"):
        site.ask("GET", "/echo/secret-token?email=f@example.org")
    assert '{"route":"/echo/{word}","status":"200","user":"-"}' in caplog.messages
    assert "secret" not in caplog.text
    assert "example.org" not in caplog.text


def test_functions_see_the_laptops_addresses(site: Site) -> None:
    settings = site.ask("GET", "/settings").json()
    assert settings["SITE_URL"] == site.laptop.site_url
    assert settings["CARD_API_BASE"] == site.laptop.cards.url


def test_the_same_route_twice_is_refused() -> None:
    with pytest.raises(AmbiguousRoutesError, match="GET /a: First and Second"):
        RouteTable([Route("One", "First", "GET", "/a"), Route("Two", "Second", "GET", "/a")])


@pytest.mark.parametrize(
    "answer",
    [None, "text", {}, {"statusCode": "abc"}, {"statusCode": 200, "body": {"a": 1}}, {"statusCode": 200, "x": 1}],
)
def test_a_malformed_answer_is_told_from_a_good_one(answer: Any) -> None:
    with pytest.raises(MalformedAnswerError):
        response(answer)


def test_base64_is_decoded_only_for_a_declared_type_the_caller_accepts() -> None:
    answer = {"statusCode": 200, "body": "/yE=", "isBase64Encoded": True}
    assert response(answer, accept="image/png", binary_types=["image/png"]).data == b"\xff!"
    assert response(answer, accept="text/html", binary_types=["image/png"]).data == b"/yE="

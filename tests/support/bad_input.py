"""All that can be bad about a request: bodies, forms, places in a path, queries and headers."""

import json
from collections.abc import Iterator
from urllib.parse import quote

from cvec.web.operations import Operation

from tests.support.bodies import GOOD

DEEP = 5_000

# Values as JSON spells them, so that what Python cannot say (NaN, a lone surrogate, 400 digits) can be sent too.
_VALUES = (
    "null true false 0 -1 1.5 1e400 -0 NaN Infinity [] {} [[]] [null] [1] 1" + "0" * 400 + " "
    r'"" " " "0" "null" "a\u0000b" "\u0000" "\ud800" "\udfff\ud800" "a\u202eb" "\uffff" "\u200b" "😀" "٣٤٥" "é́́́" '
    r'"{{7*7}}" "../../etc/passwd" "%00" "\\" "<script>" "\r\nSet-Cookie:a=b" "=1+1" "1998-13-45" "0000-00-00" '
    '"true" "1998-05-23T00:00:00" "+330000" {"$ne":1} {"__proto__":{}}'
)
VALUES = (*_VALUES.split(), '" "', '"' + "x" * 10_000 + '"', '"' + "é" * 2_000 + '"')

RAW_BODIES: tuple[bytes, ...] = (
    b"",
    b" ",
    b"\0",
    b"{",
    b"}",
    b"{}",
    b"[]",
    b"null",
    b"true",
    b"1",
    b'"text"',
    b"NaN",
    b"{'a': 1}",
    b'{"a": 1,}',
    b'{"a": 1} {"b": 2}',
    b'{"a": 1}//',
    b"\xef\xbb\xbf{}",
    b"\xff\xfe{\0}\0",
    b"\x80\x81\xfe\xff",
    b'{"a": "\xed\xa0\x80"}',
    b'{"a\xff": 1}',
    b'{"a": "\x01"}',
    b'{"": 1}',
    b'{"a": 1, "a": 2}',
    b"[" * DEEP,
    b"[" * DEEP + b"]" * DEEP,
    b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    b"[" * (65 * 1024),
    b"9" * 60_000,
    b"-",
    b"1e",
    b'{"a": 1e999999}',
    b"a=1&b=2",
    b"<xml/>",
    b'{"a": "' + b"x" * 65_537 + b'"}',
    b" " * 65_537,
    b"[" + b"0," * 500_000 + b"0]",
    b"x" * 1_048_576,
)
FORMS: tuple[bytes, ...] = (
    b"password",
    b"=",
    b"&&&",
    b"%",
    b"%zz=%",
    b"password=%ff%fe",
    b"surname=%ED%A0%80",
    b"password=%00",
    b"a=1&a=2",
    b"password=a&password=b",
    b"password[]=a",
    b"surname=" + b"a" * 61,
    b"&".join(b"a%d=1" % number for number in range(500)),
    b"password=" + b"x" * 65_537,
)
_PLACES = [
    "%00",
    "%0A%0D",
    ".",
    "..",
    "%2E%2E",
    "%2F",
    "%2F..%2F",
    "%5C",
    "%FF",
    "%ED%A0%80",
    "%F0%9F%92%A5",
    "%E2%80%AE",
    "%25",
    "%2525",
    "%",
    "%z",
    "%E9",
    "'",
    '"',
    ";",
    ",",
    "=",
    "+",
    "&",
    "%20",
    "%C3%A9",
    "null",
    "0",
    "-1",
    "1e9",
    "{year}",
    "%3Cscript%3E",
    "2026-2027%00",
    "2026-2027%0A",
    "99999999999999999999",
    "id000001%23",
]
PLACES = (*_PLACES, "a" * 2_000, quote("é" * 500), "%00" * 300)
QUERIES: tuple[str, ...] = (
    *[
        "=",
        "&",
        "?",
        "%",
        "search",
        "search=",
        "search=%00",
        "search=%FF",
        "search=%ED%A0%80",
        "search=a&search=b",
        "search[]=Lyon",
        "search=%F0%9F%92%A5",
    ],
    *[
        "etudiant=%00",
        "etudiant=%FF",
        "etudiant=%F0%9F%92%A5",
        "etudiant=1&etudiant=2",
        "etudiant=%20",
        "etudiant='%20OR%201=1",
    ],
    *[
        "search=%20%20%20",
        "search=%C3%89vry",
        "search=..",
        "search=--",
        "search=''",
        "search=%E2%80%AE",
        "search=%D9%A3%D9%A4",
    ],
    "search=" + "a" * 5_000,
    "etudiant=" + "%C3%9F" * 60,
    "&".join(f"search={number}" for number in range(300)),
    "&".join(f"a{number}=1" for number in range(300)),
)
HEADERS: tuple[dict[str, str], ...] = (
    {"Cookie": ""},
    {"Cookie": "=;;=;"},
    {"Cookie": "__Host-cvec=\x00; __Host-cvec-draft=\x00"},
    {"Cookie": '__Host-cvec="a.b'},
    {"Cookie": "__Host-cvec=" + "a" * 8_000 + ".b"},
    {"Cookie": "__Host-cvec=é.b; __Host-cvec-draft=é.b"},
    {"Cookie": "[bad name]=1; __Host-cvec=a.b; __Host-cvec-draft=a.b"},
    {"Accept-Language": "\x00;q=é," + "a," * 500},
    {"Accept": "image/png"},
    {"Accept": ""},
    {"Content-Length": "-1"},
    {"Stripe-Signature": "t=,v1="},
    {"Stripe-Signature": "t=99999999999999999999,v1=" + "é" * 64},
    {"Stripe-Signature": "\x00"},
)


def spoiled_bodies(operation: Operation) -> Iterator[bytes]:
    """The good body with each field spoiled in turn, missing, twice, or with one too many."""
    assert operation.body is not None
    good = GOOD[operation.body.__name__]
    spelled = {name: json.dumps(value) for name, value in good.items()}
    for name in spelled:
        yield _spell({other: value for other, value in spelled.items() if other != name})
        yield _spell(spelled)[:-1] + f',"{name}":{spelled[name]}}}'.encode()
        for value in VALUES:
            yield _spell(spelled | {name: value})
    for unknown in ("unknown", "", "__class__", "version", "\\u0000", "\\ud800", "a" * 1_000):
        yield _spell({**spelled, unknown: "1"})


def _spell(fields: dict[str, str]) -> bytes:
    return ("{" + ",".join(f'"{name}":{value}' for name, value in fields.items()) + "}").encode()

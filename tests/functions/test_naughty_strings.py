"""Whatever people type, in every field that takes text: taken and given back identical, or refused plainly.

Every string meets every field in the very reader that the doors use. What is taken then goes through its door, each
field with its own strings at once: all of it where the answer shows it, some of each family where nothing is shown.
Of what is refused, each reason of each field goes through: a problem names fields and codes, and never quotes a text.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import zip_longest

import pytest
from cvec.domain.errors import InvalidFields, Refusal, TooLarge, UnreadableBody
from pytest_socket import disable_socket, enable_socket

from tests.support.calling import Reply
from tests.support.naughty import FAMILIES, FEWEST, corpus, family
from tests.support.naughty_doors import Door, Path, doors, got

KEPT_AS_TYPED = ("password", "token", "surname", "terms_version")
"""Secrets, and what is only compared, are not tidied."""
SHOWN = {
    "Identity": {"birth_name", "usage_name", "first_name", "second_name", "third_name", "birth_place"},
    "Institution": {"name"},
    "Contact": {"address_line1", "address_line2", "postal_code", "city"},
    "LinkAsked": {"phrase"},
}
"""What must have been seen to come back in an answer, at least."""
UNSHOWN_SENT = 40
"""How many of a family's strings go through a door whose answer shows none of them."""
LONGEST_REASON = 200


@pytest.fixture(autouse=True)
def _closed_sockets() -> Iterator[None]:
    disable_socket()
    yield
    enable_socket()


every_door = cache(doors)
_seen: dict[str, set[str]] = {}


def tidied(text: str) -> str:
    """The documented form of one line of text: NFC, no outer spaces, inner runs of spaces as one."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def seen_only(text: str) -> str:
    """The documented form of a payer's reason on the page: what can be seen of it, as far as it goes."""
    hidden = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    kept = "".join(one for one in text if one.isspace() or unicodedata.category(one) not in hidden)
    return tidied(kept)[:LONGEST_REASON].strip()


def as_received(door: Door, text: str) -> str:
    """A form's bytes that are no UTF-8 are read as replacement characters; JSON refuses them."""
    return text if door.operation.body else text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def expected(door: Door, path: Path, text: str) -> object:
    """What a text becomes where it is taken."""
    name, received = str(path[-1]), as_received(door, text)
    if door.model.__name__ == "RefuseForm":
        return seen_only(received) or None
    return received if name in KEPT_AS_TYPED else tidied(received)


def is_same(name: str, kept: object, wanted: object) -> bool:
    """Whether a text was kept; numbers, codes and addresses have a spelling of their own."""
    if name in ("code", "ine"):
        return isinstance(kept, str) and kept.isascii() and kept.isalnum()
    if "email" in name and isinstance(kept, str) and isinstance(wanted, str):
        return kept.partition("@")[0] == wanted.partition("@")[0] and kept.isascii()
    return kept == wanted


def taken(door: Door, path: Path, texts: tuple[str, ...]) -> tuple[list[str], dict[str, str]]:
    """The strings that a field takes, each kept as it should be; and of each reason to refuse, the first string."""
    accepted: list[str] = []
    refused: dict[str, str] = {}
    for text in texts:
        said = door.read(door.with_texts({path: text}))
        if isinstance(said, Refusal):
            assert isinstance(said, InvalidFields | UnreadableBody | TooLarge), (path, ascii(text))
            refused.setdefault(str([(one.field, one.code) for one in said.fields] or said.code), text)
        elif text or door.operation.body:  # an empty field of a form is an absent one
            kept = got(said.model_dump(mode="json"), path)
            assert is_same(str(path[-1]), kept, expected(door, path, text)), (path, ascii(text), ascii(kept))
            accepted.append(text)
    return accepted, refused


def judge(reply: Reply, about: object) -> None:
    """The answer is a good one, or a problem that names itself."""
    assert 200 <= reply.status < 500, (reply.status, about)
    if reply.status >= 400 and not reply.header("content-type").startswith("text/html"):
        assert reply.code, about
        assert reply.json["remedy"]["text"], about


def send(door: Door, texts: dict[Path, str]) -> None:
    """What the reader takes goes in; what the gesture still refuses is named, and the rest goes in without it."""
    for _ in range(len(texts) + 1):
        reply = door.send(door.with_texts(texts))
        judge(reply, (door.operation.path, {path: ascii(text) for path, text in texts.items()}))
        named = [one["field"] for one in reply.json.get("errors", [])] if reply.status == 422 and is_json(reply) else []
        if not named:
            break
        texts = {path: text for path, text in texts.items() if ".".join(map(str, path)) not in named}
    if reply.status < 300 and is_json(reply):
        for path, text in texts.items():
            check_shown(door, path, text, reply.json)


def is_json(reply: Reply) -> bool:
    return bool(reply.text) and not reply.header("content-type").startswith("text/html")


def check_shown(door: Door, path: Path, text: str, answer: object) -> None:
    """Wherever the answer shows the field, it shows the text."""
    name, wanted = str(path[-1]), expected(door, path, text)
    shown = list(values_of(name, answer))
    if door.model.__name__ in SHOWN and shown:
        assert wanted in shown, (path, ascii(text), shown)
        _seen.setdefault(door.model.__name__, set()).add(name)


def values_of(name: str, answer: object) -> Iterator[object]:
    """Every value under a name, however deep."""
    if isinstance(answer, dict):
        if name in answer:
            yield answer[name]
        for inner in answer.values():
            yield from values_of(name, inner)
    elif isinstance(answer, list):
        for inner in answer:
            yield from values_of(name, inner)


@pytest.mark.parametrize("kind", FAMILIES)
def test_what_a_family_writes_is_kept_identical_or_refused_plainly(kind: str) -> None:
    for door in every_door():
        columns: dict[Path, list[str]] = {}
        for path in door.paths:
            accepted, refused = taken(door, path, family(kind))
            is_shown = path[-1] in SHOWN.get(door.model.__name__, ())
            columns[path] = accepted if is_shown else accepted[:: len(accepted) // UNSHOWN_SENT + 1]
            for text in refused.values():
                judge(door.send(door.with_texts({path: text})), (door.operation.path, path, ascii(text)))
        for row in zip_longest(*columns.values()):
            send(door, {path: text for path, text in zip(columns, row, strict=True) if text is not None})


def test_there_are_more_than_twelve_thousand_strings() -> None:
    assert len(corpus()) >= FEWEST
    assert len(FAMILIES) >= 25


def test_every_model_has_its_door_and_every_text_its_field() -> None:
    found = {door.model.__name__: {str(path[-1]) for path in door.paths} for door in every_door()}
    assert all(names <= found[model] for model, names in SHOWN.items()), found
    assert sum(map(len, found.values())) >= 30


@pytest.mark.parametrize("model", SHOWN)
def test_an_answer_shows_what_it_took(model: str) -> None:
    door = next(one for one in every_door() if one.model.__name__ == model)
    _seen.pop(model, None)
    send(door, {path: "L'Haÿ" for path in door.paths if path[-1] in SHOWN[model]})
    assert _seen[model] == SHOWN[model]

"""However many guesses, resends and browsers: ten codes of an address looked at a day, and ten mails of a kind sent."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import cycle, islice

import pytest
from cvec.domain.mails import Mail, Template
from cvec.domain.registration import Draft

from tests.support.calling import Browser
from tests.support.fakes import World
from tests.support.people import EMAIL, letters_sent, with_password

DRAFT, CODES, LINKS = "/api/v1/registration", "/api/v1/verification-codes", "/api/v1/password-links"
GUESSES, RESENDS, REQUESTS, BROWSERS = 10_000, 1_000, 1_000, 20
LASTING, DAY = timedelta(days=3), timedelta(days=1)
A_DAY = 10
VICTIM = "victim@example.org"
SPELLINGS = (VICTIM, VICTIM.upper(), VICTIM.title())
"""One mailbox, however it is spelled."""
KINDS = {Template.ALREADY_REGISTERED: Template.CODE}
"""Mails that share a limit with another kind: both answer the same request."""


def most_in_a_day(moments: Iterable[datetime]) -> int:
    """The most that happened within any twenty-four hours."""
    happened = sorted(moments)
    return max((sum(first <= at < first + DAY for at in happened) for first in happened), default=0)


def mails_by_kind(world: World, address: str) -> dict[Template, list[datetime]]:
    """When mails were written to an address, by the limit that counts them."""
    written: dict[Template, list[datetime]] = defaultdict(list)
    for mail in world.store.of(Mail):
        if (mail.to or "").casefold() == address:
            written[KINDS.get(mail.template, mail.template)].append(mail.written_at)
    return written


def give_email(browser: Browser, address: str) -> None:
    browser.put(f"{DRAFT}/email", {"email": address, "email_again": address})


def attackers(world: World, addresses: Sequence[str]) -> list[Browser]:
    """Browsers that each register with the victim's address."""
    browsers = [Browser(world) for _ in range(BROWSERS)]
    for browser, address in zip(browsers, cycle(addresses), strict=False):
        assert browser.post(DRAFT).status == 201
        give_email(browser, address)
        world.clock.advance(minutes=61)
    return browsers


def right_letters(world: World) -> set[str]:
    """The letters that would be right for some draft."""
    return {letters_sent(draft.id, world) for draft in world.store.of(Draft) if draft.email}


def wrong_letters(rank: int, right: Collection[str] = ()) -> str:
    """Six letters, the next ones in order, that are not the right ones."""
    letters = "".join(chr(ord("A") + rank // 26**place % 26) for place in range(6))
    return letters if letters not in right else "QQQQQQ"


def attack(world: World, browsers: Sequence[Browser]) -> list[datetime]:
    """Every guess, a resend after every tenth, evenly over the days; when a guess was looked at."""
    evaluated, pause = [], LASTING / GUESSES
    for rank, browser in enumerate(islice(cycle(browsers), GUESSES)):
        if rank % (GUESSES // RESENDS) == 0:
            browser.post(CODES)
            give_email(browser, SPELLINGS[rank % len(SPELLINGS)])
        said = browser.post(f"{CODES}/confirmation", {"code": wrong_letters(rank)})
        if said.code == "wrong_code":
            evaluated.append(world.clock.now())
        world.clock.advance(seconds=pause.total_seconds())
    return evaluated


def test_ten_thousand_guesses_with_a_thousand_resends_are_looked_at_ten_times_a_day(world: World) -> None:
    evaluated = attack(world, attackers(world, SPELLINGS))
    assert most_in_a_day(evaluated) == A_DAY
    assert len(evaluated) <= A_DAY * (LASTING.days + 1)
    assert most_in_a_day(mails_by_kind(world, VICTIM)[Template.CODE]) <= A_DAY


def test_once_the_day_s_guesses_are_spent_even_the_right_code_is_not_looked_at(world: World) -> None:
    guesser, owner = Browser(world), Browser(world)
    for browser in (guesser, owner):
        browser.post(DRAFT)
        give_email(browser, VICTIM)
        world.clock.advance(minutes=1)
    right = right_letters(world)
    said = [guesser.post(f"{CODES}/confirmation", {"code": wrong_letters(rank, right)}).code for rank in range(11)]
    assert said == ["wrong_code"] * A_DAY + ["too_many_guesses"]
    for letters in right:
        assert owner.post(f"{CODES}/confirmation", {"code": letters}).code == "too_many_guesses"
    world.clock.advance(days=1)
    assert owner.post(CODES).status == 200
    fresh = right_letters(world) - right
    assert [owner.post(f"{CODES}/confirmation", {"code": letters}).status for letters in fresh] == [200]


@pytest.mark.parametrize("pause_seconds", [0, 86])
@pytest.mark.parametrize("has_account", [True, False])
def test_a_thousand_requests_send_an_address_ten_mails_of_a_kind_a_day(
    world: World, has_account: bool, pause_seconds: int
) -> None:
    address = EMAIL if has_account else VICTIM
    with_password(world)
    world.clock.advance(days=2)
    before = len(world.store.of(Mail))
    browser = Browser(world)
    browser.post(DRAFT)
    for rank in range(REQUESTS):
        spelling = (address, address.upper(), address.title())[rank % 3]
        give_email(browser, spelling)
        browser.post(CODES)
        browser.post(LINKS, {"email": spelling})
        world.clock.advance(seconds=pause_seconds)
    sent = mails_by_kind(world, address)
    assert len(world.store.of(Mail)) > before
    assert {kind: most_in_a_day(moments) for kind, moments in sent.items() if most_in_a_day(moments) > A_DAY} == {}
    if pause_seconds:
        assert most_in_a_day(sent[Template.CODE]) == A_DAY

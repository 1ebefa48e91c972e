"""The harness sees what it is there to see. `make harness-check` plants every bug; here are a few that show at once."""

import pytest

from tests.proof import figures
from tests.proof.planted import BUGS, Bug, caught_by

_QUICK = ("resending resets the count of guesses", "settled without a certificate", "a fact forgotten")


@pytest.mark.parametrize("bug", [bug for bug in BUGS if bug.name in _QUICK], ids=lambda bug: bug.name)
def test_a_planted_bug_is_caught(bug: Bug) -> None:
    assert caught_by(bug) is not None


def test_every_promise_of_money_links_codes_mails_and_history_has_its_bugs() -> None:
    promises = {one.strip() for bug in BUGS for one in bug.promise.split(",")}
    assert promises >= {"1", "2", "3", "4", "5", "6", "7", "8", "11", "12"}
    figures.check("planted bugs caught", len(BUGS))

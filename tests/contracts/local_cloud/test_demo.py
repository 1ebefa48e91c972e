import re
from pathlib import Path

import pytest

from infra.local import demo
from infra.local.laptop import Laptop
from infra.local.run import TEMPLATE
from infra.local.visitor import RefusedError, Visitor, pay_by_card


def test_the_demonstrations_student_holds_a_certificate_paid_once_even_after_a_restart(tmp_path: Path) -> None:
    with Laptop(TEMPLATE, state=tmp_path) as laptop:
        said = demo.seed(laptop)
        assert re.search(r"certificate +[A-Z]{3}\d [A-Z]{6} \d\d", said), said
        sent = [mail.subject for mail in laptop.mailbox.messages(demo.EMAIL)]
    with Laptop(TEMPLATE, state=tmp_path) as again:
        assert "already" in demo.seed(again)
        again.pump.drain()
        assert [mail.subject for mail in again.mailbox.messages(demo.EMAIL)] == sent
        assert again.cards.control.state()["captured_cents"] == 10_500


def test_a_refusal_says_what_was_refused(laptop: Laptop) -> None:
    with pytest.raises(RefusedError, match="GET /nowhere: 404"):
        Visitor(laptop.site_url).ask("GET", "/nowhere")


def test_a_card_page_that_does_not_exist_is_refused(laptop: Laptop) -> None:
    with pytest.raises(RefusedError, match="the card page answered 4"):
        pay_by_card(f"{laptop.cards.url}/c/pay/cs_test_unknown")

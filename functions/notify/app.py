"""In the background: the mails that the other steps wrote with the change that causes them."""

from collections.abc import Mapping
from typing import Any

from cvec import wiring
from cvec.usecases import notify
from cvec.usecases.watch import Round
from cvec.web.mail_news import mail_news
from cvec.web.step_app import StepApp

app = StepApp("notify", tools=wiring.tools)


@app.background.row("mail")
def deliver(row: Mapping[str, Any]) -> None:
    """A mail was written."""
    notify.deliver(row["id"], tools=wiring.tools())


@app.background.message
def hear(message: Mapping[str, Any]) -> None:
    """The mail service says what became of a mail."""
    news = mail_news(message)
    if news:
        notify.note(*news, tools=wiring.tools())


@app.background.task("sweep")
def sweep() -> Round:
    """Every few minutes: mails that the stream has not brought, or that could not leave at once."""
    return notify.deliver_late_ones(tools=wiring.tools())

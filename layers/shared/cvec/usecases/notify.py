"""Sending the outbox: each mail once, unless the mail service took it and its answer was lost.

waiting ──lease 15 min──► sending ──taken──► sent (the address is forgotten)
                             ├──later──► waiting, leased to nobody until the next try
                             └──never──► abandoned

What the mail service says of it later (delivered, bounced…) is noted the same way, in whatever order it comes.
"""

from datetime import timedelta

from cvec.domain.errors import Stale, TryAgain
from cvec.domain.facts import Fact
from cvec.domain.mails import LEASE, MAIL, TRIED_FOR, Mail
from cvec.domain.overdue import LONGEST_REST
from cvec.ports import Tools, Undeliverable
from cvec.usecases.again import again_if_stale
from cvec.usecases.overdue import overdue_count
from cvec.usecases.watch import Round, go_round

_BACK_OFF, _DOUBLINGS = timedelta(minutes=1), 6


def deliver(mail_id: str, *, tools: Tools) -> None:
    """Send one mail of the outbox. Raises TryAgain when the mail service cannot take it now; the sweep tries again."""
    mail = tools.store.find(Mail, mail_id)
    if mail is None or mail.to is None or not mail.may_be_sent(tools.clock.now()):
        return
    leased = _leased(mail, tools=tools)
    if leased is None:
        return
    letter = tools.letters.write(mail.id, mail.template, to=mail.to, words=mail.words)
    try:
        tools.post.send(letter)
    except TryAgain:
        _give_back(leased, tools=tools)
        raise
    except Undeliverable:
        note(mail_id, Fact.MAIL_ABANDONED, tools=tools)
    else:
        note(mail_id, Fact.MAIL_SENT, tools=tools)


@again_if_stale
def note(mail_id: str, fact: Fact, *, tools: Tools) -> None:
    """What became of a mail, which needs its address and words no more; what it no longer allows changes nothing."""
    mail = tools.store.find(Mail, mail_id)
    if mail is None or not MAIL.allows(mail.state, fact):
        return
    noted = mail.next(
        state=MAIL.after(mail.state, fact),
        to=None,
        words={},
        leased_until=None,
        look_at=None,
        left_at=mail.left_at or tools.clock.now(),
    )
    tools.store.commit(noted)


def deliver_late_ones(*, tools: Tools) -> Round:
    """Send the mails that the stream has not brought, or that could not leave at once."""
    done = go_round([(deliver, mail.key) for mail in tools.store.due(Mail, tools.clock.now())], tools=tools)
    return done.model_copy(update={"overdue": overdue_count(Mail, tools=tools)})


def _leased(mail: Mail, *, tools: Tools) -> Mail | None:
    """The mail, ours to send for a while; None where somebody else was faster."""
    until = tools.clock.now() + LEASE
    leased = mail.next(leased_until=until, look_at=until, tries=mail.tries + 1)
    try:
        tools.store.commit(leased)
    except Stale:
        return None
    return leased


def _give_back(mail: Mail, *, tools: Tools) -> None:
    """An outage of hours loses no mail: it is asked again ever more rarely, once an hour at least, for days."""
    now = tools.clock.now()
    if now - mail.written_at >= TRIED_FOR:
        note(mail.id, Fact.MAIL_ABANDONED, tools=tools)
    else:
        later = now + min(_BACK_OFF * 2 ** min(mail.tries, _DOUBLINGS), LONGEST_REST)
        # the lease goes on: the stream, which tries again at once, would otherwise spend every try within seconds
        tools.store.commit(mail.next(leased_until=later, look_at=later))

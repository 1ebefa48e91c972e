"""Writing a mail into the outbox: a row committed with the change that causes it, sent from there by `notify`."""

from cvec.domain.mails import FIRST_SWEEP, Mail, Template
from cvec.ports import Tools


def mail(template: Template, *, to: str, tools: Tools, **words: str | int) -> Mail:
    """A mail to commit. Secrets go into `words` only as the id they are derived from."""
    now = tools.clock.now()
    return Mail(
        id=tools.chance.new_id(), template=template, to=to, words=words, written_at=now, look_at=now + FIRST_SWEEP
    )

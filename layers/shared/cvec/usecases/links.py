"""Links of mails: one purpose, one use, a day unless said otherwise; only their digest is stored."""

from datetime import timedelta

from cvec.domain.errors import LinkExpired, LinkUsed, UnknownLink
from cvec.domain.sessions import LINK_LIFE, LinkPurpose, OneUseLink, token_digest
from cvec.ports import Tools
from cvec.usecases.tokens import link_token


def one_use_link(
    purpose: LinkPurpose,
    subject: str,
    *,
    life: timedelta = LINK_LIFE,
    mailbox: str | None = None,
    former_email: str | None = None,
    tools: Tools,
) -> tuple[OneUseLink, str]:
    """A new link to commit, and the id from which its mail derives the token.

    `mailbox` is the keyed address without which it stops serving, `former_email` the one it may put back.
    """
    link_id = tools.chance.new_id()
    link = OneUseLink(
        digest=token_digest(link_token(link_id, secrets=tools.secrets)),
        purpose=purpose,
        subject=subject,
        expires_at=tools.clock.now() + life,
        mailbox=mailbox,
        former_email=former_email,
    )
    return link, link_id


def usable_link(token: str, purpose: LinkPurpose, *, tools: Tools) -> OneUseLink:
    """The link of a token, if it still serves for this. Raises UnknownLink, LinkUsed, LinkExpired."""
    link = tools.store.find(OneUseLink, token_digest(token))
    if link is None or link.purpose is not purpose:
        raise UnknownLink
    if link.used_at is not None:
        raise LinkUsed
    if link.expires_at <= tools.clock.now():
        raise LinkExpired
    return link

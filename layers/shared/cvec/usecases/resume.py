"""Going on with a registration on another device, by a one-use link to the address that was confirmed for it."""

from datetime import timedelta

from cvec.domain.errors import LinkUsed, TooManyCodes
from cvec.domain.limits import RESUME_LINKS
from cvec.domain.mails import Mail, MailState, Template
from cvec.domain.registration import LIFE
from cvec.domain.sessions import LINK_LIFE, Holder, LinkPurpose
from cvec.ports import Tools
from cvec.usecases import keys
from cvec.usecases.again import again_if_stale
from cvec.usecases.answers import RegistrationView
from cvec.usecases.links import one_use_link, usable_link
from cvec.usecases.mailboxes import draft_of_mailbox
from cvec.usecases.outbox import mail
from cvec.usecases.quotas import spend
from cvec.usecases.sessions import opened_session, surplus_sessions


@again_if_stale
def send_resume_link(email: str, *, tools: Tools) -> None:
    """Mail a link to go on with the registration for which this address was confirmed; say nothing if there is none.

    For an address without one, the same rows are read and written; only its mail is born without address, and stays.
    Raises TooManyCodes, for known and unknown addresses alike.
    """
    key, now = keys.email_key(email, tools=tools), tools.clock.now()
    quota = spend(RESUME_LINKS, key, TooManyCodes, tools=tools)
    draft = draft_of_mailbox(key, tools=tools)
    ends_at = draft.expires_at if draft else now + LIFE
    link, link_id = one_use_link(LinkPurpose.RESUME, key, life=_life(ends_at - now), tools=tools)
    letter = mail(Template.RESUME_LINK, to=email, tools=tools, link=link_id, until=ends_at.isoformat())
    tools.store.commit(quota, link, letter if draft else _for_nobody(letter))


@again_if_stale
def resume_registration(token: str, *, tools: Tools) -> tuple[RegistrationView, str]:
    """Open the draft in one more browser with the mailed link, which serves once; what was sent, and the cookie.

    The link follows the mailbox, not the draft: once the address was corrected, the old mailbox opens nothing.
    Raises UnknownLink, LinkUsed (also where the account was made since), LinkExpired.
    """
    link = usable_link(token, LinkPurpose.RESUME, tools=tools)
    draft = draft_of_mailbox(link.subject, tools=tools)
    if draft is None:
        raise LinkUsed
    session, cookie = opened_session(Holder.DRAFT, draft.id, tools=tools)
    used = link.next(used_at=tools.clock.now())
    tools.store.commit(session, used, erase=surplus_sessions(draft.id, tools=tools))
    return RegistrationView.of(draft), cookie


def _life(left: timedelta) -> timedelta:
    """A day, and never longer than what the link leads to."""
    return min(LINK_LIFE, left)


def _for_nobody(letter: Mail) -> Mail:
    """The row of a mail that will never leave."""
    return Mail(
        id=letter.id,
        template=letter.template,
        state=MailState.ABANDONED,
        written_at=letter.written_at,
        left_at=letter.written_at,
    )

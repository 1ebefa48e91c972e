"""What time does to a draft: a warning three days before its end, and its erasure at the end of the 14th day."""

from cvec.domain.codes import VerificationCode
from cvec.domain.mails import Template
from cvec.domain.model import Row
from cvec.domain.registration import Draft
from cvec.domain.sessions import Holder, LinkPurpose, Session
from cvec.ports import Tools
from cvec.usecases import keys
from cvec.usecases.again import again_if_stale
from cvec.usecases.links import one_use_link
from cvec.usecases.mailboxes import draft_of_mailbox, own_mailbox
from cvec.usecases.outbox import mail
from cvec.usecases.overdue import overdue_count
from cvec.usecases.watch import Round, go_round


def tend_drafts(*, tools: Tools) -> Round:
    """Warn of the drafts that end soon, and erase those that have ended."""
    done = go_round([(tend_draft, one.key) for one in tools.store.due(Draft, tools.clock.now())], tools=tools)
    return done.model_copy(update={"overdue": overdue_count(Draft, tools=tools)})


@again_if_stale
def tend_draft(draft_id: str, *, tools: Tools) -> None:
    """What the sweep does for one draft."""
    draft, now = tools.store.find(Draft, draft_id), tools.clock.now()
    if draft is None or draft.look_at is None or draft.look_at > now:
        return
    if draft.expires_at <= now:
        _erase(draft, tools=tools)
    else:
        tools.store.commit(draft.next(look_at=draft.expires_at), *_warning(draft, tools=tools))


def _warning(draft: Draft, *, tools: Tools) -> list[Row]:
    """The mail and its link, which serves until the end; nothing where nobody could go on by it."""
    name = keys.email_key(draft.email, tools=tools) if draft.email else ""
    found = draft_of_mailbox(name, tools=tools)
    if draft.email is None or found is None or found.id != draft.id:
        return []
    left = draft.expires_at - tools.clock.now()
    link, link_id = one_use_link(LinkPurpose.RESUME, name, life=left, tools=tools)
    until = draft.expires_at.isoformat()
    return [link, mail(Template.DRAFT_ENDING, to=draft.email, tools=tools, link=link_id, until=until)]


def _erase(draft: Draft, *, tools: Tools) -> None:
    """Everything that was typed or leads to it; the documents sent for it are erased by their own sweep.

    Signed-in sessions stay: an account bears the id of the draft it was made of.
    """
    codes = tools.store.all(VerificationCode, draft.id)
    sessions = [one for one in tools.store.all(Session, draft.id) if one.holder is Holder.DRAFT]
    tools.store.commit(erase=[draft, *codes, *sessions, *own_mailbox(draft, tools=tools)])

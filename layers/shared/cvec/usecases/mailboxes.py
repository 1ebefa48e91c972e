"""Finding a draft again by the mailbox that was confirmed for it."""

from cvec.domain.registration import Draft, DraftState
from cvec.domain.resumption import DraftMailbox
from cvec.ports import Tools
from cvec.usecases import keys

_NOBODY = "nobody"


def confirmed_mailbox(draft: Draft, *, tools: Tools) -> DraftMailbox:
    """What to commit when the draft's address is confirmed; another draft of the same mailbox is left behind."""
    name = keys.email_key(draft.email or "", tools=tools)
    before = tools.store.find(DraftMailbox, name)
    version = before.version + 1 if before else 1
    return DraftMailbox(name=name, draft=draft.id, ends_at=draft.expires_at, version=version)


def own_mailbox(draft: Draft, *, tools: Tools) -> list[DraftMailbox]:
    """What leads to this draft, to be erased with what is personal in it."""
    if draft.email is None:
        return []
    found = tools.store.find(DraftMailbox, keys.email_key(draft.email, tools=tools))
    return [found] if found and found.draft == draft.id else []


def draft_of_mailbox(name: str, *, tools: Tools) -> Draft | None:
    """The living draft whose present address is this mailbox, and confirmed; read as long for none at all."""
    found = tools.store.find(DraftMailbox, name)
    draft = tools.store.find(Draft, found.draft if found else _NOBODY)
    if draft is None or draft.expires_at <= tools.clock.now() or draft.state is not DraftState.EMAIL_VERIFIED:
        return None
    return draft if keys.email_key(draft.email or "", tools=tools) == name else None

"""Documents: where to send one, who may read it and until when, and its erasure on its day."""

from collections.abc import Mapping
from datetime import datetime

from cvec.domain.documents import (
    FIRST_LOOK,
    LINK_LIFE,
    MAX_BYTES,
    POST_LIFE,
    Document,
    DocumentState,
    Purpose,
    check_declared,
    erasure_date,
)
from cvec.domain.errors import NoRegistration, TooManyUploads, UnknownDocument
from cvec.domain.facts import Fact
from cvec.domain.limits import UPLOADS
from cvec.domain.model import Value
from cvec.domain.registration import Draft
from cvec.domain.sessions import Holder
from cvec.ports import Tools
from cvec.usecases.again import again_if_stale
from cvec.usecases.overdue import overdue_count
from cvec.usecases.quotas import spend
from cvec.usecases.uploads import erase, take_upload
from cvec.usecases.watch import Round, go_round


class UploadOffered(Value):
    """Where to send a document: a form's address and its fields, which stand before the field `file`."""

    document: str
    url: str
    fields: Mapping[str, str]
    expires_at: datetime


class DocumentLink(Value):
    """Where to read a document, for a moment."""

    url: str
    expires_at: datetime


@again_if_stale
def ask_upload(
    owner: str,
    holder: Holder,
    purpose: Purpose,
    *,
    content_type: str,
    size: int,
    then: str | None = None,
    tools: Tools,
) -> UploadOffered:
    """Permission to send one document of this type. `then` is the page to which a form without script goes on.

    Raises InvalidFields, NoRegistration, TooManyUploads.
    """
    kind, now = check_declared(content_type, size), tools.clock.now()
    erase_at = erasure_date(purpose, now, draft_ends_at=_draft_end(owner, holder, now, tools=tools))
    quota = spend(UPLOADS, f"{owner}-{purpose}", TooManyUploads, tools=tools)
    document_id = tools.chance.new_id()
    document = Document(
        owner=owner,
        id=document_id,
        holder=holder,
        purpose=purpose,
        type=kind,
        size=size,
        stored_as=f"{purpose}/{owner}/{document_id}",
        asked_at=now,
        erase_at=erase_at,
        look_at=min(now + FIRST_LOOK, erase_at),
    )
    about = {"purpose": str(purpose)}
    tools.store.commit(quota, *document.begun(Fact.DOCUMENT_ASKED, at=now, actor="service", about=about))
    seconds = int(POST_LIFE.total_seconds())
    form = tools.intake.offer(document.stored_as, kind, max_bytes=MAX_BYTES, seconds=seconds, then=then)
    return UploadOffered(document=document_id, url=form.url, fields=form.fields, expires_at=now + POST_LIFE)


def _draft_end(owner: str, holder: Holder, now: datetime, *, tools: Tools) -> datetime | None:
    if holder is not Holder.DRAFT:
        return None
    draft = tools.store.find(Draft, owner)
    if draft is None or now >= draft.expires_at:
        raise NoRegistration
    return draft.expires_at


def document_link(owner: str, document_id: str, *, tools: Tools) -> DocumentLink:
    """An address that serves for a minute at most, and never beyond the erasure date. Raises UnknownDocument."""
    document, now = tools.store.find(Document, owner, document_id), tools.clock.now()
    if document is None or not document.is_readable(now):
        raise UnknownDocument
    expires_at = min(now + LINK_LIFE, document.erase_at)
    filename = f"{document.purpose}-{document.id}.{document.type.extension}"
    seconds = max(1, int((expires_at - now).total_seconds()))
    url = tools.intake.link(document.stored_as, filename=filename, seconds=seconds)
    return DocumentLink(url=url, expires_at=expires_at)


@again_if_stale
def note_decision(owner: str, document_id: str, *, tools: Tools) -> None:
    """What the document proves was decided: from now on it is only kept for as long as an appeal may need it.

    Raises UnknownDocument.
    """
    document, now = tools.store.find(Document, owner, document_id), tools.clock.now()
    if document is None or not document.is_readable(now):
        raise UnknownDocument
    tools.store.commit(*document.decided(now))


def tend_documents(*, tools: Tools) -> Round:
    """Take what storage has not told of, look again at what was not finished, and erase what is due."""
    due = tools.store.due(Document, tools.clock.now())
    done = go_round([(_tend, document.key) for document in due], tools=tools)
    return done.model_copy(update={"overdue": overdue_count(Document, tools=tools)})


@again_if_stale
def _tend(owner: str, document_id: str, *, tools: Tools) -> None:
    document = tools.store.find(Document, owner, document_id)
    if document is None or document.state is DocumentState.ERASED:
        return
    if document.is_over(tools.clock.now()):
        erase(document, tools=tools)
    else:
        take_upload(owner, document_id, tools=tools)

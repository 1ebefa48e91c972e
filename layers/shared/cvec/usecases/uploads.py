"""What came in: scanned, inspected, and kept as a clean copy or refused for a reason. Nobody reads it before."""

from cvec.domain.documents import MAX_BYTES, MAX_TRIES, Document, DocumentState, Fault, Unfit, Verdict
from cvec.domain.errors import Unavailable
from cvec.domain.facts import Fact
from cvec.ports import Tools
from cvec.ports_documents import Arrival
from cvec.usecases.again import again_if_stale


@again_if_stale
def take_upload(owner: str, document_id: str, *, tools: Tools) -> None:
    """Check what came, and keep a clean copy of it or say why not. Doing it again does nothing.

    Whatever lies in storage for a document that is not being checked has no business there, and is erased.
    """
    document, now = tools.store.find(Document, owner, document_id), tools.clock.now()
    if document is None or (document.is_undecided and document.is_being_tried(now)):
        return
    if not document.is_undecided:
        _tidy(document, tools=tools)
    elif document.is_over(now):
        erase(document, tools=tools)
    elif arrival := tools.intake.find(document.stored_as):
        _check(_received(document, arrival, tools=tools), arrival, tools=tools)
    else:
        _look_again(document, tools=tools)


def erase(document: Document, *, tools: Tools) -> None:
    """First what was sent, then the word that it is: a crash between the two is finished by the next round."""
    tools.intake.erase(document.stored_as)
    tools.store.commit(*document.told(Fact.DOCUMENT_ERASED, at=tools.clock.now(), look_at=None))


def _received(document: Document, arrival: Arrival, *, tools: Tools) -> Document:
    """The document once it is known that it came."""
    if document.state is DocumentState.QUARANTINED:
        return document
    now = tools.clock.now()
    received, entry = document.told(Fact.DOCUMENT_RECEIVED, at=now, received_at=now, size=arrival.size)
    tools.store.commit(received, entry)
    return received


def _check(document: Document, arrival: Arrival, *, tools: Tools) -> None:
    try:
        verdict = _scanned(document, arrival, tools=tools)
    except Unfit as unfit:
        _refuse(document, unfit.fault, tools=tools)
        return
    if verdict is Verdict.PENDING:
        _look_again(document, tools=tools)
        return
    trying = document.tried(tools.clock.now())
    tools.store.commit(trying)
    try:
        _keep(trying.model_copy(update={"verdict": verdict}), arrival, tools=tools)
    except Unfit as unfit:
        _refuse(trying, unfit.fault, tools=tools)
    except Unavailable:
        tools.store.commit(trying.untried())
        raise


def _scanned(document: Document, arrival: Arrival, *, tools: Tools) -> Verdict:
    """The scanner's word, about what is not too large to be read at all. Raises Unfit."""
    if arrival.size < 1:
        raise Unfit(Fault.EMPTY)
    if arrival.size > MAX_BYTES:
        raise Unfit(Fault.TOO_LARGE)
    if document.tries >= MAX_TRIES:
        raise Unfit(Fault.UNREADABLE)
    verdict = tools.scanner.verdict(arrival, lambda: tools.intake.fetch(arrival).content)
    if verdict is Verdict.INFECTED:
        raise Unfit(Fault.INFECTED)
    return verdict


def _keep(document: Document, arrival: Arrival, *, tools: Tools) -> None:
    """Make the clean copy, store it, and only then say that it may be read. Raises Unfit."""
    arrived, now = tools.intake.fetch(arrival), tools.clock.now()
    if arrived.type != document.type:
        raise Unfit(Fault.WRONG_TYPE)
    content = tools.inspector.clean(arrived.content, document.type, now.date())
    tools.intake.keep(document.stored_as, content, document.type)
    cleared, entry = document.told(
        Fact.DOCUMENT_CLEARED, at=now, size=len(content), trying_until=None, look_at=document.erase_at
    )
    tools.store.commit(cleared, entry)
    tools.intake.erase_arrivals(cleared.stored_as)


def _refuse(document: Document, fault: Fault, *, tools: Tools) -> None:
    """Say why, and keep nothing of it."""
    now = tools.clock.now()
    refused, entry = document.told(
        Fact.DOCUMENT_REFUSED, at=now, fault=fault, trying_until=None, look_at=document.erase_at
    )
    tools.store.commit(refused, entry)
    tools.intake.erase(refused.stored_as)


def _look_again(document: Document, *, tools: Tools) -> None:
    """Put the next look off, if it is due."""
    now = tools.clock.now()
    if document.look_at is not None and document.look_at <= now:
        tools.store.commit(document.put_off(now))


def _tidy(document: Document, *, tools: Tools) -> None:
    """Erase what a second upload, or a crash after the decision, has left."""
    if document.state is DocumentState.CLEAN:
        tools.intake.erase_arrivals(document.stored_as)
    else:
        tools.intake.erase(document.stored_as)

"""Opening, recognising, listing and ending sessions."""

from datetime import datetime

from cvec.domain.registration import LIFE as DRAFT_LIFE
from cvec.domain.sessions import MAX_SESSIONS, SIGNED_IN_FOR, Holder, Session, token_digest
from cvec.ports import Tools
from cvec.usecases.again import again_if_stale
from cvec.usecases.answers_account import OpenSession


def opened_session(holder: Holder, subject: str, *, device: str | None = None, tools: Tools) -> tuple[Session, str]:
    """A new session to commit, and the value of its cookie: whose, and a token of which only the digest is kept."""
    token, now = tools.chance.new_token(), tools.clock.now()
    life = DRAFT_LIFE if holder is Holder.DRAFT else SIGNED_IN_FOR
    session = Session(
        subject=subject,
        digest=token_digest(token),
        holder=holder,
        opened_at=now,
        expires_at=now + life,
        device=device,
    )
    return session, f"{subject}.{token}"


def surplus_sessions(subject: str, *, tools: Tools) -> list[Session]:
    """The oldest sessions to end so that one more may open: a person has few browsers, and all must fit one list."""
    sessions = sorted(tools.store.all(Session, subject), key=lambda session: session.opened_at)
    return sessions[: max(0, len(sessions) + 1 - MAX_SESSIONS)]


def find_session(cookie: str, holder: Holder, *, tools: Tools) -> Session | None:
    """The living session that a cookie opens, if it is of this kind."""
    subject, dot, token = cookie.partition(".")
    if not dot or len(cookie) > 200 or not subject.isalnum():
        return None
    session = tools.store.find(Session, subject, token_digest(token))
    if session is None or session.holder is not holder or session.expires_at <= tools.clock.now():
        return None
    return session


def list_sessions(session: Session, *, tools: Tools) -> list[OpenSession]:
    """The browsers in which the owner of this session is signed in, the newest first."""
    now = tools.clock.now()
    living = [one for one in tools.store.all(Session, session.subject) if _is_alike(one, session, now)]
    newest_first = sorted(living, key=lambda one: one.opened_at, reverse=True)
    return [OpenSession.of(one, is_this_one=one.digest == session.digest) for one in newest_first]


@again_if_stale
def end_session(session: Session, session_id: str, *, tools: Tools) -> None:
    """End one session of the same owner; one that is not open any more, or is somebody else's, changes nothing."""
    _end([one for one in _owned(session, tools=tools) if one.id == session_id], tools=tools)


@again_if_stale
def end_other_sessions(session: Session, *, tools: Tools) -> None:
    """End every session of the same owner but this one."""
    _end(other_sessions(session, tools=tools), tools=tools)


def other_sessions(session: Session, *, tools: Tools) -> list[Session]:
    """The same owner's sessions but this one, to be ended."""
    return [one for one in _owned(session, tools=tools) if one.digest != session.digest]


def _end(sessions: list[Session], *, tools: Tools) -> None:
    if sessions:
        tools.store.commit(erase=sessions)


def _owned(session: Session, *, tools: Tools) -> list[Session]:
    return [one for one in tools.store.all(Session, session.subject) if one.holder is session.holder]


def _is_alike(one: Session, session: Session, now: datetime) -> bool:
    """Of the same kind and still open: a person's id was their draft's, whose session may live on for days."""
    return one.holder is session.holder and one.expires_at > now

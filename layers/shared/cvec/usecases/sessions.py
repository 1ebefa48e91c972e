"""Opening and recognising sessions."""

from cvec.domain.registration import LIFE as DRAFT_LIFE
from cvec.domain.sessions import MAX_SESSIONS, SIGNED_IN_FOR, Holder, Session, token_digest
from cvec.ports import Tools


def opened_session(holder: Holder, subject: str, *, tools: Tools) -> tuple[Session, str]:
    """A new session to commit, and the value of its cookie: whose, and a token of which only the digest is kept."""
    token, now = tools.chance.new_token(), tools.clock.now()
    life = DRAFT_LIFE if holder is Holder.DRAFT else SIGNED_IN_FOR
    session = Session(subject=subject, digest=token_digest(token), holder=holder, opened_at=now, expires_at=now + life)
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

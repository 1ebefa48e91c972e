"""What the owner of an account is shown of it."""

from datetime import datetime

from cvec.domain.model import Value
from cvec.domain.sessions import Session


class SessionView(Value):
    """Who is signed in, until when."""

    email: str
    first_name: str
    ine: str
    expires_at: datetime


class OpenSession(Value):
    """A browser in which somebody is signed in. `session` names it, and opens nothing."""

    session: str
    device: str | None
    opened_at: datetime
    expires_at: datetime
    is_this_one: bool

    @classmethod
    def of(cls, session: Session, *, is_this_one: bool) -> "OpenSession":
        """What its owner sees of a session."""
        return cls(
            session=session.id,
            device=session.device,
            opened_at=session.opened_at,
            expires_at=session.expires_at,
            is_this_one=is_this_one,
        )

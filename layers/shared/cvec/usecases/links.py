"""Links that set a password: one use, 24 hours, only their digest stored."""

from cvec.domain.sessions import LINK_LIFE, PasswordLink, token_digest
from cvec.ports import Tools
from cvec.usecases.tokens import link_token


def password_link(person_id: str, *, tools: Tools) -> tuple[PasswordLink, str]:
    """A new link to commit, and the id from which its mail derives the token."""
    link_id = tools.chance.new_id()
    digest = token_digest(link_token(link_id, secrets=tools.secrets))
    expires_at = tools.clock.now() + LINK_LIFE
    return PasswordLink(digest=digest, person_id=person_id, expires_at=expires_at), link_id

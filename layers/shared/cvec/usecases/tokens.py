"""What is derived from the service's secret and sent once: the letters of codes and the tokens of links."""

import hmac

from cvec.domain.codes import DERIVED_AS, letters_from
from cvec.domain.sessions import LINK_DERIVED_AS, token_text
from cvec.ports import Secrets


def code_letters(code_id: str, *, secrets: Secrets) -> str:
    """The six letters of a verification code."""
    return letters_from(secrets.derive(DERIVED_AS, code_id))


def link_token(link_id: str, *, secrets: Secrets) -> str:
    """The 256-bit token of a link."""
    return token_text(secrets.derive(LINK_DERIVED_AS, link_id))


def same_secret(typed: str, expected: str) -> bool:
    """Whether they are equal, in a time that tells nothing about where they differ."""
    return hmac.compare_digest(typed.encode("utf-8", "replace"), expected.encode())

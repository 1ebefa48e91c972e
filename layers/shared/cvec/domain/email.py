"""E-mail addresses: what we take, and when two are the same."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

_FORM = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x20\x7f]{1,64}@[^\s@<>()\[\]\\,;:\"\x00-\x20\x7f]{1,189}")


def _tidy(text: Any) -> Any:
    return text.strip() if isinstance(text, str) and len(text) <= 320 else text


def _checked(address: str) -> str:
    """Refuse what cannot be delivered; a domain with accents is kept in the ASCII form that mail servers know.

    SES delivers to no mailbox whose own name has accents, so such an address is refused where it can be corrected. The
    library is heavy, so it is only imported where an address is typed.
    """
    if _FORM.fullmatch(address) is None:
        raise ValueError("not_an_email")
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise ValueError("not_an_email") from None
    return f"{found.local_part}@{found.ascii_domain}"


Email = Annotated[
    str,
    BeforeValidator(_tidy),
    AfterValidator(_checked),
    WithJsonSchema(
        {"type": "string", "format": "email", "maxLength": 254, "examples": ["francois.ndiaye@example.com"]}
    ),
]


def masked(address: str) -> str:
    """An address that its owner recognises and nobody else can write to.

    >>> masked("francois.ndiaye@example.org"), masked("a@b.fr")
    ('f…e@e….org', 'a…@b….fr')
    """
    local, _, domain = address.partition("@")
    name, _, ending = domain.rpartition(".")
    return f"{local[0]}…{local[-1] if len(local) > 2 else ''}@{name[:1]}….{ending}"


def same_mailbox_key(address: str) -> str:
    """What two spellings of one mailbox share, for uniqueness and throttles: the case of letters is ignored.

    RFC 5321 lets a server tell Ana@ from ana@; in practice none does, and a student who types either means one.

    >>> same_mailbox_key("Ana.Lou@Example.com")
    'ana.lou@example.com'
    """
    return address.casefold()

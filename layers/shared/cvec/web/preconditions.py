"""If-Match: the version that a browser last saw of what it is about to change (RFC 9110, 13.1.1)."""

import re
from collections.abc import Mapping

from cvec.domain.errors import FieldError, InvalidFields

HEADER = "If-Match"
_VERSION = re.compile(r'(?:W/)?"?([0-9]{1,9})"?')


def seen_version(headers: Mapping[str, str]) -> int | None:
    """The version that If-Match names, quoted or not; None without the header, or for `*`, which asks for no care.

    Raises InvalidFields for anything else.
    """
    written = headers.get(HEADER.lower(), "*").strip()
    if written == "*":
        return None
    found = _VERSION.fullmatch(written)
    if found is None:
        raise InvalidFields(FieldError("if_match", "version_form"))
    return int(found[1])

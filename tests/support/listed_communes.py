"""The list of communes read the slow way, line by line: what the gazetteer's quick answers are held against."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass

from cvec.adapters.communes import SHIPPED
from cvec.domain.communes import Commune, bare_key, department_of_code, name_key

TWO_CROUS = {"01200", "01410", "01590", "42620", "05700", "06260", "13780", "37160", "48250"}


@dataclass(frozen=True)
class Listed:
    """A commune, everything it may be searched by, and the character of its size."""

    code: str
    keys: frozenset[str]
    size: str
    commune: Commune

    def order(self, prefix: str) -> tuple[bool, int, str]:
        """The rank among those that begin so: exact names, then bigger towns, then codes."""
        return prefix not in self.keys, -ord(self.size), self.code


def read_slowly() -> Iterator[Listed]:
    """Every commune of the shipped file."""
    codes, names, postcodes, sizes, *_ = gzip.decompress(SHIPPED.read_bytes()).decode().split("\n\n")
    for row, (name, own) in enumerate(zip(names.split("\n"), postcodes.split("\n"), strict=True)):
        code, postal = codes[5 * row : 5 * row + 5], tuple(own.replace("-", "").split())
        keys = frozenset((name_key(name), bare_key(name), *postal))
        yield Listed(code, keys, sizes[row], Commune(code, name, department_of_code(code), postal))

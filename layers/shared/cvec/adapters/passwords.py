"""Passwords: argon2id, and zxcvbn's guess of how many guesses they take."""

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

_CONSIDERED = 72
"""zxcvbn's time grows with length; 72 characters are enough to judge by, and nothing is cut when hashing."""


class Argon2Passwords:
    """The `Passwords` port. Parameters: OWASP's second choice, 19 MiB, 2 passes, 1 lane."""

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        from argon2 import PasswordHasher

        return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """A salted hash that carries its parameters."""
        return self._hasher.hash(password.encode("utf-8", "surrogatepass"))

    def verify(self, password: str, hashed: str | None) -> bool:
        """Whether it is this password; no hash at all takes as long, and is never it."""
        from argon2.exceptions import VerifyMismatchError

        nobody = self._nobody  # made once for each process whoever signs in first, so that its cost tells nothing
        try:
            self._hasher.verify(hashed or nobody, password.encode("utf-8", "surrogatepass"))
        except VerifyMismatchError:
            return False
        return hashed is not None

    def strength(self, password: str, own_words: tuple[str, ...]) -> int:
        """0 (anybody's guess) to 4, for somebody who knows these words."""
        from zxcvbn import zxcvbn

        return int(zxcvbn(password[:_CONSIDERED], user_inputs=list(own_words))["score"])

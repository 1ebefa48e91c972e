"""The one room with a real clock, real chance and real secrets."""

import base64
import hmac
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property


class RealClock:
    """The `Clock` port: the machine's time."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait a random part of so many seconds, so that two who collided do not collide again."""
        time.sleep(seconds * secrets.randbelow(1000) / 1000)


class RealChance:
    """The `Chance` port: the operating system's randomness."""

    def new_id(self) -> str:
        """128 random bits in 26 characters of base 32."""
        return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()

    def new_token(self) -> str:
        """256 random bits, safe in cookies and URLs."""
        return secrets.token_urlsafe(32)

    def letters(self, alphabet: str, count: int) -> str:
        """So many letters of an alphabet, each equally likely."""
        return "".join(secrets.choice(alphabet) for _ in range(count))


class Pepper:
    """The `Secrets` port: HMAC-SHA256 under the deployment's one secret, which is read once and never logged."""

    def __init__(self, read: Callable[[], str]) -> None:
        self._read = read

    def derive(self, purpose: str, name: str) -> bytes:
        """32 bytes that depend on purpose, name and the secret."""
        message = f"{purpose}\0{name}".encode("utf-8", "surrogatepass")
        return hmac.digest(self._secret, message, "sha256")

    @cached_property
    def _secret(self) -> bytes:
        return self._read().encode()

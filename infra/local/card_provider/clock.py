"""The stand-in's clock: real time plus an offset that a test may advance, never turn back."""

import time
from datetime import UTC, datetime


class Clock:
    """Unix seconds as the card provider sees them."""

    def __init__(self, offset: float = 0.0) -> None:
        self.offset = offset

    def seconds(self) -> float:
        """Unix time with its fraction: what deliveries are scheduled on."""
        return time.time() + self.offset

    def now(self) -> int:
        """Whole unix seconds: what Stripe writes in `created` and `expires_at`."""
        return int(self.seconds())

    def moment(self) -> datetime:
        """The same instant as an aware UTC datetime."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    def advance(self, seconds: float) -> None:
        """Move forward; raises ValueError if asked to go back, for nothing here could undo an expiry."""
        if seconds < 0:
            raise ValueError("the clock only moves forward")
        self.offset += seconds

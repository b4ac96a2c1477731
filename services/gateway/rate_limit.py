"""How much one client address may ask for where nobody has signed in: a token bucket per address, in memory."""

from __future__ import annotations

import time
from collections.abc import Callable

from services.runtime.refusal import Kind, Refusal, Refused

_ADDRESSES_MAX = 10_000


class RateLimit:
    """Lets each address spend `per_minute` at once and regain them evenly over a minute.

    Each gateway process counts for itself: this bounds abuse of one process and is no quota over all of them.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` (seconds) replaces the time in tests."""
        self._per_minute = per_minute
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def check(self, address: str) -> None:
        """Raise `Refused(TOO_MANY, too_many_requests)` if the address has nothing left to spend."""
        if self._remaining(address) < 1:
            raise Refused(
                Kind.TOO_MANY,
                Refusal("too_many_requests", "Too many requests came from your address. Wait a minute.", who="caller"),
            )

    def spend(self, address: str) -> None:
        """Count one request of the address."""
        remaining = self._remaining(address)
        # Moved to the end: the address unheard of for longest is the one forgotten.
        self._left.pop(address, None)
        self._left[address] = (max(remaining - 1, 0.0), self._clock())
        if len(self._left) > _ADDRESSES_MAX:
            del self._left[next(iter(self._left))]

    def _remaining(self, address: str) -> float:
        left, at = self._left.get(address, (float(self._per_minute), self._clock()))
        return min(self._per_minute, left + (self._clock() - at) * self._per_minute / 60)

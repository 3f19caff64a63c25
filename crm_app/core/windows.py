"""How often something was done, counted in this process alone, in windows of time that begin with the first.

The memory storage of `limits` starts a thread at nearly every count, for what it has to forget; on a busy machine the
event loop, and with it everybody, waited for that thread. What ended is forgotten here while others are counted.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from limits import RateLimitItem

FEW = 1_000
"""So many windows may have ended before it is worth looking for them."""


@dataclass(slots=True)
class _Window:
    count: int
    ends: float


class Windows:
    """Counts by whose they are."""

    def __init__(self) -> None:
        self._open: dict[str, _Window] = {}
        self._look_at = FEW
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._open)

    def seconds_to_wait(self, limit: RateLimitItem, *whose: str) -> float:
        """Count one more of somebody's; 0.0 within the limit, else until when they have to wait."""
        name, now = limit.key_for(*whose), time.monotonic()
        with self._lock:
            window = self._open.get(name)
            if window is None or window.ends <= now:
                self._forget_ended(now)
                window = self._open[name] = _Window(0, now + limit.get_expiry())
            window.count += 1
            return 0.0 if window.count <= limit.amount else max(0.1, window.ends - now)

    def _forget_ended(self, now: float) -> None:
        if len(self._open) < self._look_at:
            return
        self._open = {name: window for name, window in self._open.items() if window.ends > now}
        self._look_at = max(FEW, 2 * len(self._open))

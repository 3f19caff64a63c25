"""What all web processes of an installation count and note together: in Redis where there is one, else in memory.

Where Redis is away, each process goes on by itself: a limit is then one for each process, and nobody is locked out.
It is then left alone for a moment, so that nobody waits for it twice, and its absence is told once.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from functools import cache
from typing import TYPE_CHECKING, Any

from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import RedisStorage
from limits.strategies import FixedWindowRateLimiter

from crm_app.core.settings import settings
from crm_app.core.windows import Windows

if TYPE_CHECKING:  # its library weighs 4 MB, in installations that have no Redis too
    from redis import Redis

log = logging.getLogger("crm.shared")

WAIT_SECONDS = 1.0
"""Redis is near; one that takes longer is away."""
KEEP_SECONDS = 2 * 24 * 3600
MOST_NOTES = 100_000
LEFT_ALONE_SECONDS = 2.0


class _Line:
    """What is known of the line to Redis. failures: how often it was lost so far."""

    def __init__(self) -> None:
        self.failures = 0
        self._away_until = 0.0
        self._is_told = False

    @property
    def is_away(self) -> bool:
        return time.monotonic() < self._away_until

    def fail(self, problem: Exception) -> None:
        self._away_until = time.monotonic() + LEFT_ALONE_SECONDS
        if not self._is_told:
            self._is_told = True
            self.failures += 1
            log.warning("Redis is away: pages wait for it, limits are counted in each process: %s", problem)

    def answer(self) -> None:
        self._away_until = 0.0
        if self._is_told:
            self._is_told = False
            log.warning("Redis is back")


_line = _Line()


def failures() -> tuple[type[Exception], ...]:
    """What is raised where Redis is away; nothing where an installation has none."""
    if not settings().redis_url:
        return ()
    from redis import RedisError

    return (RedisError,)


def is_away() -> bool:
    """Whether a Redis that should be there is not."""
    return _line.is_away


def failed(problem: Exception) -> None:
    """Somebody has found Redis away."""
    _line.fail(problem)


def look() -> tuple[str, int]:
    """Which Redis answers, "" where none does, and how often the line was lost: another pair means that what was kept
    there may be gone. Blocking.
    """
    try:
        told: Any = _redis(settings().redis_url).info("server")
    except failures() as problem:
        _line.fail(problem)
        return "", _line.failures
    _line.answer()
    return str(told["run_id"]), _line.failures


_windows = Windows()


def seconds_to_wait(limit: RateLimitItem, *whose: str) -> float:
    """Count one more of somebody's; 0.0 within the limit, else until when they have to wait. Blocking with Redis."""
    if settings().redis_url and not _line.is_away:
        try:
            return _hit(_limiter(settings().redis_url), limit, *whose)
        except StorageError as problem:
            _line.fail(problem)
    return _windows.seconds_to_wait(limit, *whose)


def _hit(limiter: FixedWindowRateLimiter, limit: RateLimitItem, *whose: str) -> float:
    if limiter.hit(limit, *whose):
        return 0.0
    return max(0.1, limiter.get_window_stats(limit, *whose).reset_time - time.time())


@cache
def _limiter(redis_url: str) -> FixedWindowRateLimiter:
    options: dict[str, Any] = {"socket_timeout": WAIT_SECONDS, "socket_connect_timeout": WAIT_SECONDS}
    return FixedWindowRateLimiter(RedisStorage(redis_url, wrap_exceptions=True, **options))


_notes: OrderedDict[str, str] = OrderedDict()


def is_owner(name: str, owner: str) -> bool:
    """Whether a name is somebody's, who makes it theirs by asking first. Blocking."""
    if settings().redis_url and not _line.is_away:
        try:
            return _is_owner_in_redis(_redis(settings().redis_url), name, owner)
        except failures() as problem:
            _line.fail(problem)
    if _notes.setdefault(name, owner) != owner:
        return False
    _notes.move_to_end(name)
    while len(_notes) > MOST_NOTES:
        _notes.popitem(last=False)
    return True


def _is_owner_in_redis(redis: Redis, name: str, owner: str) -> bool:
    key = f"kartoteka:owner:{name}"
    known = redis.set(key, owner, nx=True, get=True, ex=KEEP_SECONDS)
    if known is None:
        return True
    redis.expire(key, KEEP_SECONDS)
    return bool(known == owner)


@cache
def _redis(url: str) -> Redis:
    from redis import Redis

    return Redis.from_url(url, decode_responses=True, socket_timeout=WAIT_SECONDS, socket_connect_timeout=WAIT_SECONDS)


def trouble() -> str:
    """Why Redis can't be used; "" where it can, or where none is wanted."""
    if not settings().redis_url:
        return ""
    try:
        _redis(settings().redis_url).ping()
    except failures() as problem:
        return str(problem)
    except ValueError as problem:
        return str(problem)
    return ""

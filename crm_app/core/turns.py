"""Readers of SQLite go to their threads one after another: together they would only stand in each other's way.

Its driver lets go of the interpreter at every row, so that eight readers at once spent half of the processor on handing
it round (docs/decisions/0087-turns-of-readers.md). Whoever takes long stops counting, so that nobody waits for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from contextvars import copy_context
from functools import partial
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from crm_app.core.db import database

R = TypeVar("R")

PATIENCE_SECONDS = 0.05
"""Of the others, for one whose turn it is."""
READERS = 8
"""At once, where the database is a server: its answers are waited for without the interpreter."""

_free: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def in_turn(work: Callable[..., R], /, *given: Any, threads: Executor | None = None, **named: Any) -> R:
    """What reading comes to, done in a thread once it is its turn. threads: instead of the event loop's own."""
    loop = asyncio.get_running_loop()
    turn = await _Turn.of(loop)
    patience = loop.call_later(PATIENCE_SECONDS, turn.end)
    try:
        return await loop.run_in_executor(threads, partial(copy_context().run, work, *given, **named))
    finally:
        patience.cancel()
        turn.end()


class _Turn:
    """One of the few; ends once, by itself or for being long."""

    def __init__(self, free: asyncio.Semaphore) -> None:
        self._free: asyncio.Semaphore | None = free

    @classmethod
    async def of(cls, loop: asyncio.AbstractEventLoop) -> _Turn:
        """The next one on an event loop."""
        free = _free.get(loop)
        if free is None:
            free = _free[loop] = asyncio.Semaphore(1 if database().is_sqlite else READERS)
        await free.acquire()
        return cls(free)

    def end(self) -> None:
        """Let the next one begin."""
        if self._free is not None:
            self._free.release()
            self._free = None

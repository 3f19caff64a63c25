"""A queue and a flag for what a process has thousands of: asyncio's keep five empty lists of 0.7 kB each."""

from __future__ import annotations

import asyncio
from typing import Any


class SmallQueue:
    """What asyncio.Queue does for a queue without bounds and with one taker."""

    __slots__ = ("_all_done", "_items", "_open", "_taker")

    def __init__(self) -> None:
        self._items: list[Any] = []
        self._open = 0
        self._taker: asyncio.Future[Any] | None = None
        self._all_done: asyncio.Future[None] | None = None

    def empty(self) -> bool:
        """Whether nothing waits to be taken."""
        return not self._items

    def put_nowait(self, item: Any) -> None:
        """Put one in; it goes to the taker who waits, if one does."""
        self._open += 1
        taker, self._taker = self._taker, None
        if taker is not None and not taker.done():
            taker.set_result(item)
        else:
            self._items.append(item)

    async def put(self, item: Any) -> None:
        """The same, for who is used to wait."""
        self.put_nowait(item)

    def get_nowait(self) -> Any:
        """Take the first. Raises asyncio.QueueEmpty."""
        if not self._items:
            raise asyncio.QueueEmpty
        return self._items.pop(0)

    def get(self) -> asyncio.Future[Any]:
        """To be awaited for the first. A future, not a coroutine: asyncio.wait_for needs no task for it."""
        coming = asyncio.get_running_loop().create_future()
        if self._items:
            coming.set_result(self._items.pop(0))
        else:
            self._taker = coming
        return coming

    def task_done(self) -> None:
        """Something that was taken is done with."""
        self._open -= 1
        if not self._open and self._all_done is not None and not self._all_done.done():
            self._all_done.set_result(None)

    async def join(self) -> None:
        """Wait until all that was put in is done with."""
        if self._open:
            if self._all_done is None or self._all_done.done():
                self._all_done = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._all_done)


class SmallFlag:
    """What asyncio.Event does, for one or several who wait."""

    __slots__ = ("_is_set", "_turned")

    def __init__(self, is_set: bool = False) -> None:
        self._is_set = is_set
        self._turned: asyncio.Future[None] | None = None

    def set(self) -> None:
        """Let go who waits."""
        self._is_set = True
        if self._turned is not None and not self._turned.done():
            self._turned.set_result(None)
        self._turned = None

    def clear(self) -> None:
        """Have whoever comes wait."""
        self._is_set = False

    async def wait(self) -> bool:
        """Wait until it is set."""
        if not self._is_set:
            if self._turned is None:
                self._turned = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._turned)
        return True

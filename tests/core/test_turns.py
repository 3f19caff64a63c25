"""Readers of SQLite take turns, and nobody waits long for one who takes long."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from pathlib import Path

import pytest

from crm_app.core import db, turns
from crm_app.core.turns import READERS, in_turn

SOON_SECONDS = 5.0
speaking: ContextVar[str] = ContextVar("speaking", default="")


class Crowd:
    """Readers that wait until they are let go, and how many of them are at it."""

    def __init__(self) -> None:
        self.inside = 0
        self.most = 0
        self.go = threading.Event()
        self._changed = threading.Condition()

    def read(self) -> None:
        """Be inside until let go."""
        with self._changed:
            self.inside += 1
            self.most = max(self.most, self.inside)
            self._changed.notify_all()
        assert self.go.wait(SOON_SECONDS)
        with self._changed:
            self.inside -= 1

    async def has(self, inside: int) -> None:
        """Wait until so many are at it."""
        assert await asyncio.to_thread(self._wait_for, inside)

    def _wait_for(self, inside: int) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.inside >= inside, SOON_SECONDS)


@pytest.fixture
def sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[db.Database]:
    """A database in a file; whoever has a turn keeps it for the length of a test."""
    database = db.Database(f"sqlite:///{tmp_path}/crm.db")
    monkeypatch.setattr(turns, "database", lambda: database)
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 60.0)
    yield database
    database.dispose()


def test_readers_of_sqlite_begin_one_after_another(sqlite: db.Database) -> None:
    crowd = Crowd()

    async def scene() -> None:
        async with asyncio.TaskGroup() as readers:
            for _ in range(5):
                readers.create_task(in_turn(crowd.read))
            await crowd.has(1)
            await asyncio.sleep(0.05)  # the others would be inside by now
            crowd.go.set()

    asyncio.run(scene())
    assert crowd.most == 1


def test_one_who_takes_long_lets_the_next_begin(sqlite: db.Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 0.01)
    crowd = Crowd()

    async def scene() -> str:
        slow = asyncio.create_task(in_turn(crowd.read))
        await crowd.has(1)
        quick = await in_turn(str.upper, "quick")
        assert not slow.done()
        crowd.go.set()
        await slow
        return quick + await in_turn(str.upper, "after")

    assert asyncio.run(scene()) == "QUICKAFTER"


def test_readers_of_a_database_server_read_side_by_side(sqlite: db.Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "is_sqlite", False)
    crowd = Crowd()

    async def scene() -> None:
        with ThreadPoolExecutor(READERS) as threads:
            async with asyncio.TaskGroup() as readers:
                for _ in range(READERS):
                    readers.create_task(in_turn(crowd.read, threads=threads))
                await crowd.has(READERS)
                crowd.go.set()

    asyncio.run(scene())


def test_a_failure_is_the_callers_and_ends_the_turn(sqlite: db.Database) -> None:
    async def scene() -> int:
        with pytest.raises(ValueError, match="invalid literal"):
            await in_turn(int, "seven")
        return await in_turn(int, "7")

    assert asyncio.run(scene()) == 7


def test_a_reader_knows_what_its_caller_knows(sqlite: db.Database) -> None:
    async def scene() -> str:
        speaking.set("ann")
        return await in_turn(speaking.get)

    assert asyncio.run(scene()) == "ann"

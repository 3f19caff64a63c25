"""Live topics: after a commit, whoever watches a topic of it is told its name, and never a row.

Topics are words like "deals", "deal:7", "board:1". Watchers in this process are called at once; those of other
processes learn of it from the announcements, which `Pump` reads.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlmodel import Session

from crm_app.core import clock
from crm_app.core.db import database

log = logging.getLogger("crm.live")
Watcher = Callable[[set[str]], None]

_watchers: list[Watcher] = []
KEEP = timedelta(minutes=10)


def watch(watcher: Watcher) -> None:
    """Have a function called with the topics of every commit. It must return at once."""
    _watchers.append(watcher)


def unwatch(watcher: Watcher) -> None:
    _watchers.remove(watcher)


def publish(topics: set[str]) -> None:
    """Tell the watchers of this process."""
    for watcher in _watchers:
        watcher(topics)


class Pump:
    """Reads the announcements of other processes, a few times a second, and publishes them here."""

    def __init__(self, interval_seconds: float = 0.1) -> None:
        self.interval_seconds = interval_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live-pump", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        last: int | None = None
        while not self._stop.wait(self.interval_seconds):
            try:
                last = self._read(last)
            except Exception:  # the database may be away for a while: screens say so by themselves
                log.warning("live announcements can't be read", exc_info=True)
                self._stop.wait(1)

    def _read(self, last: int | None) -> int:
        from crm_app.core.events import Announcement, origin

        with Session(database().reader) as session:
            if last is None:
                return session.execute(select(func.coalesce(func.max(Announcement.id), 0))).scalar_one()
            rows = (
                session.execute(select(Announcement).where(Announcement.id > last).order_by(Announcement.id))
                .scalars()
                .all()
            )
        topics = {topic for row in rows if row.origin != origin() for topic in row.topics}
        if topics:
            publish(topics)
        return rows[-1].id if rows else last


def forget_old(session: Session) -> None:
    """Delete announcements that every process has read long ago."""
    from crm_app.core.events import Announcement

    session.execute(delete(Announcement).where(Announcement.at < clock.now() - KEEP))

"""Live screens: which open tab watches which topic; after a commit each of those tabs asks again with its own rights.

Only a topic's name travels. A tab's own state handler re-reads what the person may see, so a push can't leak a row.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections import defaultdict

import reflex as rx

from crm_app.core import live
from crm_app.ui import reflex_internals

GATHER_SECONDS = 0.03
"""Topics that come within this time are told at once: an import announces many times a second."""


class Watchers:
    """The registry of one process: topic → tab → the handler that it wants called."""

    def __init__(self) -> None:
        self._by_topic: dict[str, dict[str, set[str]]] = defaultdict(dict)
        self._by_tab: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
        self._waiting: set[str] = set()
        self._heard_by: dict[tuple[str, str], set[str]] = {}
        self._lock = threading.Lock()
        self._app: rx.App | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._context = contextvars.Context()

    async def serve(self, app: rx.App) -> None:
        """Listen to commits for as long as the application runs: a lifespan task."""
        self._app, self._loop, self._context = app, asyncio.get_running_loop(), contextvars.copy_context()
        live.watch(self._heard)
        try:
            await asyncio.Event().wait()
        finally:
            live.unwatch(self._heard)

    def watch(self, tab: str, handler: str, topics: set[str]) -> None:
        """Have a tab's handler called after commits that touch one of the topics, instead of what it watched before."""
        with self._lock:
            self._drop(tab, handler)
            self._by_tab[tab][handler] = frozenset(topics)
            for topic in topics:
                self._by_topic[topic].setdefault(tab, set()).add(handler)

    def forget(self, tab: str) -> None:
        """Forget a tab that is gone."""
        with self._lock:
            for handler in list(self._by_tab.get(tab, ())):
                self._drop(tab, handler)
                self._heard_by.pop((tab, handler), None)
            self._by_tab.pop(tab, None)

    def heard(self, tab: str, handler: str) -> set[str]:
        """The topics for which a tab's handler has been called since it last asked."""
        with self._lock:
            return self._heard_by.pop((tab, handler), set())

    async def call(self, tab: str, handlers: list[str]) -> None:
        """Have handlers of a tab run."""
        for handler in handlers:
            if self._app is not None:
                await reflex_internals.send_event(self._app, tab, handler)

    def _drop(self, tab: str, handler: str) -> None:
        for topic in self._by_tab[tab].pop(handler, ()):
            handlers = self._by_topic[topic].get(tab)
            if handlers is not None:
                handlers.discard(handler)
                if not handlers:
                    del self._by_topic[topic][tab]
            if not self._by_topic[topic]:
                del self._by_topic[topic]

    def _heard(self, topics: set[str]) -> None:
        """Called in whatever thread has committed.

        What follows runs in the context of `serve`: in that of the commit, the tabs of others would be called with the
        cookie of the person who made the change.
        """
        with self._lock:
            known = {topic for topic in topics if topic in self._by_topic}
            first = bool(known) and not self._waiting
            self._waiting |= known
        if first and self._loop is not None:
            self._loop.call_soon_threadsafe(lambda: asyncio.ensure_future(self._tell()), context=self._context)

    async def _tell(self) -> None:
        await asyncio.sleep(GATHER_SECONDS)
        with self._lock:
            topics, self._waiting = self._waiting, set()
            calls = {
                (tab, handler): topics & self._by_tab[tab][handler]
                for topic in topics
                for tab, handlers in self._by_topic.get(topic, {}).items()
                for handler in handlers
            }
            for call, touched in calls.items():
                self._heard_by.setdefault(call, set()).update(touched)
        for tab, handler in calls:
            if self._app is None or not await reflex_internals.is_open(self._app, tab):
                self.forget(tab)
                continue
            await reflex_internals.send_event(self._app, tab, handler)


watchers = Watchers()

"""The States of changes of many cards: those at work, above each list; all of them, on their own page."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from crm_app.access.screens.base import Part, Screen, handler, number_in
from crm_app.cards.actions.bulk_changes import is_left_to_worker, stop_bulk, undo_bulk
from crm_app.cards.bulk_rules import AT_WORK
from crm_app.cards.queries.bulk_changes import list_bulk, list_ended_bulk, list_left, list_running_bulk
from crm_app.cards.screens.bulk_lines import BulkLine, bulk_lines, tell_outcome
from crm_app.core import clock
from crm_app.core.actor import LOGGED_IN
from crm_app.core.i18n import text

PAGE = 50


class LeftLine(TypedDict):
    """A card that was left alone, and why."""

    id: int
    title: str
    href: str
    reason: str


class BulkAtWork(Part):
    """One's own changes that the worker has in hand; what has come of each is told when it ends."""

    lines: list[BulkLine] = []

    _since: datetime | None = None
    _told: dict[int, str] = {}

    @handler(LOGGED_IN)
    async def opened(self) -> None:
        """Show what is at work, and follow it."""
        await self._watch({f"bulk:{self._actor.id}"}, BulkAtWork.changed)
        self._since = self._since or clock.now()
        await self._load()

    @handler(LOGGED_IN)
    async def changed(self) -> None:
        """The worker has got on, or one was begun, stopped, or ended."""
        await self._load()

    async def _load(self) -> None:
        """Also tells what has come of those that ended, even of one that was never seen at work: it went too fast."""
        self.lines = await bulk_lines(self, await self._ask(list_running_bulk))
        for ended in reversed(await self._ask(list_ended_bulk, since=self._since)):
            if is_left_to_worker(ended) and self._told.get(ended.id) != ended.state:
                self._told = {**self._told, ended.id: ended.state}
                await tell_outcome(self, ended)

    @handler(LOGGED_IN)
    async def stop_clicked(self, bulk_id: int) -> None:
        """Stop one of them."""
        await self._act(stop_bulk, bulk_id=bulk_id)


class BulkHistory(Screen):
    """Every change of many cards that one may see, the latest first. left_of: whose left cards are shown, 0: none's."""

    lines: list[BulkLine] = []
    is_ready: bool = False
    has_more: bool = False
    left_of: int = 0
    left: list[LeftLine] = []
    has_more_left: bool = False

    @handler(LOGGED_IN)
    async def opened(self) -> None:
        """Show the latest, and follow those at work; whose left cards are shown, the address may say."""
        self.left_of, self.left = number_in(self.router.url.query_parameters.get("left", "")), []
        await self._watch({f"bulk:{self._actor.id}"}, BulkHistory.changed)
        await self._load(PAGE)
        if self.left_of:
            await self._load_left()
        self.is_ready = True

    @handler(LOGGED_IN)
    async def changed(self) -> None:
        """One of them has got on."""
        await self._load(max(PAGE, len(self.lines)))

    @handler(LOGGED_IN)
    async def more_wanted(self) -> None:
        """Earlier ones too."""
        await self._load(len(self.lines) + PAGE)

    @handler(LOGGED_IN)
    async def stop_clicked(self, bulk_id: int) -> None:
        """Stop one that is at work."""
        await self._act(stop_bulk, bulk_id=bulk_id)
        await self._load(max(PAGE, len(self.lines)))

    @handler(LOGGED_IN)
    async def undo_clicked(self, bulk_id: int) -> None:
        """Take one back."""
        change = await self._act(undo_bulk, bulk_id=bulk_id)
        if change.state not in AT_WORK:
            await tell_outcome(self, change)
        await self._load(max(PAGE, len(self.lines)))

    @handler(LOGGED_IN)
    async def left_wanted(self, bulk_id: int) -> None:
        """Show which cards were left alone, and why; once more for hiding them."""
        self.left_of, self.left = (0 if bulk_id == self.left_of else bulk_id), []
        if self.left_of:
            await self._load_left()

    @handler(LOGGED_IN)
    async def more_left_wanted(self) -> None:
        """The next of them."""
        await self._load_left()

    async def _load(self, count: int) -> None:
        found = await self._ask(list_bulk, limit=count + 1)
        self.lines = await bulk_lines(self, found[:count])
        self.has_more = len(found) > count

    async def _load_left(self) -> None:
        after = self.left[-1]["id"] if self.left else 0
        found = await self._ask(list_left, bulk_id=self.left_of, after=after, limit=PAGE)
        self.left = [
            {
                "id": c.id,
                "title": c.title,
                "href": c.href,
                "reason": "; ".join(c.why) or text(f"cards.bulk.left.{c.reason}", self._locale),
            }
            for c in found
        ]
        self.has_more_left = len(found) == PAGE

"""The State of /bin: deleted cards of one kind, as the address says, and what is ticked of them."""

from __future__ import annotations

from typing import TypedDict
from urllib.parse import urlencode

import reflex as rx

from crm_app.access.screens.base import Screen, Undo, handler, number_in
from crm_app.cards.actions.bulk_changes import undo_bulk
from crm_app.cards.actions.restoring import Restored, delete_again, restore_cards, set_days_kept
from crm_app.cards.bins import DAYS
from crm_app.cards.bulk_cards import BULK
from crm_app.cards.queries.binned import (
    COUNTED,
    LONGEST_TEXT,
    MOST,
    BinRow,
    count_bin,
    list_bin,
    list_bins,
    see_days_kept,
)
from crm_app.cards.queries.bulk_changes import choose_cards
from crm_app.core.actor import LOGGED_IN
from crm_app.core.i18n import text
from crm_app.ui.field import Option
from crm_app.ui.table import NO_PAGE, TablePage

PAGE_ROWS = 60


class BinLine(TypedDict):
    """A deleted card. at: when it was deleted; goes_at: when it is removed for good, "" for never."""

    id: int
    title: str
    at: str
    by: str
    goes_at: str
    may_restore: bool


class KindLine(TypedDict):
    """A kind of card whose bin one may look into. count: of the cards in it, "10000+" for more."""

    label: str
    href: str
    count: str
    is_this: bool


class Bin(Screen):
    """Deleted cards of one kind, the latest first."""

    card: str = ""
    words: str = ""
    kinds: list[KindLine] = []
    page: TablePage = NO_PAGE
    ticked: list[int] = []
    all_ticked: bool = False
    days: str = ""
    periods: list[Option] = []
    may_choose_days: bool = False

    @handler(LOGGED_IN)
    async def opened(self) -> None:
        """Show the bin that the address names; without a name, the first one in which there is something."""
        query = dict(self.router.url.query_parameters)
        known = await self._ask(list_bins)
        filled = next((card for card, count in known.items() if count), next(iter(known), ""))
        self.card = query["card"] if query.get("card") in known else filled
        self.words = query.get("q", "")[:LONGEST_TEXT]
        await self._load_days()
        await self._watch({"bin", *(f"{card}s" for card in known)}, Bin.changed)
        await self._start()

    @handler(LOGGED_IN)
    async def changed(self) -> None:
        """Cards were deleted, restored or removed for good."""
        await self._load_days()
        await self._load("")

    @handler(LOGGED_IN)
    async def more_needed(self, after: str) -> None:
        """The next page."""
        await self._load(after)

    @handler(LOGGED_IN, supersedes=True)
    async def searched(self, words: str) -> rx.event.EventSpec:
        """Only cards in whose names these words stand."""
        told = {"card": self.card, **({"q": words[:LONGEST_TEXT]} if words else {})}
        return rx.redirect(f"/bin?{urlencode(told)}", replace=True)

    @handler(LOGGED_IN)
    async def rows_ticked(self, ids: list[int], all_matching: bool) -> None:
        """Which rows are to be restored."""
        self.ticked, self.all_ticked = ids, all_matching

    @handler(LOGGED_IN)
    async def restore_clicked(self, card_id: int) -> None:
        """Take one card out of the bin."""
        await self._restore([card_id])

    @handler(LOGGED_IN)
    async def ticked_restored(self) -> None:
        """Take all that are ticked out of the bin."""
        if self.all_ticked and self.card in BULK:
            parts = await self._ask(choose_cards, card=self.card, q=self.words, in_bin=True)
            await self._tell(await self._act(restore_cards, card=self.card, parts=parts))
        elif self.all_ticked:
            await self._restore_all()
        else:
            await self._restore(list(self.ticked))

    @handler("settings.change")
    async def days_chosen(self, days: str) -> None:
        """How long the bin keeps cards."""
        await self._act(set_days_kept, days=number_in(days))
        await self._load_days()
        await self._load("")

    async def _restore(self, ids: list[int]) -> None:
        await self._tell(await self._act(restore_cards, card=self.card, ids=ids))

    async def _restore_all(self) -> None:
        """All that match of a kind whose cards are restored one by one, as many at a time as that may be."""
        ids: list[int] = []
        after = ""
        while True:
            found = await self._ask(list_bin, card=self.card, q=self.words, after=after, limit=MOST)
            ids, after = [*ids, *(row.id for row in found.rows)], found.next or ""
            if not after:
                break
        parts = [ids[start : start + MOST] for start in range(0, len(ids), MOST)] or [[]]
        done = [await self._act(restore_cards, card=self.card, ids=part) for part in parts]
        await self._tell(done[0] if len(done) == 1 else Restored(sum(each.count for each in done)))

    async def _tell(self, done: Restored) -> None:
        if done.is_at_work:
            await self._toast("cards.bin.begun", level="info")
        else:
            await self._toast("cards.bin.restored", undo=self._way_back(done), n=done.count)
        await self._start()

    def _way_back(self, done: Restored) -> Undo | None:
        if not done.count:
            return None
        if done.bulk_id:
            return Undo(undo_bulk, {"bulk_id": done.bulk_id})
        return Undo(delete_again, {"card": self.card, "ids": list(done.ids)}) if done.ids else None

    async def _start(self) -> None:
        self.ticked, self.all_ticked = [], False
        self.page = {**self.page, "generation": self.page["generation"] + 1}
        await self._load("")

    async def _load(self, after: str) -> None:
        if not self.card:
            return
        found = await self._ask(list_bin, card=self.card, q=self.words, after=after, limit=PAGE_ROWS)
        total = self.page["total"] if after else await self._ask(count_bin, card=self.card, q=self.words)
        self.page = {
            "rows": [_line(row) for row in found.rows],
            "after": after,
            "next": found.next,
            "total": total,
            "generation": self.page["generation"],
        }
        if not after:
            self._show_kinds(await self._ask(list_bins))

    async def _load_days(self) -> None:
        self.may_choose_days = self._actor.may("settings.change")
        self.days = str(await self._ask(see_days_kept))
        self.periods = [
            {
                "id": str(days),
                "label": text("cards.bin.keep_days" if days else "cards.bin.keep_never", self._locale, n=days),
                "hint": "",
            }
            for days in DAYS
        ]

    def _show_kinds(self, known: dict[str, int]) -> None:
        self.kinds = [
            {"label": text(f"cards.bulk.of.{card}", self._locale), "href": f"/bin?card={card}",
             "count": f"{count}+" if count >= COUNTED else str(count), "is_this": card == self.card}
            for card, count in known.items()
        ]  # fmt: skip


def _line(row: BinRow) -> BinLine:
    return {
        "id": row.id,
        "title": row.title,
        "at": row.deleted_at.isoformat(),
        "by": row.deleted_by,
        "goes_at": row.goes_at.isoformat() if row.goes_at else "",
        "may_restore": row.may_restore,
    }

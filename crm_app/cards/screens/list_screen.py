"""What the States of all lists share: the address says which rows in which order, the table asks for page after page.

class Clients(ListScreen, Screen):
    _listing: ClassVar = Listing("/clients", permission="client.see", usual={**ALL, "sort": "name"})

    @handler("client.see")
    async def opened(self) -> None:
        self._read_address()
        await self._reload()

    async def _find(self, after: str) -> Found: …
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple
from urllib.parse import urlencode

import reflex as rx

from crm_app.access.screens.base import Screen, handler
from crm_app.cards.screens.address import read_filter, write_filter
from crm_app.core.errors import BadInput
from crm_app.ui.table import NO_PAGE, TablePage

NO_FILTER = "{}"
"""How an address says that no conditions are wanted."""
ALL = {"filter": NO_FILTER, "q": ""}
THE_LISTS_OWN = "the list's own"
"""Stands for the permission that each list names; nobody holds this one, so that a list which names none is refused."""


@dataclass(frozen=True)
class Listing:
    """A list: its address, who may see it, and what is meant by an address that leaves one of these words out.

    cards: where the pages of its cards are, where that is not below the list.
    """

    address: str
    permission: str
    usual: dict[str, str]
    cards: str = ""


class Found(NamedTuple):
    """Lines of a list, the key of those that follow ("" for none), and how many match in all."""

    lines: list[Any]
    next: str
    total: int


class ListScreen(Screen, mixin=True):
    """A list; filter, words and order stand in its address.

    asks_closed: the filter asks for a field that is not there for this person, or not any more.
    """

    _listing: ClassVar[Listing]

    filter: dict[str, Any] = {}
    words: str = ""
    sort: str = ""
    page: TablePage = NO_PAGE
    asks_closed: bool = False

    def __init_subclass__(cls, **options: Any) -> None:
        """Mark the handlers below, which each list gets a copy of, with the permission of the list."""
        super().__init_subclass__(**options)
        for event in cls.event_handlers.values():
            if getattr(event.fn, "__crm_permission__", "") == THE_LISTS_OWN:
                event.fn.__crm_permission__ = cls._listing.permission

    @handler(THE_LISTS_OWN)
    async def more_needed(self, after: str) -> None:
        """The next page of the list."""
        await self._load(after)

    @handler(THE_LISTS_OWN)
    async def filter_changed(self, conditions: dict[str, Any]) -> rx.event.EventSpec:
        """Other conditions."""
        return self._show_in_address(filter=write_filter(conditions) or NO_FILTER)

    @handler(THE_LISTS_OWN, supersedes=True)
    async def searched(self, words: str) -> rx.event.EventSpec:
        """Only rows in which these words stand."""
        return self._show_in_address(q=words[:200])

    @handler(THE_LISTS_OWN)
    async def all_wanted(self) -> rx.event.EventSpec:
        """Every row, whatever narrowed the list down."""
        return self._show_in_address(**ALL)

    @handler(THE_LISTS_OWN)
    async def sorted_by(self, sort: str) -> rx.event.EventSpec:
        """Another order."""
        return self._show_in_address(sort=sort)

    @handler(THE_LISTS_OWN)
    async def row_opened(self, row_id: int) -> rx.event.EventSpec:
        """Go to the card of a row."""
        return rx.redirect(f"{self._listing.cards or self._listing.address}/{row_id}")

    @abstractmethod
    async def _find(self, after: str) -> Found:
        """The lines behind a key, "" for the first ones: each list asks in its own way."""

    def _read_address(self) -> dict[str, str]:
        """Take filter, words and order from the address; gives all that it says."""
        query = dict(self.router.url.query_parameters)
        meant = {**self._listing.usual, **query}
        self.filter, self.words, self.sort = read_filter(meant["filter"]), meant["q"][:200], meant["sort"][:60]
        return query

    def _narrowed(self) -> dict[str, Any]:
        """What narrows the list down, as queries want it."""
        return {"where": self.filter or None, "q": self.words}

    async def _reload(self) -> None:
        """Start the list anew, at its top."""
        self.page = {**self.page, "generation": self.page["generation"] + 1}
        await self._load("")

    async def _load(self, after: str) -> None:
        self.asks_closed = False
        try:
            found = await self._find(after)
        except BadInput as refusal:
            if refusal.key != "cards.error.filter_field":
                raise
            self.asks_closed, found = True, Found([], "", 0)
        self.page = {
            "rows": await self._completed(found.lines),
            "after": after,
            "next": found.next,
            "total": found.total,
            "generation": self.page["generation"],
        }

    async def _completed(self, lines: list[Any]) -> list[Any]:
        """The lines with what else somebody wants to see of them."""
        return lines

    def _in_address(self) -> dict[str, str]:
        """What the address of this list says."""
        return {"filter": write_filter(self.filter) or NO_FILTER, "q": self.words, "sort": self.sort}

    def _show_in_address(self, **changed: str) -> rx.event.EventSpec:
        address, usual = self._listing.address, self._listing.usual
        told = {name: value for name, value in {**self._in_address(), **changed}.items() if value != usual[name]}
        return rx.redirect(f"{address}?{urlencode(told)}" if told else address, replace=True)

"""The State of /clients: the list, as its address says it."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from crm_app.access.screens.base import Screen, handler
from crm_app.cards.screens.address import write_filter
from crm_app.cards.screens.card_list import PAGE_ROWS, CardListScreen
from crm_app.cards.screens.list_screen import ALL, Found, Listing
from crm_app.cards.ways import search_words
from crm_app.clients.queries import count_clients, list_clients, list_words
from crm_app.clients.screens.lines import client_line, word_options
from crm_app.ui.field import Option

ADDRESS = "/clients"


class Clients(CardListScreen, Screen):
    """The list, and what is done with its ticked rows."""

    _listing: ClassVar = Listing(ADDRESS, permission="client.see", usual={**ALL, "sort": "name"})
    _card: ClassVar = "client"

    types: list[Option] = []
    statuses: list[Option] = []
    audience_text: str = ""

    @handler("client.see")
    async def opened(self) -> None:
        """Show what the address asks for, and follow what others change."""
        self._begin()
        self.audience_text = "?" + urlencode({"audience": write_filter(self._everybody()) or "{}"})
        await self._load_choices()
        await self._watch({"clients", "fields:client"}, Clients.changed)
        await self._load_columns()
        await self._reload()

    @handler("client.see")
    async def changed(self) -> None:
        """Somebody has changed a client, or what fields they have: the first rows and the count are asked for again."""
        await self._hear_of_fields(self._heard(Clients.changed))
        await self._load("")

    async def _load_choices(self) -> None:
        self.types = word_options("type", await self._ask(list_words, field="type"), self._locale)
        self.statuses = word_options("status", await self._ask(list_words, field="status"), self._locale)
        await self._load_people_and_tags()

    async def _find(self, after: str) -> Found:
        asked = self._narrowed()
        found = await self._ask(list_clients, **asked, sort=self.sort, after=after, limit=PAGE_ROWS)
        total = self.page["total"] if after else await self._ask(count_clients, **asked)
        return Found([client_line(row, self._locale) for row in found.rows], found.next, total)

    def _everybody(self) -> dict[str, Any]:
        """All that match, as the filter of a mailing."""
        words = [{"field": "text", "op": "has", "value": search_words(self.words)}] if self.words.strip() else []
        return {"all": [self.filter, *words]} if self.filter and words else {"all": words} if words else self.filter

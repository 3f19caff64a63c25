"""The State of /leads: the list, as its address says it."""

from __future__ import annotations

from typing import ClassVar

from crm_app.access.screens.base import Screen, handler
from crm_app.cards.screens.card_list import PAGE_ROWS, CardListScreen
from crm_app.cards.screens.list_screen import ALL, Found, Listing
from crm_app.leads.queries.cards import count_leads, list_leads, list_sources
from crm_app.leads.screens.lines import lead_line, source_options
from crm_app.pipelines.queries import list_pipelines
from crm_app.ui.field import Option

ADDRESS = "/leads"


class Leads(CardListScreen, Screen):
    """The list, and what is done with its ticked rows."""

    _listing: ClassVar = Listing(ADDRESS, permission="lead.see", usual={**ALL, "sort": "-created_at"})
    _card: ClassVar = "lead"

    sources: list[Option] = []
    stages: list[Option] = []

    @handler("lead.see")
    async def opened(self) -> None:
        """Show what the address asks for, and follow what others change."""
        self._begin()
        await self._load_people_and_tags()
        await self._load_choices()
        await self._load_own_filters()
        await self._watch({"leads", "fields:lead"}, Leads.changed)
        await self._load_columns()
        await self._reload()

    @handler("lead.see")
    async def changed(self) -> None:
        """Somebody has changed a lead, or what fields they have: the first rows and the count are asked for again."""
        await self._hear_of_fields(self._heard(Leads.changed))
        await self._load("")

    async def _load_choices(self) -> None:
        self.sources = source_options(await self._ask(list_sources), self._locale)
        ways = await self._ask(list_pipelines, card="lead")
        self.stages = [
            {"id": str(stage.id), "label": stage.name, "hint": way.name if len(ways) > 1 else ""}
            for way in ways
            for stage in way.stages
        ]

    async def _find(self, after: str) -> Found:
        asked = self._narrowed()
        found = await self._ask(list_leads, **asked, sort=self.sort, after=after, limit=PAGE_ROWS)
        total = self.page["total"] if after else await self._ask(count_leads, **asked)
        return Found([lead_line(row, self._locale) for row in found.rows], found.next, total)

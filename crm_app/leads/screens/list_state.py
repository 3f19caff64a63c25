"""The State of /leads: the list, as its address says it."""

from __future__ import annotations

from typing import ClassVar

from crm_app.access.screens.base import Screen, handler
from crm_app.cards.screens.card_list import PAGE_ROWS, CardListScreen
from crm_app.cards.screens.list_screen import ALL, Found, Listing
from crm_app.leads.queries.cards import count_leads, list_leads
from crm_app.leads.screens.lines import lead_line

ADDRESS = "/leads"


class Leads(CardListScreen, Screen):
    """The list, and what is done with its ticked rows."""

    _listing: ClassVar = Listing(ADDRESS, permission="lead.see", usual={**ALL, "sort": "-created_at"})
    _card: ClassVar = "lead"

    @handler("lead.see")
    async def opened(self) -> None:
        """Show what the address asks for, and follow what others change."""
        self._begin()
        await self._load_people_and_tags()
        await self._watch({"leads", "fields:lead"}, Leads.changed)
        await self._load_columns()
        await self._reload()

    @handler("lead.see")
    async def changed(self) -> None:
        """Somebody has changed a lead, or what fields they have: the first rows and the count are asked for again."""
        await self._hear_of_fields(self._heard(Leads.changed))
        await self._load("")

    async def _find(self, after: str) -> Found:
        asked = self._narrowed()
        found = await self._ask(list_leads, **asked, sort=self.sort, after=after, limit=PAGE_ROWS)
        total = self.page["total"] if after else await self._ask(count_leads, **asked)
        return Found([lead_line(row, self._locale) for row in found.rows], found.next, total)

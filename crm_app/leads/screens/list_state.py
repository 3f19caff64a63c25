"""The State of /leads: the list, as its address says it."""

from __future__ import annotations

from typing import Any, ClassVar

from crm_app.access.screens.base import Screen, handler
from crm_app.cards.screens.card_list import PAGE_ROWS
from crm_app.cards.screens.cells import CellKind, EditsCells, Typed
from crm_app.cards.screens.list_screen import ALL, Found, Listing
from crm_app.clients.screens.copies import added, look_for_copies
from crm_app.leads.actions.cards import change_lead
from crm_app.leads.queries.cards import LeadCard, count_leads, find_lead_duplicates, list_leads, see_lead
from crm_app.leads.screens.card_state import typed_value, typed_values
from crm_app.leads.screens.lines import lead_line
from crm_app.pipelines.screens.bulk_moves_state import MovesMany

ADDRESS = "/leads"


_CELLS = {
    "about": CellKind("person"), "responsible": CellKind("responsible_id", "select", "employees"),
    "interest": CellKind("interest", "textarea"), "note": CellKind("note", "textarea"),
    "phone": CellKind("phones", "tel"), "email": CellKind("emails"),
    **{name: CellKind(name) for name in (
        "source", "organisation", "position", "city", "site", "utm_source", "utm_medium", "utm_campaign",
    )},
}  # fmt: skip


class Leads(MovesMany, EditsCells, Screen):
    """The list, and what is done with its ticked rows."""

    _listing: ClassVar = Listing(ADDRESS, permission="lead.see", usual={**ALL, "sort": "-created_at"})
    _card: ClassVar = "lead"
    _cells: ClassVar = _CELLS

    @handler("lead.see")
    async def opened(self) -> None:
        """Show what the address asks for, and follow what others change."""
        self._begin()
        await self._load_people_and_tags()
        await self._load_stages()
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
        lines, next_ = await self._lines(asked, after)
        return Found(lines, next_, self.page["total"] if after else await self._ask(count_leads, **asked))

    async def _lines(self, asked: dict[str, Any], after: str) -> tuple[list[Any], str]:
        found = await self._ask(list_leads, **asked, sort=self.sort, after=after, limit=PAGE_ROWS)
        return [lead_line(row, self._locale) for row in found.rows], found.next

    async def _typed(self, card_id: int) -> Typed:
        seen: LeadCard = await self._ask(see_lead, lead_id=card_id)
        return Typed(seen.version, seen.may_change, typed_values(seen, self._locale))

    async def _write(self, card_id: int, name: str, value: str, version: int) -> None:
        await self._act(change_lead, lead_id=card_id, values={name: typed_value(name, value)}, version=version)

    async def _was_written(self, card_id: int, name: str, value: str, seen: str) -> None:
        await look_for_copies(self, find_lead_duplicates, "lead", card_id, added(name, value, seen))

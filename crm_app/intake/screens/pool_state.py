"""The State of /leads/pool: leads that are nobody's."""

from __future__ import annotations

from typing import TypedDict

from crm_app.access.screens.base import Screen, handler
from crm_app.core.clock import iso
from crm_app.intake.actions.pool import take_lead
from crm_app.intake.events import POOL
from crm_app.intake.queries.distribution import list_pool
from crm_app.leads.rules import source_label


class PoolLine(TypedDict):
    """A lead of nobody's; times are ISO, "" for none."""

    id: int
    name: str
    interest: str
    source: str
    created_at: str
    touch_due_at: str


class Pool(Screen):
    """The leads that anybody may take."""

    lines: list[PoolLine] = []
    is_ready: bool = False

    @handler("lead.take")
    async def opened(self) -> None:
        """Fill the page, and follow what comes and goes."""
        await self._watch({POOL}, Pool.changed)
        await self._load()

    @handler("lead.take")
    async def changed(self) -> None:
        """A lead has come, or somebody has taken one."""
        await self._load()

    @handler("lead.take")
    async def lead_taken(self, lead_id: int) -> None:
        """Take one."""
        try:
            await self._act(take_lead, lead_id=lead_id)
            await self._toast("intake.pool.taken")
        finally:
            await self._load()

    async def _load(self) -> None:
        self.lines = [
            {
                "id": row.id, "name": row.name, "interest": row.interest.partition("\n")[0],
                "source": source_label(row.source, self._locale), "created_at": iso(row.created_at),
                "touch_due_at": iso(row.touch_due_at),
            }
            for row in await self._ask(list_pool)
        ]  # fmt: skip
        self.is_ready = True

"""The States of requests for approval: those of the deal whose page this is, and those that wait for the reader."""

from __future__ import annotations

from crm_app.access.screens.base import Part, Screen, handler
from crm_app.deals.queries.approvals import list_deal_approvals, list_waiting
from crm_app.deals.screens.approval_lines import Decides, approval_line


class DealApprovals(Decides, Part):
    """The requests of the deal whose page this is."""

    _deal_id: int = 0

    @handler("deal.see")
    async def opened(self) -> None:
        """Show what the deal waits for, and follow what others change."""
        self._deal_id, self.requests = self._number_in_address, []
        await self._watch({f"deal:{self._deal_id}"}, DealApprovals.changed)
        await self._load_requests()

    @handler("deal.see")
    async def changed(self) -> None:
        """Somebody has decided, or changed the deal."""
        await self._load_requests()

    async def _load_requests(self) -> None:
        found = await self._ask(list_deal_approvals, deal_id=self._deal_id)
        self.requests = [approval_line(row) for row in found]


class WaitingApprovals(Decides, Screen):
    """What waits for the reader."""

    is_ready: bool = False

    @handler("deal.approve")
    async def opened(self) -> None:
        """Fill the page, and follow what others do."""
        await self._watch({f"approvals:{self._actor.id}", "approvals"}, WaitingApprovals.changed)
        await self._load_requests()
        self.is_ready = True

    @handler("deal.approve")
    async def changed(self) -> None:
        """Something more waits, or something less."""
        await self._load_requests()

    async def _load_requests(self) -> None:
        self.requests = [approval_line(row) for row in await self._ask(list_waiting)]

"""The State of the panel "Planned" on a deal's page."""

from __future__ import annotations

from typing import Any

from crm_app.access.screens.base import Part, handler
from crm_app.core import clock
from crm_app.core.errors import CrmError
from crm_app.deals.actions.plans import drop_plan, finish_plan, plan_action
from crm_app.deals.queries.cards import list_plans
from crm_app.deals.screens.asked_fields import plan_of
from crm_app.deals.screens.deal_rows import PlanLine, plan_line


class DealPlans(Part):
    """What is planned for the deal whose page this is."""

    plans: list[PlanLine] = []
    errors: dict[str, str] = {}
    form_key: int = 0

    _deal_id: int = 0

    @handler("deal.see")
    async def opened(self) -> None:
        """Show the plans of the deal in the address, and follow what others change."""
        self._deal_id, self.plans, self.errors = self._number_in_address, [], {}
        await self._watch({f"deal:{self._deal_id}"}, DealPlans.changed)
        await self._load()

    @handler("deal.see")
    async def changed(self) -> None:
        """Somebody has changed the deal."""
        await self._load()

    @handler("deal.change")
    async def plan_added(self, fields: dict[str, str]) -> None:
        """Plan the next action."""
        self.errors = {}
        await self._act(plan_action, deal_id=self._deal_id, plan=plan_of(fields))
        self.form_key += 1
        await self._load()

    @handler("deal.change")
    async def plan_done(self, plan_id: int) -> None:
        """A planned action is done."""
        await self._act(finish_plan, plan_id=plan_id)
        await self._load()

    @handler("deal.change")
    async def plan_dropped(self, plan_id: int) -> None:
        """A planned action is not needed."""
        await self._act(drop_plan, plan_id=plan_id)
        await self._load()

    async def _load(self) -> None:
        self.plans = [plan_line(plan, clock.now()) for plan in await self._ask(list_plans, deal_id=self._deal_id)]

    async def _refused(self, error: CrmError) -> Any:
        self.errors = self._by_field(error)
        if not self.errors:
            await super()._refused(error)

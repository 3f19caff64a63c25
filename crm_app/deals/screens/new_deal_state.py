"""The State of the dialog for a new deal, on the board."""

from __future__ import annotations

from typing import Any

from crm_app.access.screens.base import Screen, handler
from crm_app.cards.screens.asked import fields_to_fill
from crm_app.cards.screens.custom_lines import OwnFieldLine
from crm_app.clients.queries import see_client
from crm_app.core.errors import CrmError
from crm_app.deals.actions.cards import create_deal
from crm_app.deals.screens.asked_fields import entry_of, values_of
from crm_app.pipelines.queries import see_stage


class NewDeal(Screen):
    """A deal that is being written down. asked: what the stage that it begins in wants; own: custom fields to fill."""

    is_open: bool = False
    asked: list[str] = []
    own: list[OwnFieldLine] = []
    errors: dict[str, str] = {}
    form_key: int = 0
    client_id: str = ""
    client_name: str = ""

    _pipeline_id: int = 0
    _stage_id: int = 0

    @handler("deal.create")
    async def wanted(self, stage_id: int) -> None:
        """Begin a new deal in a stage."""
        await self._begin(stage_id, 0)

    @handler("deal.create")
    async def wanted_with(self, stage_id: int, client_id: int) -> None:
        """Begin a new deal with a client."""
        await self._begin(stage_id, client_id)

    @handler("deal.create")
    async def closed(self) -> None:
        """Not now."""
        self.is_open, self.errors = False, {}

    @handler("deal.create")
    async def added(self, fields: dict[str, str]) -> None:
        """Add the deal that was written down."""
        self.errors = {}
        where = {"pipeline_id": self._pipeline_id, "stage_id": self._stage_id}
        plan = entry_of(fields, self.asked).get("next_action")
        await self._act(create_deal, **where, values=values_of(fields), next_action=plan)
        self.is_open = False

    async def _begin(self, stage_id: int, client_id: int) -> None:
        stage = await self._ask(see_stage, stage_id=stage_id)
        self.client_name = (await self._ask(see_client, client_id=client_id)).name if client_id else ""
        self.client_id = str(client_id or "")
        self._pipeline_id, self._stage_id, self.asked = stage.pipeline_id, stage.id, stage.required_fields
        self.own = await fields_to_fill(self, "deal", stage.pipeline_id, stage.id)
        self.is_open, self.errors, self.form_key = True, {}, self.form_key + 1

    async def _refused(self, error: CrmError) -> Any:
        self.errors = self._by_field(error)
        if not self.errors:
            await super()._refused(error)

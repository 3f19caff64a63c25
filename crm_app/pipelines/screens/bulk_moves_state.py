"""What the States of lists share whose ticked cards are moved to a stage together."""

from __future__ import annotations

from crm_app.access.screens.base import handler, number_in
from crm_app.cards.bulk_rules import REFUSED
from crm_app.cards.queries.bulk_changes import LeftCard, list_left
from crm_app.cards.screens.card_list import CardListScreen
from crm_app.cards.screens.list_screen import THE_LISTS_OWN
from crm_app.pipelines.queries import PipelineRow, list_pipelines
from crm_app.ui.field import Option

MOST_REFUSED = 50


class MovesMany(CardListScreen, mixin=True):
    """stages: to choose from; refused: cards that the last move of many left where they were."""

    stages: list[Option] = []
    refused: list[LeftCard] = []

    @handler(THE_LISTS_OWN)
    async def bulk_moved(self, fields: dict[str, str]) -> None:
        """Move all ticked cards to a stage; those that the rule refuses stay, and are told with its reasons."""
        self.refused = []
        if stage_id := number_in(fields.get("stage_id", "")):
            moved = await self._change_all("move", stage_id=stage_id, reason=fields.get("reason", ""))
            if moved.counts.get(REFUSED):
                self.refused = await self._ask(list_left, bulk_id=moved.id, limit=MOST_REFUSED)

    @handler(THE_LISTS_OWN)
    async def refused_read(self) -> None:
        """The person has read who was left where they were."""
        self.refused = []

    async def _load_stages(self) -> list[PipelineRow]:
        """Fill in the stages of all pipelines that such cards go through; gives these."""
        self.refused = []
        ways = await self._ask(list_pipelines, card=self._card)
        several = len(ways) > 1
        self.stages = [
            {"id": str(stage.id), "label": f"{way.name}: {stage.name}" if several else stage.name, "hint": ""}
            for way in ways
            for stage in way.stages
        ]
        return ways

"""The State of /pipelines: pipelines at a glance; another one comes from a preset or from one's own."""

from __future__ import annotations

from typing import TypedDict

import reflex as rx

from crm_app.access.screens.base import Screen, handler
from crm_app.core import i18n
from crm_app.pipelines.actions.arranging import create_pipeline_from_preset, remove_pipeline
from crm_app.pipelines.actions.plans import copy_pipeline
from crm_app.pipelines.queries import PipelineRow, list_pipelines, see_pipeline
from crm_app.pipelines.rules import LONGEST_NAME
from crm_app.pipelines.screens.editor_state import ChipLine


class PipelineLine(TypedDict):
    """A pipeline. card: which kind goes through it."""

    id: int
    name: str
    href: str
    card: str
    order_rule: str
    stages: list[ChipLine]


class Pipelines(Screen):
    """What the page shows. leaving_id: the pipeline that somebody wants to remove."""

    pipelines: list[PipelineLine] = []
    is_ready: bool = False
    saves: int = 0
    leaving_id: int = 0
    leaving_name: str = ""

    @handler("pipeline.change")
    async def opened(self) -> None:
        """Fill the page, and follow what others change."""
        await self._watch({"pipelines"}, Pipelines.changed)
        await self._load()

    @handler("pipeline.change")
    async def changed(self) -> None:
        """Somebody has changed a pipeline."""
        await self._load()

    @handler("pipeline.change")
    async def preset_chosen(self, preset: str) -> rx.event.EventSpec:
        """Add a pipeline from a preset, in the reader's language, and open it."""
        made = await self._act(create_pipeline_from_preset, preset=preset, locale=self._locale)
        self.saves += 1
        return rx.redirect(f"/pipelines/{made.id}")

    @handler("pipeline.change")
    async def copy_wanted(self, pipeline_id: int) -> rx.event.EventSpec:
        """Add a pipeline like another one, and open it."""
        pattern = await self._ask(see_pipeline, pipeline_id=pipeline_id)
        name = i18n.text("pipelines.copy_of", self._locale, name=pattern.name)[:LONGEST_NAME]
        made = await self._act(copy_pipeline, pipeline_id=pipeline_id, name=name)
        self.saves += 1
        return rx.redirect(f"/pipelines/{made.id}")

    @handler("pipeline.change")
    async def removal_wanted(self, pipeline_id: int) -> None:
        """Ask before a pipeline goes."""
        self.leaving_name = next((row["name"] for row in self.pipelines if row["id"] == pipeline_id), "")
        self.leaving_id = pipeline_id

    @handler("pipeline.change")
    async def removal_dropped(self) -> None:
        """The pipeline stays."""
        self.leaving_id = 0

    @handler("pipeline.change")
    async def pipeline_removed(self) -> None:
        """The pipeline goes."""
        number, self.leaving_id = self.leaving_id, 0
        await self._act(remove_pipeline, pipeline_id=number)
        await self._load()

    async def _load(self) -> None:
        self.pipelines = [_line(row) for row in await self._ask(list_pipelines, card="")]
        self.is_ready = True


def _line(row: PipelineRow) -> PipelineLine:
    return {
        "id": row.id,
        "name": row.name,
        "href": f"/pipelines/{row.id}",
        "card": row.card,
        "order_rule": row.order_rule,
        "stages": [{"name": stage.name, "colour": stage.colour} for stage in row.stages],
    }

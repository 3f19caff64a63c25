"""The State of /pipelines: pipelines with their stages, arranged by whoever may."""

from __future__ import annotations

from typing import Any, TypedDict

from crm_app.access.screens.base import Screen, handler, number_in
from crm_app.access.screens.editing import EditsInPlace
from crm_app.pipelines.actions.arranging import (
    add_stage,
    change_pipeline,
    change_stage,
    create_pipeline_from_preset,
    move_stage,
    remove_pipeline,
    remove_stage,
)
from crm_app.pipelines.queries import PipelineRow, list_pipelines
from crm_app.pipelines.rules import FIELDS, OPEN


class StageLine(TypedDict):
    """A stage: figures as they are typed; asks: field → whether the stage asks for it; place: among the open ones."""

    id: int
    name: str
    kind: str
    colour: str
    probability: str
    rot_days: str
    place: int
    is_first: bool
    is_last: bool
    of_deals: bool
    asks_nothing: bool
    asks: dict[str, bool]


class PipelineLine(TypedDict):
    """A pipeline. card: which kind goes through it; touch_minutes: as it is typed."""

    id: int
    name: str
    card: str
    order_rule: str
    touch_minutes: str
    stages: list[StageLine]


class Pipelines(EditsInPlace, Screen):
    """What the page shows."""

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
    async def preset_chosen(self, preset: str) -> None:
        """Add a pipeline from a preset, in the reader's language."""
        await self._act(create_pipeline_from_preset, preset=preset, locale=self._locale)
        self.saves += 1
        await self._load()

    @handler("pipeline.change")
    async def pipeline_edited(self, name: str, text: str) -> None:
        """A pipeline was edited in place. name: "3:order_rule"."""
        number, field = _named(name)
        with self._edits(name):
            await self._act(change_pipeline, pipeline_id=number, values={field: _typed(field, text)})
            await self._load()

    @handler("pipeline.change")
    async def stage_edited(self, name: str, text: str) -> None:
        """A stage was edited in place. name: "12:probability"."""
        number, field = _named(name)
        with self._edits(name):
            await self._act(change_stage, stage_id=number, values={field: _typed(field, text)})
            await self._load()

    @handler("pipeline.change")
    async def field_asked(self, stage_id: int, field: str) -> None:
        """A stage asks for one field more, or less."""
        stages = (stage for pipeline in self.pipelines for stage in pipeline["stages"])
        asks = next((stage["asks"] for stage in stages if stage["id"] == stage_id), {})
        wanted = [known for known in FIELDS if asks.get(known, False) != (known == field)]
        await self._act(change_stage, stage_id=stage_id, values={"required_fields": wanted})
        await self._load()

    @handler("pipeline.change")
    async def stage_added(self, fields: dict[str, str]) -> None:
        """One stage more. fields: name, and pipeline, its id."""
        await self._act(add_stage, pipeline_id=number_in(fields.get("pipeline")), name=fields.get("name", ""))
        self.saves += 1
        await self._load()

    @handler("pipeline.change")
    async def stage_moved(self, stage_id: int, place: int) -> None:
        """A stage goes before or behind another."""
        await self._act(move_stage, stage_id=stage_id, place=place)
        await self._load()

    @handler("pipeline.change")
    async def stage_removed(self, stage_id: int) -> None:
        """One stage less."""
        await self._act(remove_stage, stage_id=stage_id)
        await self._load()

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


def _named(name: str) -> tuple[int, str]:
    """The id and the field in "12:probability"."""
    number, _, field = name.partition(":")
    return number_in(number), field


def _typed(field: str, text: str) -> Any:
    """What was typed, as the action takes it: -1 for a figure that is none."""
    if field not in ("probability", "rot_days", "touch_minutes"):
        return text
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _line(row: PipelineRow) -> PipelineLine:
    way = [stage.id for stage in row.stages if stage.kind == OPEN]
    return {
        "id": row.id,
        "name": row.name,
        "card": row.card,
        "order_rule": row.order_rule,
        "touch_minutes": str(row.touch_minutes),
        "stages": [
            {
                "id": stage.id,
                "name": stage.name,
                "kind": stage.kind,
                "colour": stage.colour,
                "probability": str(stage.probability),
                "rot_days": str(stage.rot_days),
                "place": way.index(stage.id) if stage.id in way else -1,
                "is_first": stage.id == way[0],
                "is_last": stage.id == way[-1],
                "of_deals": row.card == "deal",
                "asks_nothing": not stage.required_fields,
                "asks": {field: field in stage.required_fields for field in FIELDS},
            }
            for stage in row.stages
        ],
    }

"""What programs do with pipelines and stages."""

from __future__ import annotations

from typing import Literal

from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import Body, Id, Listing, page
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx
from crm_app.core.errors import NotFound
from crm_app.pipelines.actions import (
    add_stage,
    change_pipeline,
    change_stage,
    create_pipeline_from_preset,
    move_stage,
    remove_pipeline,
    remove_stage,
)
from crm_app.pipelines.drafts import PipelineDraft, StageDraft
from crm_app.pipelines.queries import PipelineRow, StageRow, list_pipelines, see_pipeline

endpoints = Endpoints()


class PipelineBody(Body):
    """A pipeline to be added. name: the preset's own where it is left out."""

    preset: Literal["basic", "goods", "services", "project", "leads"]
    name: str = ""


class PipelineChanges(Body):
    """What is to be changed. order_rule: "strict" (stage after stage) or "free"; touch_minutes: within how many a new
    lead has to be touched first, 0 where it may wait.
    """

    name: str | None = None
    order_rule: Literal["strict", "free"] | None = None
    touch_minutes: int | None = None


class StageBody(Body):
    """A stage to be added behind the last open one."""

    name: str


class StagePlace(Body):
    """A place among the open stages of the pipeline, 0 being the first."""

    place: int


class StageChanges(Body):
    """What is to be changed. probability: per cent; rot_days: 0 means that a deal may lie there for ever."""

    name: str | None = None
    colour: str | None = None
    probability: int | None = None
    required_fields: list[str] | None = None
    rot_days: int | None = None


@endpoints.get("/pipelines", LOGGED_IN)
def list_all_pipelines(tx: Tx, card: Literal["deal", "lead"] = "deal") -> Listing[PipelineRow]:
    """The pipelines of one kind of card with their stages, in their order."""
    return page(seen(tx, list_pipelines, card=card), "pipelines", None)


@endpoints.post("/pipelines", "pipeline.change", status=201)
def create_pipeline(tx: Tx, body: PipelineBody) -> PipelineRow:
    """Add a pipeline with the stages of a preset, named in the language that is asked for."""
    added = tx.do(create_pipeline_from_preset, body.preset, locale=tx.actor.locale, name=body.name)
    return seen(tx, see_pipeline, pipeline_id=added.id)


@endpoints.get("/pipelines/{pipeline_id}", LOGGED_IN)
def see_one_pipeline(tx: Tx, pipeline_id: Id) -> PipelineRow:
    """One pipeline with its stages in order."""
    return seen(tx, see_pipeline, pipeline_id=pipeline_id)


@endpoints.patch("/pipelines/{pipeline_id}", "pipeline.change")
def update_pipeline(tx: Tx, pipeline_id: Id, body: PipelineChanges) -> PipelineRow:
    """Rename a pipeline, or change the order in which its stages may be entered."""
    tx.do(change_pipeline, pipeline_id, PipelineDraft(**body.told()))
    return seen(tx, see_pipeline, pipeline_id=pipeline_id)


@endpoints.delete("/pipelines/{pipeline_id}", "pipeline.change")
def delete_pipeline(tx: Tx, pipeline_id: Id) -> None:
    """Take a pipeline away with its stages; one that has deals is kept."""
    tx.do(remove_pipeline, pipeline_id)


@endpoints.post("/pipelines/{pipeline_id}/stages", "pipeline.change", status=201)
def create_stage(tx: Tx, pipeline_id: Id, body: StageBody) -> StageRow:
    """Add a stage behind the last open one."""
    return _stage(tx, tx.do(add_stage, pipeline_id, body.name).id or 0)


@endpoints.get("/stages", LOGGED_IN)
def list_all_stages(tx: Tx, pipeline_id: Id | None = None) -> Listing[StageRow]:
    """Stages of all pipelines or of one, in their order."""
    pipelines = [p for p in seen(tx, list_pipelines, card="") if pipeline_id in (None, p.id)]
    return page([stage for pipeline in pipelines for stage in pipeline.stages], "stages", None)


@endpoints.get("/stages/{stage_id}", LOGGED_IN)
def see_stage(tx: Tx, stage_id: Id) -> StageRow:
    """One stage."""
    return _stage(tx, stage_id)


@endpoints.patch("/stages/{stage_id}", "pipeline.change")
def update_stage(tx: Tx, stage_id: Id, body: StageChanges) -> StageRow:
    """Rename a stage, or change what it looks like, promises and asks for."""
    tx.do(change_stage, stage_id, StageDraft(**body.told()))
    return _stage(tx, stage_id)


@endpoints.post("/stages/{stage_id}/move", "pipeline.change")
def place_stage(tx: Tx, stage_id: Id, body: StagePlace) -> StageRow:
    """Put an open stage on another place among the open ones."""
    tx.do(move_stage, stage_id, body.place)
    return _stage(tx, stage_id)


@endpoints.delete("/stages/{stage_id}", "pipeline.change")
def delete_stage(tx: Tx, stage_id: Id) -> None:
    """Take an open stage away; one that deals have gone through is kept."""
    tx.do(remove_stage, stage_id)


def _stage(tx: Tx, stage_id: int) -> StageRow:
    for pipeline in seen(tx, list_pipelines, card=""):
        for stage in pipeline.stages:
            if stage.id == stage_id:
                return stage
    raise NotFound()

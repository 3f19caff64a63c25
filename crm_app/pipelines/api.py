"""What programs do with pipelines and stages."""

from __future__ import annotations

from typing import Any, Literal

from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import Body, Id, Listing, page
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx
from crm_app.core.errors import NotFound
from crm_app.pipelines.actions.arranging import (
    add_stage,
    change_pipeline,
    change_stage,
    create_pipeline_from_preset,
    move_stage,
    remove_pipeline,
)
from crm_app.pipelines.actions.plans import copy_pipeline, remove_stage, roll_back_pipeline, save_pipeline
from crm_app.pipelines.drafts import PipelineDraft, PipelinePlan, StageDraft
from crm_app.pipelines.queries import PipelineRow, StageRow, VersionRow, list_pipelines, list_versions, see_pipeline
from crm_app.pipelines.touches import Touched, see_touched

endpoints = Endpoints()


class PipelineBody(Body):
    """A pipeline to be added. name: the preset's own where it is left out."""

    preset: Literal["basic", "goods", "services", "project", "leads"]
    name: str = ""


class PipelineChanges(Body):
    """What is to be changed. order_rule: "strict" (stage after stage), "both" (a step forward or back), "named" (only
    where a transition leads) or "free"; touch_minutes: within how many a new lead has to be touched first, 0 where it
    may wait.
    """

    name: str | None = None
    order_rule: Literal["free", "strict", "both", "named"] | None = None
    touch_minutes: int | None = None


class StagePlanBody(Body):
    """A stage as it is to be. key: its id; below zero for one that is new. rot_days: working days since its "entry" or
    since the last "touch" (rot_from); wip_limit: how many deals are meant to stand there, 0 for any number; wip_rule:
    one more is let in with a word ("warn") or refused.
    """

    key: int
    name: str
    kind: Literal["open", "won", "lost", "hold"] = "open"
    colour: str = "blue"
    probability: int = 0
    rot_days: int = 0
    rot_from: Literal["entry", "touch"] = "entry"
    wip_limit: int = 0
    wip_rule: Literal["warn", "refuse"] = "warn"
    required_fields: list[str] = []


class TransitionBody(Body):
    """A way from an open stage to an open or won one, told by their keys.

    required_fields: what it asks for; is_guarded: only for those who hold the right to pass such ones.
    """

    from_key: int
    to_key: int
    required_fields: list[str] = []
    is_guarded: bool = False


class ApprovalBody(Body):
    """A rule by which deals enter a stage only once others have approved it. Stages are told by their keys.

    key: of a rule that is there, below zero for a new one; from_key: 0 for any stage; conditions: a filter of deals;
    approvers, substitute: "employee:7", "role:head" or "head" (of the responsible's department); needs: how many of
    them, 0 for all; limit: in working hours or days, 0 for none.
    """

    key: int = -1
    to_key: int
    from_key: int = 0
    conditions: dict[str, Any] = {}
    approvers: list[str]
    needs: int = 0
    in_turn: bool = False
    limit: int = 0
    unit: Literal["hours", "days"] = "hours"
    substitute: str = ""
    spares_responsible: bool = False
    words: str = ""


class RightBody(Body):
    """What a role is kept from on deals of a stage; stage_key: 0 for all stages.

    It only takes away from what the role may everywhere. Setting it takes the permission `role.manage`.
    """

    role: str
    field: str
    level: Literal["hidden", "read"]
    stage_key: int = 0


class PlanBody(Body):
    """A pipeline as it is to be. Stages that are not named go. transitions: where the order is "named"."""

    name: str
    order_rule: Literal["free", "strict", "both", "named"] = "free"
    touch_minutes: int = 0
    stages: list[StagePlanBody]
    transitions: list[TransitionBody] = []
    approvals: list[ApprovalBody] = []
    rights: list[RightBody] = []

    def plan(self) -> PipelinePlan:
        """What was sent, as the action takes it."""
        return PipelinePlan(**self.model_dump(include=set(PipelinePlan.model_fields)))


class PlanToSave(PlanBody):
    """A plan to be saved. goes: id of a stage that goes → key of the stage where its cards go.

    version: of the pipeline as one has seen it; another's change since then is a conflict.
    """

    goes: dict[int, int] = {}
    version: int | None = None


class RollBackBody(Body):
    """goes: id of a stage that goes → id of the stage where its cards go. version: as one has seen it."""

    goes: dict[int, int] = {}
    version: int | None = None


class CopyBody(Body):
    """A copy to be made. name: what it is called."""

    name: str


class StageBody(Body):
    """A stage to be added behind the last open one."""

    name: str


class StagePlace(Body):
    """A place among the open stages of the pipeline, 0 being the first."""

    place: int


class StageChanges(Body):
    """What is to be changed. probability: per cent; rot_days: 0 means that a deal may lie there for ever; wip_limit: 0
    means that any number may stand there.
    """

    name: str | None = None
    colour: str | None = None
    probability: int | None = None
    required_fields: list[str] | None = None
    rot_days: int | None = None
    rot_from: Literal["entry", "touch"] | None = None
    wip_limit: int | None = None
    wip_rule: Literal["warn", "refuse"] | None = None


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


@endpoints.put("/pipelines/{pipeline_id}/plan", "pipeline.change")
def save_plan(tx: Tx, pipeline_id: Id, body: PlanToSave) -> PipelineRow:
    """Make a pipeline as the plan says, in one version; cards of stages that go are moved by the worker."""
    tx.do(save_pipeline, pipeline_id, body.plan(), goes=body.goes, version=body.version)
    return seen(tx, see_pipeline, pipeline_id=pipeline_id)


@endpoints.post("/pipelines/{pipeline_id}/plan/touched", "pipeline.change")
def show_touched(tx: Tx, pipeline_id: Id, body: PlanBody) -> Touched:
    """What a plan would touch, without saving it."""
    return seen(tx, see_touched, pipeline_id=pipeline_id, plan=body.plan())


@endpoints.get("/pipelines/{pipeline_id}/versions", "pipeline.change")
def list_all_versions(tx: Tx, pipeline_id: Id) -> Listing[VersionRow]:
    """What a pipeline was like, the latest version first."""
    return page(seen(tx, list_versions, pipeline_id=pipeline_id), "versions", None)


@endpoints.post("/pipelines/{pipeline_id}/versions/{number}/restore", "pipeline.change")
def restore_version(tx: Tx, pipeline_id: Id, number: Id, body: RollBackBody) -> PipelineRow:
    """Make a pipeline what it was like in a version; that is a new version."""
    tx.do(roll_back_pipeline, pipeline_id, number, goes=body.goes, version=body.version)
    return seen(tx, see_pipeline, pipeline_id=pipeline_id)


@endpoints.post("/pipelines/{pipeline_id}/copy", "pipeline.change", status=201)
def copy_one_pipeline(tx: Tx, pipeline_id: Id, body: CopyBody) -> PipelineRow:
    """Add a pipeline like another one, without its cards."""
    return seen(tx, see_pipeline, pipeline_id=tx.do(copy_pipeline, pipeline_id, body.name).id)


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
def delete_stage(tx: Tx, stage_id: Id, to_stage_id: Id | None = None) -> None:
    """Take an open stage away. to_stage_id: where its cards go; one with cards is kept where that is not told."""
    tx.do(remove_stage, stage_id, to_stage_id)


def _stage(tx: Tx, stage_id: int) -> StageRow:
    for pipeline in seen(tx, list_pipelines, card=""):
        for stage in pipeline.stages:
            if stage.id == stage_id:
                return stage
    raise NotFound()

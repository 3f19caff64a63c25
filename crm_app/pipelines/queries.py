"""What can be asked of pipelines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from crm_app.access.models import Employee
from crm_app.cards.kinds import Way
from crm_app.cards.queries.rights import tell_values
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, query
from crm_app.pipelines.choices import pipelines_of
from crm_app.pipelines.models import DEAL, LEAD, Pipeline, PipelineVersion, Stage
from crm_app.pipelines.policy import PART


@dataclass(frozen=True)
class StageRow:
    """A stage as it is shown; see the model."""

    id: int
    pipeline_id: int
    name: str
    kind: str
    position: int
    colour: str
    probability: int
    required_fields: list[str]
    rot_days: int
    leaving_to_id: int | None = None
    rot_from: str = "entry"
    wip_limit: int = 0
    wip_rule: str = "warn"


@dataclass(frozen=True)
class TransitionRow:
    """A way from stage to stage; see the model of pipelines."""

    from_id: int
    to_id: int
    required_fields: list[str]
    is_guarded: bool


@dataclass(frozen=True)
class ApprovalRow:
    """A rule of approval; see drafts.ApprovalPlan, with ids of stages."""

    key: int
    from_id: int
    to_id: int
    conditions: dict[str, Any]
    approvers: list[str]
    needs: int
    in_turn: bool
    limit: int
    unit: str
    substitute: str
    spares_responsible: bool
    words: str


@dataclass(frozen=True)
class RightRow:
    """What a role is kept from in a stage, 0 for every one; see drafts.RightPlan."""

    role: str
    field: str
    level: str
    stage_id: int


@dataclass(frozen=True)
class PipelineRow:
    """A pipeline with its stages in order; see the model."""

    id: int
    name: str
    order_rule: str
    stages: list[StageRow]
    card: str = DEAL
    touch_minutes: int = 0
    version: int = 1
    transitions: list[TransitionRow] = field(default_factory=list)
    approvals: list[ApprovalRow] = field(default_factory=list)
    rights: list[RightRow] = field(default_factory=list)


@dataclass(frozen=True)
class VersionRow:
    """What a pipeline was like. restored: of which version it was the return, 0 for none; by: who made it so."""

    number: int
    plan: dict[str, Any]
    restored: int
    by: str
    created_at: datetime


@query("pipeline.change")
def list_versions(tx: Tx, pipeline_id: int) -> list[VersionRow]:
    """The last hundred versions of a pipeline, the latest first. Raises NotFound."""
    tx.need(Pipeline, pipeline_id)
    one: Any = PipelineVersion
    wanted = select(one.number, one.plan, one.restored, Employee.name, one.created_at)
    wanted = wanted.outerjoin(Employee, Employee.id == one.created_by_id).where(one.pipeline_id == pipeline_id)
    rows = tx.all(wanted.order_by(one.number.desc()).limit(100))
    return [VersionRow(number, plan, restored, by or "", at) for number, plan, restored, by, at in rows]


@query(LOGGED_IN)
def list_pipelines(tx: Tx, card: str = DEAL) -> list[PipelineRow]:
    """The pipelines of one kind of card with their stages, in their order. card: "" for those of every kind."""
    stages: dict[int, list[StageRow]] = {}
    for stage in tx.all(select(Stage).order_by(Stage.position, Stage.id)):
        stages.setdefault(stage.pipeline_id, []).append(stage_row(stage))
    wanted = [Pipeline.card == card] if card else []
    pipelines = tx.all(select(Pipeline).where(*wanted).order_by(Pipeline.position, Pipeline.id))
    return [_row(pipeline, stages.get(pipeline.id, [])) for pipeline in pipelines]


@query(LOGGED_IN)
def see_pipeline(tx: Tx, pipeline_id: int) -> PipelineRow:
    """One pipeline with its stages in order."""
    pipeline = tx.need(Pipeline, pipeline_id)
    stages = [stage_row(stage) for stage in stages_of(tx, pipeline_id)]
    return _row(pipeline, stages)


def ways_of(card: str) -> Callable[[Tx], list[Way]]:
    """How `CardKind` asks for the pipelines of a kind of card."""

    def ways(tx: Tx) -> list[Way]:
        rows = list_pipelines(tx, card)
        return [Way(row.id, row.name, [(stage.id, stage.name) for stage in row.stages]) for row in rows]

    return ways


def _row(pipeline: Pipeline, stages: list[StageRow]) -> PipelineRow:
    return PipelineRow(
        pipeline.id or 0, pipeline.name, pipeline.order_rule, stages, pipeline.card, pipeline.touch_minutes,
        pipeline.version, [TransitionRow(**each) for each in pipeline.transitions],
        [ApprovalRow(**each) for each in pipeline.approvals],
        [RightRow(**each) for each in pipeline.rights],
    )  # fmt: skip


@query(LOGGED_IN)
def see_stage(tx: Tx, stage_id: int) -> StageRow:
    """One stage."""
    return stage_row(tx.need(Stage, stage_id))


_STAGES = select(Stage).where(Stage.pipeline_id == bindparam("pipeline")).order_by(Stage.position, Stage.id)


def stages_of(tx: Tx, pipeline_id: int) -> list[Stage]:
    """The stages of a pipeline in order."""
    return tx.all(_STAGES, pipeline=pipeline_id)


def stage_row(stage: Stage) -> StageRow:
    """A stored stage as a row."""
    return StageRow(
        id=stage.id or 0,
        pipeline_id=stage.pipeline_id,
        name=stage.name,
        kind=stage.kind,
        position=stage.position,
        colour=stage.colour,
        probability=stage.probability,
        required_fields=list(stage.required_fields),
        rot_days=stage.rot_days,
        leaving_to_id=stage.leaving_to_id,
        rot_from=stage.rot_from,
        wip_limit=stage.wip_limit,
        wip_rule=stage.wip_rule,
    )


def _values(card: str) -> Callable[[Tx, str], list[tuple[str, str]]]:
    return lambda tx, _: pipelines_of(tx, card)


for _card in (DEAL, LEAD):
    tell_values(_card, PART, _values(_card))

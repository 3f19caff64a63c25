"""What a change of a pipeline would touch: told before it is saved."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from crm_app.cards.custom_fields import definitions
from crm_app.cards.models import SavedFilter
from crm_app.core.door import Tx, query
from crm_app.pipelines import plan_rules
from crm_app.pipelines.carried import NAMED_BY, cards_bound_for
from crm_app.pipelines.drafts import PipelinePlan
from crm_app.pipelines.models import Pipeline
from crm_app.pipelines.plan_reading import plan_of
from crm_app.pipelines.queries import stages_of


@dataclass(frozen=True)
class StageTouched:
    """A stage that goes, or asks, counts or is called otherwise than before; cards: how many stand on it."""

    stage_id: int
    name: str
    kind: str
    is_leaving: bool
    cards: int


@dataclass(frozen=True)
class Naming:
    """What else names the pipeline or one of its stages. kind: "filter", "field", "form" or "rule"."""

    kind: str
    name: str


@dataclass(frozen=True)
class Touched:
    """What a plan would touch. cards: of the whole pipeline, the bin among them; changes: field → [old, new]."""

    cards: int
    stages: list[StageTouched]
    named_by: list[Naming]
    changes: dict[str, list[Any]]


@query("pipeline.change")
def see_touched(tx: Tx, pipeline_id: int, plan: PipelinePlan) -> Touched:
    """What a plan would touch: saved filters and the like are told where they are seen. Raises BadInput, NotFound."""
    pipeline = tx.need(Pipeline, pipeline_id)
    plan_rules.check_plan(plan, pipeline.card, {one.key for one in plan.stages if one.key > 0})
    before = plan_of(tx, pipeline)
    counts = cards_bound_for(tx, pipeline.card, stages_of(tx, pipeline_id))
    wanted = {one.key: one for one in plan.stages}
    after = plan.model_copy(update={"stages": plan_rules.in_places(plan.stages)})
    touched = [
        StageTouched(one.key, one.name, one.kind, one.key not in wanted, counts.get(one.key, 0))
        for one in before.stages
        if wanted.get(one.key) != one
    ]
    gone = [one.stage_id for one in touched if one.is_leaving]
    return Touched(sum(counts.values()), touched, _named_by(tx, pipeline, gone), plan_rules.changes(before, after))


def _named_by(tx: Tx, pipeline: Pipeline, gone: Collection[int]) -> list[Naming]:
    ids = {stage.id or 0 for stage in stages_of(tx, pipeline.id or 0)}
    kept: Any = SavedFilter
    filters = tx.all(select(kept).where(kept.card == pipeline.card).order_by(kept.rank))
    found = [Naming("filter", one.name) for one in filters if one.name and speaks_of(one.conditions, gone or ids)]
    own = definitions(tx, pipeline.card)
    found += [Naming("field", one.name(tx.actor.locale)) for one in own if {*one.stages} & {*(gone or ids)}]
    return found + [Naming(*told) for names in NAMED_BY for told in names(tx, pipeline)]


def speaks_of(conditions: Any, stage_ids: Collection[int]) -> bool:
    """Whether a filter asks for one of some stages."""
    if isinstance(conditions, list):
        return any(speaks_of(each, stage_ids) for each in conditions)
    if not isinstance(conditions, dict):
        return False
    if conditions.get("field") == "stage_id":
        value = conditions.get("value")
        values = value if isinstance(value, list) else [value]
        return bool({str(each) for each in values} & {str(each) for each in stage_ids})
    return any(speaks_of(each, stage_ids) for each in conditions.values())

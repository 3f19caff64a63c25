"""What a change of a pipeline would touch: told before it is saved."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from crm_app.access.models import Employee, Role
from crm_app.cards.custom_fields import definitions
from crm_app.cards.models import SavedFilter
from crm_app.core.door import Tx, query
from crm_app.pipelines import plan_rules
from crm_app.pipelines.approvers import check_asked
from crm_app.pipelines.carried import NAMED_BY, WAITING, cards_bound_for
from crm_app.pipelines.drafts import PipelinePlan
from crm_app.pipelines.field_rights import HIDDEN, told
from crm_app.pipelines.models import Pipeline
from crm_app.pipelines.placed_rights import check_rights, without_gone
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
    """What a plan would touch. cards: of the whole pipeline, the bin among them; changes: field → [old, new].

    waiting: how many requests for approval are under way, where the rules of approval are others. unsighted: how many
    employees will not see a field any more that they see in some stage now.
    """

    cards: int
    stages: list[StageTouched]
    named_by: list[Naming]
    changes: dict[str, list[Any]]
    waiting: int = 0
    unsighted: int = 0


@query("pipeline.change")
def see_touched(tx: Tx, pipeline_id: int, plan: PipelinePlan) -> Touched:
    """What a plan would touch: saved filters and the like are told where they are seen. Raises BadInput, NotFound."""
    pipeline = tx.need(Pipeline, pipeline_id)
    plan_rules.check_plan(plan, pipeline.card, {one.key for one in plan.stages if one.key > 0})
    check_asked(tx, plan, pipeline.card)
    before = plan_of(tx, pipeline)
    check_rights(tx, plan, without_gone(before, plan), pipeline.card)
    counts = cards_bound_for(tx, pipeline.card, stages_of(tx, pipeline_id))
    wanted = {one.key: one for one in plan.stages}
    after = plan.model_copy(update={"stages": plan_rules.in_places(plan.stages)})
    touched = [
        StageTouched(one.key, one.name, one.kind, one.key not in wanted, counts.get(one.key, 0))
        for one in before.stages
        if wanted.get(one.key) != one
    ]
    gone = [one.stage_id for one in touched if one.is_leaving]
    changes = plan_rules.changes(before, after)
    waiting = sum(count(tx, pipeline) for count in WAITING) if "approvals" in changes else 0
    unsighted = _unsighted(tx, before, plan) if "rights" in changes else 0
    return Touched(sum(counts.values()), touched, _named_by(tx, pipeline, gone), changes, waiting, unsighted)


def _unsighted(tx: Tx, before: PipelinePlan, after: PipelinePlan) -> int:
    was, now = told(before), told(after)
    roles = {key[1] for key, level in now.items() if level == HIDDEN and was.get(key) != HIDDEN}
    person: Any = Employee
    role: Any = Role
    people = select(func.count(person.id)).join(role, role.id == person.role_id)
    return int(tx.scalar(people.where(role.key.in_(roles), person.disabled_at.is_(None)))) if roles else 0


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

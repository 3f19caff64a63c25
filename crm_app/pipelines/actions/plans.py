"""A pipeline is changed as a whole: stages, order and what they ask for are one draft, saved at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from crm_app.core import jobs
from crm_app.core.door import Tx, action
from crm_app.core.errors import NotFound
from crm_app.pipelines import approval_rules, plan_rules, rules
from crm_app.pipelines.actions.emptying import JOB
from crm_app.pipelines.actions.versions import find_version, keep_version, open_for_change
from crm_app.pipelines.approvers import check_asked
from crm_app.pipelines.carried import cards_bound_for
from crm_app.pipelines.drafts import PipelinePlan, StagePlan
from crm_app.pipelines.events import PipelineAdded, PipelineChanged
from crm_app.pipelines.models import Pipeline, Stage
from crm_app.pipelines.placed_rights import check_rights, without_gone
from crm_app.pipelines.plan_reading import plan_of
from crm_app.pipelines.queries import stages_of

_OWN = ("kind", "colour", "probability", "rot_days", "rot_from", "wip_limit", "wip_rule")


@action("pipeline.change")
def save_pipeline(
    tx: Tx, pipeline_id: int, plan: PipelinePlan, goes: dict[int, int] | None = None, version: int | None = None
) -> Pipeline:
    """Make a pipeline as the plan says, in one version. goes: stage that is to go → key of the one its cards go to.

    version: what one has seen. Raises BadInput for each thing of the plan that makes no sense, RuleBroken for a
    conflict, where it is not told where cards go, and where a stage with cards would become one of another kind.
    """
    pipeline = open_for_change(tx, pipeline_id, version)
    _save(tx, pipeline, plan, goes or {})
    return pipeline


@action("pipeline.change")
def roll_back_pipeline(
    tx: Tx, pipeline_id: int, number: int, goes: dict[int, int] | None = None, version: int | None = None
) -> Pipeline:
    """Make a pipeline what it was like in a version; that is a new version. Stages that had gone come back, empty.

    goes: as for `save_pipeline`. Raises NotFound for a version that is not there.
    """
    pipeline = open_for_change(tx, pipeline_id, version)
    kept = find_version(tx, pipeline_id, number)
    if kept is None:
        raise NotFound()
    plan = PipelinePlan(**kept.plan)
    if not tx.actor.may("role.manage"):  # they stay as they are: whoever arranges stages does not open fields
        stages = {0, *(each.key for each in plan.stages)}
        plan.rights = [right for right in plan_of(tx, pipeline).rights if right.stage_key in stages]
    _save(tx, pipeline, plan, goes or {}, restored=number)
    return pipeline


@action("pipeline.change")
def copy_pipeline(tx: Tx, pipeline_id: int, name: str) -> Pipeline:
    """Add a pipeline like another one, without its cards."""
    pattern = tx.need(Pipeline, pipeline_id)
    plan = plan_of(tx, pattern)
    plan.name = rules.clean_name(name)
    position = tx.scalar(select(func.coalesce(func.max(Pipeline.position), 0))) + 1
    made = tx.add(
        Pipeline(
            name=plan.name, card=pattern.card, position=position, order_rule=plan.order_rule,
            touch_minutes=plan.touch_minutes, created_at=tx.now,
        )
    )  # fmt: skip
    for each in plan.stages:
        each.key = -each.key
    for way in plan.transitions:
        way.from_key, way.to_key = -way.from_key, -way.to_key
    for rule in plan.approvals:
        rule.key, rule.from_key, rule.to_key = -rule.key, -rule.from_key, -rule.to_key
    for right in plan.rights:
        right.stage_key = -right.stage_key
    _arrange(tx, made, plan, {})
    open_for_change(tx, made.id or 0)
    tx.record(PipelineAdded(card_id=made.id or 0, name=made.name))
    return made


def _save(tx: Tx, pipeline: Pipeline, plan: PipelinePlan, goes: Mapping[int, int], restored: int = 0) -> None:
    known = _known(tx, pipeline, plan)
    plan_rules.check_plan(plan, pipeline.card, known.keys())
    check_asked(tx, plan, pipeline.card)
    before = plan_of(tx, pipeline)
    check_rights(tx, plan, without_gone(before, plan), pipeline.card)
    kept = {each.key for each in plan.stages}
    there_now = {key: stage for key, stage in known.items() if stage.deleted_at is None}
    gone = {key: one for key, one in there_now.items() if key not in kept and not one.leaving_to_id}
    turned = {each.key for each in plan.stages if each.key in known and known[each.key].kind != each.kind}
    counts = cards_bound_for(tx, pipeline.card, there_now.values())
    plan_rules.check_turned([known[key] for key in turned if counts.get(key)])
    plan_rules.check_goes([stage for key, stage in gone.items() if counts.get(key)], plan, goes)
    ids = _arrange(tx, pipeline, plan, known)
    for key, stage in gone.items():
        _let_go(tx, stage, ids[goes[key]] if counts.get(key) else None)
    for stage in there_now.values():  # what was on its way to a stage that goes, goes where that one's cards go
        if stage.leaving_to_id in gone and counts.get(stage.leaving_to_id):
            stage.leaving_to_id = ids[goes[stage.leaving_to_id]]
    changes = plan_rules.changes(before, plan_of(tx, pipeline))
    if not changes and not gone:
        return
    keep_version(tx, pipeline, restored)
    tx.record(PipelineChanged(card_id=pipeline.id or 0, changes=changes or None, version=pipeline.version))


def _known(tx: Tx, pipeline: Pipeline, plan: PipelinePlan) -> dict[int, Stage]:
    """The stages that there are, and those that had gone and are named again."""
    named = [each.key for each in plan.stages if each.key > 0]
    with tx.with_bin():
        ours: Any = Stage
        wanted = select(ours).where(ours.pipeline_id == pipeline.id, ours.deleted_at.is_(None) | ours.id.in_(named))
        return {stage.id or 0: stage for stage in tx.all(wanted.order_by(ours.id))}


def _arrange(tx: Tx, pipeline: Pipeline, plan: PipelinePlan, known: Mapping[int, Stage]) -> dict[int, int]:
    """Write what the plan says; gives key → id of its stages."""
    pipeline.name, pipeline.order_rule = rules.clean_name(plan.name), plan.order_rule
    pipeline.touch_minutes = plan.touch_minutes
    ids: dict[int, int] = {}
    for position, each in enumerate(plan_rules.in_places(plan.stages), 1):
        ids[each.key] = _write(tx, pipeline, known.get(each.key), each, position)
    pipeline.transitions = [
        {
            "from_id": ids[way.from_key], "to_id": ids[way.to_key],
            "required_fields": list(way.required_fields), "is_guarded": way.is_guarded,
        }
        for way in (plan.transitions if plan.order_rule == rules.NAMED else [])
    ]  # fmt: skip
    pipeline.approvals = _numbered(pipeline, plan, ids)
    pipeline.rights = [
        {"role": one.role, "field": one.field, "level": one.level, "stage_id": ids.get(one.stage_key, 0)}
        for one in plan.rights
    ]
    tx.session.flush()
    return ids


def _numbered(pipeline: Pipeline, plan: PipelinePlan, ids: Mapping[int, int]) -> list[dict[str, Any]]:
    """The rules of approval as they are stored. A new one's number was never another's: no two versions share it."""
    fresh = (pipeline.version + 1) * 1_000
    rows = []
    for place, each in enumerate(plan.approvals):
        told = {name: getattr(each, name) for name in approval_rules.OWN}
        told |= {"from_id": ids[each.from_key] if each.from_key else 0, "to_id": ids[each.to_key]}
        rows.append(told | {"key": each.key if each.key > 0 else fresh + place})
    return rows


def _write(tx: Tx, pipeline: Pipeline, stage: Stage | None, each: StagePlan, position: int) -> int:
    told = {field: getattr(each, field) for field in _OWN}
    told |= {"name": rules.clean_name(each.name), "position": position, "required_fields": list(each.required_fields)}
    if stage is None:
        return tx.add(Stage(pipeline_id=pipeline.id or 0, **told)).id or 0
    for field, value in {**told, "leaving_to_id": None, "deleted_at": None}.items():
        if getattr(stage, field) != value:
            setattr(stage, field, value)
    return stage.id or 0


def _let_go(tx: Tx, stage: Stage, to_id: int | None) -> None:
    """A stage goes at once where nothing stands on it; else when the worker has moved its cards."""
    if to_id is None:
        stage.deleted_at = tx.now
        return
    stage.leaving_to_id = to_id
    jobs.enqueue(tx, JOB, key=f"{JOB}:{stage.id}", stage_id=stage.id)


@action("pipeline.change")
def remove_stage(tx: Tx, stage_id: int, to_stage_id: int | None = None) -> None:
    """Take a stage away. to_stage_id: where its cards go.

    Raises RuleBroken for the last one of its kind that a pipeline needs, and where it is not told where cards go.
    """
    stage = tx.need(Stage, stage_id)
    pipeline = open_for_change(tx, stage.pipeline_id)
    plan = plan_of(tx, pipeline)
    plan.stages = [each for each in plan.stages if each.key != stage_id]
    plan.transitions = [way for way in plan.transitions if stage_id not in (way.from_key, way.to_key)]
    plan.approvals = [rule for rule in plan.approvals if stage_id not in (rule.from_key, rule.to_key)]
    plan.rights = [right for right in plan.rights if right.stage_key != stage_id]
    rules.check_removal(stage, stages_of(tx, stage.pipeline_id))
    _save(tx, pipeline, plan, {} if to_stage_id is None else {stage_id: to_stage_id})

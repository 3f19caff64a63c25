"""Pipelines from presets, and one thing of a pipeline changed at a time; each change is a version."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from crm_app.cards.actions.rights import forget_type
from crm_app.core import i18n
from crm_app.core.door import Tx, action
from crm_app.core.drafts import Draft
from crm_app.core.errors import BadInput, RuleBroken
from crm_app.pipelines import rules
from crm_app.pipelines.actions.versions import keep_version, open_for_change
from crm_app.pipelines.drafts import PipelineDraft, StageDraft
from crm_app.pipelines.events import (
    PipelineAdded,
    PipelineChanged,
    PipelineRemoved,
    StageAdded,
    StageMoved,
)
from crm_app.pipelines.models import Pipeline, Stage
from crm_app.pipelines.policy import PART
from crm_app.pipelines.presets import PRESETS, PipelinePreset
from crm_app.pipelines.queries import stages_of


@action("pipeline.change")
def create_pipeline_from_preset(tx: Tx, preset: str, locale: str = "", name: str = "") -> Pipeline:
    """Add a pipeline with the stages of a preset, named in a language: the actor's own where none is told."""
    if preset not in PRESETS:
        raise BadInput("pipelines.error.bad_preset", field="preset")
    locale = locale or tx.actor.locale
    name = rules.clean_name(name or i18n.text(f"pipelines.preset.{preset}", locale))
    position = tx.scalar(select(func.coalesce(func.max(Pipeline.position), 0))) + 1
    chosen = PRESETS[preset]
    pipeline = tx.add(_pipeline(tx, name, position, chosen))
    _add_stages(tx, pipeline.id or 0, chosen, locale)
    open_for_change(tx, pipeline.id or 0)
    tx.record(PipelineAdded(card_id=pipeline.id or 0, name=name))
    return pipeline


def _pipeline(tx: Tx, name: str, position: int, chosen: PipelinePreset) -> Pipeline:
    return Pipeline(
        name=name,
        card=chosen.card,
        position=position,
        order_rule=chosen.order_rule,
        touch_minutes=chosen.touch_minutes,
        created_at=tx.now,
    )


def _add_stages(tx: Tx, pipeline_id: int, preset: PipelinePreset, locale: str) -> None:
    for position, stage in enumerate(preset.stages, 1):
        tx.add(
            Stage(
                pipeline_id=pipeline_id,
                name=i18n.text(f"pipelines.stage.{stage.word}", locale),
                kind=stage.kind,
                position=position,
                colour=stage.colour,
                probability=stage.probability,
                required_fields=list(stage.required_fields),
                rot_days=stage.rot_days,
            )
        )


@action("pipeline.change")
def change_pipeline(tx: Tx, pipeline_id: int, values: PipelineDraft) -> Pipeline:
    """Rename a pipeline, change the order in which its stages may be entered, or how long its new leads may wait."""
    pipeline = open_for_change(tx, pipeline_id)
    told = _told(values)
    rules.check_order_rule(told.get("order_rule", pipeline.order_rule))
    rules.check_touch_minutes(pipeline.card, told.get("touch_minutes", pipeline.touch_minutes))
    changes = _changes(pipeline, told)
    if changes:
        keep_version(tx, pipeline)
        tx.record(PipelineChanged(card_id=pipeline_id, changes=changes))
    return pipeline


@action("pipeline.change")
def change_stage(tx: Tx, stage_id: int, values: StageDraft) -> Stage:
    """Rename a stage, or change what it looks like, promises and asks for."""
    stage = tx.need(Stage, stage_id)
    pipeline = open_for_change(tx, stage.pipeline_id)
    told = _told(values)
    new = {field: told.get(field, getattr(stage, field)) for field in StageDraft.model_fields}
    rules.check_stage(new["colour"], new["probability"], new["required_fields"], new["rot_days"])
    rules.check_wip(pipeline.card, new["rot_from"], new["wip_limit"], new["wip_rule"])
    if new["required_fields"]:
        rules.check_asks(pipeline.card)
    changes = _changes(stage, told)
    if changes:
        keep_version(tx, pipeline)
        tx.record(PipelineChanged(card_id=stage.pipeline_id, stage=stage.name, changes=changes))
    return stage


def _told(values: Draft) -> dict[str, Any]:
    told = {field: value for field, value in values.told().items() if value is not None}
    return {**told, "name": rules.clean_name(told["name"])} if "name" in told else told


@action("pipeline.change")
def add_stage(tx: Tx, pipeline_id: int, name: str) -> Stage:
    """Add a stage behind the last open one."""
    pipeline = open_for_change(tx, pipeline_id)
    way = stages_of(tx, pipeline_id)
    last = rules.in_order(way)[-1]
    stage = tx.add(
        Stage(
            pipeline_id=pipeline_id,
            name=rules.clean_name(name),
            kind=rules.OPEN,
            position=0,
            colour=last.colour,
            probability=last.probability,
        )
    )
    place = way.index(last) + 1
    _number([*way[:place], stage, *way[place:]])
    keep_version(tx, pipeline)
    tx.record(StageAdded(card_id=pipeline_id, stage=stage.name))
    return stage


@action("pipeline.change")
def move_stage(tx: Tx, stage_id: int, place: int) -> Stage:
    """Put an open stage on another place among the open ones of its pipeline, 0 being the first."""
    stage = tx.need(Stage, stage_id)
    pipeline = open_for_change(tx, stage.pipeline_id)
    way = stages_of(tx, stage.pipeline_id)
    steps = rules.in_order(way)
    rules.check_place(stage, place, len(steps))
    steps.remove(stage)
    steps.insert(place, stage)
    _number([*steps, *(other for other in way if other.kind != rules.OPEN)])
    keep_version(tx, pipeline)
    tx.record(StageMoved(card_id=stage.pipeline_id, stage=stage.name))
    return stage


@action("pipeline.change")
def remove_pipeline(tx: Tx, pipeline_id: int) -> None:
    """Take a pipeline away with its stages. Raises RuleBroken where it has deals, those in the bin counted."""
    pipeline = tx.need(Pipeline, pipeline_id)
    name = pipeline.name
    try:
        tx.remove(pipeline)
    except IntegrityError:  # deals know their stages, stages know no deals: only the database can tell
        raise RuleBroken("pipelines.error.has_deals", name=name) from None
    forget_type(tx, PART, str(pipeline_id))
    tx.record(PipelineRemoved(card_id=pipeline_id, name=name))


def _number(stages: list[Stage]) -> None:
    for position, stage in enumerate(stages, 1):
        stage.position = position


def _changes(row: Pipeline | Stage, values: dict[str, object]) -> dict[str, list[object]]:
    """Set the values that are new; gives field → [old, new]."""
    changes = {field: [getattr(row, field), value] for field, value in values.items() if getattr(row, field) != value}
    for field, (_, value) in changes.items():
        setattr(row, field, value)
    return changes

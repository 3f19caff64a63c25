"""What can be done with pipelines."""

from __future__ import annotations

from sqlalchemy import func, select

from crm_app.core import i18n
from crm_app.core.door import Tx, action
from crm_app.core.errors import BadInput
from crm_app.pipelines import rules
from crm_app.pipelines.events import PipelineAdded, PipelineChanged
from crm_app.pipelines.models import Pipeline, Stage
from crm_app.pipelines.presets import PRESETS, PipelinePreset


@action("pipeline.change")
def create_pipeline_from_preset(tx: Tx, preset: str, locale: str = "", name: str = "") -> Pipeline:
    """Add a pipeline with the stages of a preset, named in a language: the actor's own where none is told."""
    if preset not in PRESETS:
        raise BadInput("pipelines.error.bad_preset", field="preset")
    locale = locale or tx.actor.locale
    name = rules.clean_name(name or i18n.text(f"pipelines.preset.{preset}", locale))
    position = tx.scalar(select(func.coalesce(func.max(Pipeline.position), 0))) + 1
    chosen = PRESETS[preset]
    pipeline = tx.add(Pipeline(name=name, position=position, order_rule=chosen.order_rule, created_at=tx.now))
    _add_stages(tx, pipeline.id or 0, chosen, locale)
    tx.record(PipelineAdded(card_id=pipeline.id or 0, name=name))
    return pipeline


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
def change_pipeline(tx: Tx, pipeline_id: int, name: str | None = None, order_rule: str | None = None) -> Pipeline:
    """Rename a pipeline, or change the order in which its stages may be entered."""
    pipeline = tx.need(Pipeline, pipeline_id)
    new_name = pipeline.name if name is None else rules.clean_name(name)
    new_rule = order_rule or pipeline.order_rule
    rules.check_order_rule(new_rule)
    changes = _changes(pipeline, {"name": new_name, "order_rule": new_rule})
    if changes:
        tx.record(PipelineChanged(card_id=pipeline_id, changes=changes))
    return pipeline


@action("pipeline.change")
def change_stage(
    tx: Tx,
    stage_id: int,
    name: str | None = None,
    colour: str | None = None,
    probability: int | None = None,
    required_fields: list[str] | None = None,
    rot_days: int | None = None,
) -> Stage:
    """Rename a stage, or change what it looks like, promises and asks for."""
    stage = tx.need(Stage, stage_id)
    wanted = {
        "name": None if name is None else rules.clean_name(name),
        "colour": colour,
        "probability": probability,
        "required_fields": required_fields,
        "rot_days": rot_days,
    }
    told = {field: value for field, value in wanted.items() if value is not None}
    new = {field: told.get(field, getattr(stage, field)) for field in wanted}
    rules.check_stage(new["colour"], new["probability"], new["required_fields"], new["rot_days"])
    changes = _changes(stage, told)
    if changes:
        tx.record(PipelineChanged(card_id=stage.pipeline_id, stage=stage.name, changes=changes))
    return stage


def _changes(row: Pipeline | Stage, values: dict[str, object]) -> dict[str, list[object]]:
    """Set the values that are new; gives field → [old, new]."""
    changes = {field: [getattr(row, field), value] for field, value in values.items() if getattr(row, field) != value}
    for field, (_, value) in changes.items():
        setattr(row, field, value)
    return changes

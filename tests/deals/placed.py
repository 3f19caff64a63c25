"""Pipelines whose stages keep fields from roles, for the tests."""

from __future__ import annotations

from typing import Any

from crm_app.core.door import perform
from crm_app.pipelines.actions.plans import save_pipeline
from crm_app.pipelines.queries import PipelineRow, see_pipeline
from tests import people


def plan_of(way: PipelineRow, *rights: dict[str, Any]) -> dict[str, Any]:
    """A pipeline as a plan with these rights and no others."""
    own = ("name", "kind", "colour", "probability", "rot_days", "required_fields")
    stages = [{"key": stage.id, **{field: getattr(stage, field) for field in own}} for stage in way.stages]
    return {"name": way.name, "order_rule": way.order_rule, "stages": stages, "rights": list(rights)}


def right(field: str, level: str = "hidden", stage_id: int = 0, role: str = "manager") -> dict[str, Any]:
    """A right of a plan. stage_id: 0 for every stage."""
    return {"role": role, "field": field, "level": level, "stage_key": stage_id}


def keep(way: PipelineRow, *rights: dict[str, Any]) -> PipelineRow:
    """Let a pipeline keep fields from roles."""
    adam = people.actor("adam")
    perform(adam, save_pipeline, pipeline_id=way.id, plan=plan_of(way, *rights))
    return perform(adam, see_pipeline, pipeline_id=way.id)

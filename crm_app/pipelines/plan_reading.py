"""A stored pipeline read as a plan: what the editor begins with, what a version keeps."""

from __future__ import annotations

from crm_app.core.door import Tx
from crm_app.pipelines.approval_rules import OWN
from crm_app.pipelines.drafts import ApprovalPlan, PipelinePlan, RightPlan, StagePlan, TransitionPlan
from crm_app.pipelines.models import Pipeline
from crm_app.pipelines.queries import stages_of


def plan_of(tx: Tx, pipeline: Pipeline) -> PipelinePlan:
    """A pipeline as it is, as a plan. Stages that are to go are no part of it."""
    stages = [stage for stage in stages_of(tx, pipeline.id or 0) if not stage.leaving_to_id]
    return PipelinePlan(
        name=pipeline.name,
        order_rule=pipeline.order_rule,
        touch_minutes=pipeline.touch_minutes,
        stages=[
            StagePlan(
                key=stage.id or 0, name=stage.name, kind=stage.kind, colour=stage.colour,
                probability=stage.probability, rot_days=stage.rot_days, rot_from=stage.rot_from,
                wip_limit=stage.wip_limit, wip_rule=stage.wip_rule, required_fields=list(stage.required_fields),
            )
            for stage in stages
        ],
        transitions=[
            TransitionPlan(
                from_key=each["from_id"], to_key=each["to_id"], required_fields=each["required_fields"],
                is_guarded=each["is_guarded"],
            )
            for each in pipeline.transitions
        ],
        approvals=[
            ApprovalPlan(
                **{name: each[name] for name in OWN}, from_key=each["from_id"], to_key=each["to_id"],
            )
            for each in pipeline.approvals
        ],
        rights=[
            RightPlan(role=each["role"], field=each["field"], level=each["level"], stage_key=each["stage_id"])
            for each in pipeline.rights
        ],
    )  # fmt: skip

"""Pipelines with rules of approval, for the tests."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from crm_app.core.actor import SYSTEM, Actor
from crm_app.core.door import Tx, perform, query
from crm_app.deals.models import Deal, DealApproval, DealApprovalAsk
from crm_app.pipelines.actions.plans import save_pipeline
from crm_app.pipelines.queries import PipelineRow, see_pipeline
from tests import people

OVER_A_MILLION = {"all": [{"field": "amount", "op": "gt", "value": 1_000_000}]}
MILLION = 100_000_000
"""A million in minor units."""


def rule(to_key: int, *approvers: str, **told: Any) -> dict[str, Any]:
    """A rule of a plan."""
    return {"key": -1, "to_key": to_key, "approvers": list(approvers), **told}


def guard(way: PipelineRow, *rules: dict[str, Any]) -> PipelineRow:
    """Give a pipeline rules of approval, and no others."""
    adam = people.actor("adam")
    own = ("name", "kind", "colour", "probability", "rot_days", "required_fields")
    stages = [{"key": stage.id, **{field: getattr(stage, field) for field in own}} for stage in way.stages]
    numbered = [{**each, "key": -place} for place, each in enumerate(rules, 1)]
    plan = {"name": way.name, "order_rule": way.order_rule, "stages": stages, "approvals": numbered}
    perform(adam, save_pipeline, pipeline_id=way.id, plan=plan)
    return perform(adam, see_pipeline, pipeline_id=way.id)


def of(person: Actor) -> str:
    """How a plan names somebody."""
    return f"employee:{person.id}"


@query("test.see_requests")
def _requests(tx: Tx, deal_id: int) -> list[tuple[int, str, int]]:
    row: Any = DealApproval
    return tx.all(select(row.id, row.state, row.round).where(row.deal_id == deal_id).order_by(row.id))


def requests(deal: Deal) -> list[tuple[int, str, int]]:
    """The requests of a deal: id, state and round."""
    return [tuple(row) for row in perform(SYSTEM, _requests, deal_id=deal.id)]


@query("test.see_asked")
def _asked(tx: Tx, deal_id: int) -> list[int]:
    ask: Any = DealApprovalAsk
    wanted = select(ask.employee_id).join(DealApproval, DealApproval.id == ask.approval_id)
    return tx.all(wanted.where(DealApproval.deal_id == deal_id, ask.is_open).order_by(ask.employee_id))


def asked(deal: Deal) -> list[int]:
    """Ids of who may decide now."""
    return perform(SYSTEM, _asked, deal_id=deal.id)


@query("test.see_stage")
def _stage(tx: Tx, deal_id: int) -> int:
    return tx.scalar(select(Deal.stage_id).where(Deal.id == deal_id))


def stage_of(deal: Deal) -> int:
    """Where a deal stands now."""
    return perform(SYSTEM, _stage, deal_id=deal.id)


@query("test.see_target")
def _target(tx: Tx, approval_id: int) -> int:
    return tx.scalar(select(DealApproval.to_stage_id).where(DealApproval.id == approval_id))


def target_of(approval_id: int) -> int:
    """The stage that a request is about."""
    return perform(SYSTEM, _target, approval_id=approval_id)

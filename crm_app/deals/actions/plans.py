"""Planned actions of a deal: a call, a meeting, a document, and when."""

from __future__ import annotations

from datetime import UTC

from crm_app.core.door import Tx, action
from crm_app.core.errors import BadInput
from crm_app.deals import rules
from crm_app.deals.actions.values import told
from crm_app.deals.drafts import PlanDraft
from crm_app.deals.events import DealActionDone, DealActionDropped, DealActionPlanned
from crm_app.deals.models import Deal, DealPlan


@action("deal.change")
def plan_action(tx: Tx, deal_id: int, plan: PlanDraft) -> DealPlan:
    """Plan what is to be done on a deal."""
    return add_plan(tx, tx.need(Deal, deal_id), plan)


def add_plan(tx: Tx, deal: Deal, plan: PlanDraft) -> DealPlan:
    """The same within another action."""
    rules.check_plan_kind(plan.kind)
    what = rules.clean_text(plan.what, "what")
    if not what:
        raise BadInput("deals.error.empty_plan", field="what")
    deal.updated_at = tx.now
    row = tx.add(DealPlan(deal_id=deal.id or 0, kind=plan.kind, what=what, at=plan.at, created_by_id=tx.actor.id))
    at = plan.at.astimezone(UTC).isoformat()
    tx.record(DealActionPlanned(**told(tx, deal), kind=plan.kind, what=what, at=at))
    return row


@action("deal.change")
def finish_plan(tx: Tx, plan_id: int) -> DealPlan:
    """Mark a planned action as done."""
    plan = tx.need(DealPlan, plan_id)
    deal = tx.need(Deal, plan.deal_id)
    if plan.done_at is None:
        plan.done_at = deal.updated_at = tx.now
        tx.record(DealActionDone(**told(tx, deal), kind=plan.kind, what=plan.what))
    return plan


@action("deal.change")
def drop_plan(tx: Tx, plan_id: int) -> None:
    """Forget a planned action."""
    plan = tx.need(DealPlan, plan_id)
    deal = tx.need(Deal, plan.deal_id)
    deal.updated_at = tx.now
    tx.remove(plan)
    tx.record(DealActionDropped(**told(tx, deal), kind=plan.kind, what=plan.what))

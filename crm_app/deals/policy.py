"""Who sees and changes deals."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, true

from crm_app.access.roles import grant
from crm_app.cards.kinds import CardKind, register
from crm_app.cards.rights import by_reach, is_reached
from crm_app.core.actor import Actor
from crm_app.core.policy import Condition, Rule, holders, policy, visible
from crm_app.deals.models import Deal, DealApproval, DealApprovalAsk, DealApprovalStep, DealItem, DealPlan, StageSpan
from crm_app.pipelines.models import DEAL
from crm_app.pipelines.queries import ways_of

grant("deal.see", head="department", manager="department")
grant("deal.create", head="department", manager="own")
grant("deal.change", head="department", manager="own")
grant("deal.move", head="department", manager="own")
grant("deal.reopen", head="department")
grant("deal.pass", head="department")
grant("deal.override", head="department")
grant("deal.approve", head="all", manager="all", marketer="all")
grant("deal.delete", head="department", manager="own")
grant("deal.export", head="department", manager="department")

register(
    CardKind(
        "deal", number=2, model=Deal, href="/deals/{id}", title=Deal.name, has_fields=True, is_linked=True,
        ways=ways_of(DEAL),
        parted_by=("pipeline_id",), placed_by=Deal.stage_id,
        guarded=("client_id", "responsible_id", "amount", "payment_method", "delivery", "lost_reason"),
        computed_of={"name": "text", "amount": "money", "created_at": "date", "entered_stage_at": "date"},
    )
)  # fmt: skip

_changed = by_reach("deal.change")


def may_change(actor: Actor, deal: Deal) -> bool:
    """Whether the actor may change a deal that they see: what the row policy says, of one row in hand."""
    return is_reached(actor, "deal.change", deal)


def _of_deals(column: Any, rule: Rule | None = None) -> Rule:
    """Rows that belong to a deal: to one that is seen and, with a rule, that the rule leaves."""

    def condition(actor: Actor) -> Condition:
        if not actor.may("deal.see"):
            return False
        left = true() if rule is None else rule(actor)
        return exists().where(Deal.id == column, visible(Deal, actor, with_bin=True), left).correlate_except(Deal)

    return condition


policy(Deal, see=by_reach("deal.see"), change=_changed)
policy(DealItem, see=_of_deals(DealItem.deal_id), change=_of_deals(DealItem.deal_id, _changed))
policy(DealPlan, see=_of_deals(DealPlan.deal_id), change=_of_deals(DealPlan.deal_id, _changed))
# A stay is written only together with its deal, whose own row has been checked.
policy(StageSpan, see=_of_deals(StageSpan.deal_id), change=holders("deal.move"))

# Of approvals everybody reads who sees the deal. Whoever decides need not: actions/approvals.py goes past the policies.
policy(DealApproval, see=_of_deals(DealApproval.deal_id), change=_of_deals(DealApproval.deal_id))


def _of_approvals(column: Any) -> Rule:
    """Rows that belong to an approval of a deal that is seen."""

    def condition(actor: Actor) -> Condition:
        if not actor.may("deal.see"):
            return False
        return exists().where(DealApproval.id == column, visible(DealApproval, actor)).correlate_except(DealApproval)

    return condition


for _part in (DealApprovalStep, DealApprovalAsk):
    policy(_part, see=_of_approvals(_part.approval_id))

"""How one deal of many is moved to a stage, and put back as if it had never left."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from crm_app.core.door import Tx
from crm_app.core.errors import RuleBroken
from crm_app.deals import rules
from crm_app.deals.actions.approving import close_with_move
from crm_app.deals.actions.moves import move_deal, moved_fact
from crm_app.deals.actions.stays import resume_stay
from crm_app.deals.models import Deal
from crm_app.deals.queries.due_approvals import rules_due
from crm_app.pipelines.actions.bulk_moves import Mover, register_mover
from crm_app.pipelines.models import DEAL, Pipeline, Stage


def _move(tx: Tx, deal: Deal, there: Stage, reason: str) -> None:
    tx.do(move_deal, deal.id or 0, there.id or 0, reason=reason, asks=False)


def _standing(_tx: Tx, deal: Deal) -> dict[str, Any]:
    return {
        "stage_id": deal.stage_id, "return_stage_id": deal.return_stage_id, "rank": deal.rank,
        "lost_reason": deal.lost_reason, "entered_at": deal.entered_stage_at.isoformat(),
    }  # fmt: skip


def _put_back(tx: Tx, deal: Deal, here: Stage, there: Stage, was: dict[str, Any], moved_at: datetime) -> None:
    if due := rules_due(tx, deal, tx.need(Pipeline, deal.pipeline_id), there.id or 0):
        raise RuleBroken("deals.error.approval_to_return", stage=there.name, count=len(due))
    deal.stage_id, deal.rank, deal.return_stage_id = was["stage_id"], was["rank"], was["return_stage_id"]
    deal.lost_reason, deal.entered_stage_at = was["lost_reason"], datetime.fromisoformat(was["entered_at"])
    deal.version, deal.updated_at = deal.version + 1, tx.now
    resume_stay(tx, deal, moved_at)
    tx.record(moved_fact(tx, deal, here, there))
    close_with_move(tx, deal, there)


register_mover(
    DEAL,
    Mover(
        right="move", clean_reason=partial(rules.clean_text, field="reason"), needs_reason="deals.error.needs_reason",
        other_pipeline="deals.error.other_pipeline", move=_move, standing=_standing, put_back=_put_back,
    ),
)  # fmt: skip

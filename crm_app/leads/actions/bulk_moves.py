"""How one lead of many is moved to a stage, and put back as if it had never left."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crm_app.core.door import Tx
from crm_app.leads import rules
from crm_app.leads.actions.moves import move_lead, moved_fact
from crm_app.leads.models import Lead
from crm_app.pipelines.actions.bulk_moves import Mover, register_mover
from crm_app.pipelines.models import LEAD, Stage


def _move(tx: Tx, lead: Lead, there: Stage, reason: str) -> None:
    tx.do(move_lead, lead.id or 0, there.id or 0, reason=reason)


def _standing(_tx: Tx, lead: Lead) -> dict[str, Any]:
    return {
        "stage_id": lead.stage_id, "return_stage_id": lead.return_stage_id, "rank": lead.rank,
        "reason": lead.disqualified_reason, "entered_at": lead.entered_stage_at.isoformat(),
        "was_touched": lead.touched_at is not None,
    }  # fmt: skip


def _put_back(tx: Tx, lead: Lead, here: Stage, there: Stage, was: dict[str, Any], moved_at: datetime) -> None:
    lead.stage_id, lead.rank, lead.return_stage_id = was["stage_id"], was["rank"], was["return_stage_id"]
    lead.disqualified_reason, lead.entered_stage_at = was["reason"], datetime.fromisoformat(was["entered_at"])
    if not was["was_touched"] and lead.touched_at == moved_at:  # the move was all that touched it
        lead.touched_at = None
    lead.version, lead.updated_at = lead.version + 1, tx.now
    tx.record(moved_fact(tx, lead, here, there))


register_mover(
    LEAD,
    Mover(
        right="change", clean_reason=rules.clean_reason, needs_reason="leads.error.needs_reason",
        other_pipeline="leads.error.other_pipeline", move=_move, standing=_standing, put_back=_put_back,
    ),
)  # fmt: skip

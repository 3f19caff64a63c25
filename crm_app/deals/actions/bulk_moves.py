"""Many deals moved to a stage at once: each passes the one rule of moves, those that it refuses stay where they are."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from crm_app.cards.actions.bulk_operations import (
    OPERATIONS,
    Arguments,
    Back,
    Before,
    Done,
    Operation,
    ids_in,
    outcome,
    refused,
    sort_out,
)
from crm_app.cards.bulk_cards import BulkCards
from crm_app.cards.bulk_rules import REFUSED, SINCE
from crm_app.core.door import Tx
from crm_app.core.errors import BadInput, Reason, RuleBroken
from crm_app.deals import rules
from crm_app.deals.actions.moves import move_deal, moved_fact
from crm_app.deals.models import Deal, StageSpan
from crm_app.pipelines.models import DEAL, Pipeline, Stage
from crm_app.pipelines.rules import LOST, check_carries


class Move(Operation):
    """To a stage. Before: where each deal stood, and when it was moved, which tells whether it has moved since."""

    right = "move"
    batch = 50

    def check(self, tx: Tx, cards: BulkCards) -> None:
        if cards.card != DEAL:
            raise BadInput("core.error.bad_arguments", fields="operation")
        super().check(tx, cards)

    def prepare(self, tx: Tx, cards: BulkCards, arguments: Arguments) -> Arguments:
        stage_id, reason = arguments.get("stage_id"), rules.clean_text(str(arguments.get("reason") or ""), "reason")
        if not isinstance(stage_id, int) or isinstance(stage_id, bool):
            raise BadInput("core.error.bad_arguments", fields="stage_id")
        stage = tx.need(Stage, stage_id)
        check_carries(tx.need(Pipeline, stage.pipeline_id).card, DEAL)
        if stage.kind == LOST and not reason:
            raise BadInput("deals.error.needs_reason", field="reason")
        return {"stage_id": stage.id, "reason": reason, "name": stage.name}

    def do(self, tx: Tx, cards: BulkCards, arguments: Arguments, ids: list[int]) -> Done:
        mine, counts = sort_out(tx, cards, self.right, ids)
        before: dict[int, Any] = {}
        kept: dict[int, list[Reason]] = {}
        for deal in tx.all(select(Deal).where(Deal.id.in_(mine)).order_by(Deal.id)):
            was = _standing(deal, tx.now)
            if deal.stage_id == arguments["stage_id"]:
                continue
            try:
                _move(tx, deal, arguments)
                before[deal.id or 0] = was
            except RuleBroken as no:
                kept[deal.id or 0] = no.reasons
        done = outcome(before, len(mine) - len(before) - len(kept), counts + Counter({REFUSED: len(kept)}))
        done.refused = kept
        return done

    def undo(self, tx: Tx, cards: BulkCards, arguments: Arguments, before: Before) -> Back:
        wanted = {card_id: was for was, ids in before for card_id in ids}
        left = refused(tx, cards, self.right, ids_in(before))
        there = tx.all(select(Deal).where(Deal.id.in_(wanted.keys() - left.keys())).order_by(Deal.id))
        back = [deal for deal in there if _take_back(tx, deal, arguments["stage_id"], wanted[deal.id or 0])]
        left |= dict.fromkeys({deal.id or 0 for deal in there} - {deal.id or 0 for deal in back}, SINCE)
        return Back(len(back), left)


OPERATIONS["move"] = Move()


def _move(tx: Tx, deal: Deal, arguments: Arguments) -> None:
    there = tx.need(Stage, arguments["stage_id"])
    if there.pipeline_id != deal.pipeline_id:
        raise RuleBroken("deals.error.other_pipeline")
    tx.do(move_deal, deal.id or 0, there.id or 0, reason=arguments["reason"] if there.kind == LOST else "")


def _standing(deal: Deal, now: datetime) -> dict[str, Any]:
    """All of a deal that a move changes, as plain JSON."""
    return {
        "stage_id": deal.stage_id, "return_stage_id": deal.return_stage_id, "rank": deal.rank,
        "lost_reason": deal.lost_reason, "entered_at": deal.entered_stage_at.isoformat(), "moved_at": now.isoformat(),
    }  # fmt: skip


def _take_back(tx: Tx, deal: Deal, stage_id: int, was: dict[str, Any]) -> bool:
    """Put a deal back where it stood, as if it had never left; False where it has moved since.

    This is no move of its own: no order of stages is asked, or what was done by mistake could not be undone.
    """
    here, there = tx.need(Stage, deal.stage_id), tx.find(Stage, was["stage_id"])
    moved_at = datetime.fromisoformat(was["moved_at"])
    if there is None or (deal.stage_id, deal.entered_stage_at) != (stage_id, moved_at):
        return False
    deal.stage_id, deal.rank, deal.return_stage_id = was["stage_id"], was["rank"], was["return_stage_id"]
    deal.lost_reason, deal.entered_stage_at = was["lost_reason"], datetime.fromisoformat(was["entered_at"])
    deal.version, deal.updated_at = deal.version + 1, tx.now
    stays = StageSpan.deal_id == deal.id
    tx.run(delete(StageSpan).where(stays, StageSpan.left_at.is_(None)))
    tx.run(update(StageSpan).where(stays, StageSpan.left_at == moved_at).values(left_at=None))
    tx.record(moved_fact(tx, deal, here, there))
    return True

"""Many cards moved to a stage at once: each passes the one rule of moves, those that it refuses stay where they are.

A feature whose cards go through pipelines tells how one of them moves: `register_mover("deal", Mover(…))`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

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
from crm_app.core.errors import BadInput, Forbidden, Reason, RuleBroken
from crm_app.pipelines.models import Pipeline, Stage
from crm_app.pipelines.rules import LOST, check_carries


@dataclass(frozen=True)
class Mover:
    """How one card of a kind is moved, and put back where it stood.

    right: the last word of the permission; clean_reason: of a lost one; needs_reason, other_pipeline: what is said
    where there is none, and of a stage of another pipeline. move: (tx, card, stage, reason), by the rule. standing:
    (tx, card) → all that a move changes, as plain JSON, with "stage_id" among it. put_back: (tx, card, here, there,
    standing, when it was moved): as if it had never left.
    """

    right: str
    clean_reason: Callable[[str], str]
    needs_reason: str
    other_pipeline: str
    move: Callable[[Tx, Any, Stage, str], object]
    standing: Callable[[Tx, Any], dict[str, Any]]
    put_back: Callable[[Tx, Any, Stage, Stage, dict[str, Any], datetime], None]


MOVERS: dict[str, Mover] = {}


def register_mover(card: str, mover: Mover) -> None:
    """Let many cards of a kind be moved at once."""
    MOVERS[card] = mover


class Move(Operation):
    """To a stage. Before: where each card stood, and when it was moved, which tells whether it has moved since."""

    right = "move"
    batch = 50

    def check(self, tx: Tx, cards: BulkCards) -> None:
        if cards.card not in MOVERS:
            raise BadInput("core.error.bad_arguments", fields="operation")
        if not tx.actor.may(f"{cards.card}.{MOVERS[cards.card].right}"):
            raise Forbidden()

    def prepare(self, tx: Tx, cards: BulkCards, arguments: Arguments) -> Arguments:
        mover, stage_id = MOVERS[cards.card], arguments.get("stage_id")
        reason = mover.clean_reason(str(arguments.get("reason") or ""))
        if not isinstance(stage_id, int) or isinstance(stage_id, bool):
            raise BadInput("core.error.bad_arguments", fields="stage_id")
        stage = tx.need(Stage, stage_id)
        check_carries(tx.need(Pipeline, stage.pipeline_id).card, cards.card)
        if stage.kind == LOST and not reason:
            raise BadInput(mover.needs_reason, field="reason")
        return {"stage_id": stage.id, "reason": reason, "name": stage.name}

    def do(self, tx: Tx, cards: BulkCards, arguments: Arguments, ids: list[int]) -> Done:
        mover, there = MOVERS[cards.card], tx.need(Stage, arguments["stage_id"])
        mine, counts = sort_out(tx, cards, mover.right, ids)
        before: dict[int, Any] = {}
        kept: dict[int, list[Reason]] = {}
        for row in _rows(tx, cards, mine):
            was = {**mover.standing(tx, row), "moved_at": tx.now.isoformat()}
            if row.stage_id == there.id:
                continue
            try:
                if there.pipeline_id != row.pipeline_id:
                    raise RuleBroken(mover.other_pipeline)
                mover.move(tx, row, there, arguments["reason"] if there.kind == LOST else "")
                before[row.id] = was
            except RuleBroken as no:
                kept[row.id] = no.reasons
        done = outcome(before, len(mine) - len(before) - len(kept), counts + Counter({REFUSED: len(kept)}))
        done.refused = kept
        return done

    def undo(self, tx: Tx, cards: BulkCards, arguments: Arguments, before: Before) -> Back:
        mover = MOVERS[cards.card]
        wanted = {card_id: was for was, ids in before for card_id in ids}
        left = refused(tx, cards, mover.right, ids_in(before))
        back = Back(left=left)
        for row in _rows(tx, cards, list(wanted.keys() - left.keys())):
            try:
                if _take_back(tx, mover, row, arguments["stage_id"], wanted[row.id]):
                    back.taken += 1
                else:
                    back.left[row.id] = SINCE
            except RuleBroken as no:  # others have to approve that it stands there
                back.refused[row.id] = no.reasons
        return back


OPERATIONS["move"] = Move()


def _rows(tx: Tx, cards: BulkCards, ids: list[int]) -> list[Any]:
    return tx.all(select(cards.model).where(cards.model.id.in_(ids)).order_by(cards.model.id))


def _take_back(tx: Tx, mover: Mover, row: Any, stage_id: int, was: dict[str, Any]) -> bool:
    """Put a card back where it stood; False where it has moved since. Raises RuleBroken where a rule keeps it out.

    This is no move of its own: no order of stages is asked, or what was done by mistake could not be undone.
    """
    here, there = tx.need(Stage, row.stage_id), tx.find(Stage, was["stage_id"])
    moved_at = datetime.fromisoformat(was["moved_at"])
    if there is None or (row.stage_id, row.entered_stage_at) != (stage_id, moved_at):
        return False
    mover.put_back(tx, row, here, there, was, moved_at)
    return True

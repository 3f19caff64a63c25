"""Changes of many cards: asked for, stopped, taken back; few cards at once, more of them by the worker in batches.

Each batch is one transaction that also keeps what was before and moves the cursor: a worker that dies leaves whole
batches behind, and the next one goes on after the last of them.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import delete, select

from crm_app.cards import bulk_rules
from crm_app.cards.actions import bulk_bin, bulk_fields, bulk_ties  # noqa: F401  they tell of their operations
from crm_app.cards.actions.bulk_operations import OPERATIONS, Done
from crm_app.cards.bulk_cards import BULK, need_bulk
from crm_app.cards.bulk_rules import (
    BATCH,
    DONE,
    FAILED,
    KEPT,
    LEFT,
    PART,
    RUNNING,
    STOPPED,
    TAKEN,
    UNDOING,
    UNDONE,
    VIA,
)
from crm_app.cards.models import BulkBatch, BulkChange, BulkLeft, BulkPart
from crm_app.cards.queries.bulk_changes import BulkState
from crm_app.core import jobs
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, action
from crm_app.core.errors import BadInput, Reason
from crm_app.core.jobs import Run

JOB, FORGET = "cards.bulk", "cards.bulk_forget"
FORGOTTEN_AT_ONCE = 100


@action(LOGGED_IN)
def start_bulk(
    tx: Tx,
    card: str,
    operation: str,
    arguments: dict[str, Any] | None = None,
    ids: list[int] | None = None,
    parts: list[str] | None = None,
) -> BulkChange:
    """Change many cards: those of the ids, or those that `choose_cards` found (parts). Up to BATCH are done at once.

    operation, arguments: see bulk_operations.py. Cards that are not the actor's to change are left out and counted.
    Raises Forbidden, BadInput for what no card may be given, NotFound for a kind that is not changed so.
    """
    cards = need_bulk(card)
    if operation not in OPERATIONS:
        raise BadInput("core.error.bad_arguments", fields="operation")
    OPERATIONS[operation].check(tx, cards)
    chosen = parts if parts is not None else _parts(sorted({*(ids or ())}))
    row = BulkChange(
        card=card, operation=operation, arguments=OPERATIONS[operation].prepare(tx, cards, arguments or {}),
        employee_id=tx.actor.id, via=tx.actor.via, state=RUNNING, total=sum(map(_size, chosen)), created_at=tx.now,
    )  # fmt: skip
    tx.add(row)
    if is_left_to_worker(row):
        tx.add_many(BulkPart, [{"bulk_id": row.id, "number": n, "ids": part} for n, part in enumerate(chosen)])
        _hand_over(tx, row)
    else:
        _do(tx, row, [card_id for part in chosen for card_id in _ids(part)])
        _end(tx, row, DONE)
    return row


@action(LOGGED_IN)
def stop_bulk(tx: Tx, bulk_id: int) -> BulkChange:
    """Stop a change, or the taking back of one: what is done stays, and can be taken back. Raises RuleBroken."""
    row = tx.need(BulkChange, bulk_id)
    bulk_rules.check_running(row.state)
    _end(tx, row, STOPPED)
    return row


@action(LOGGED_IN)
def undo_bulk(tx: Tx, bulk_id: int) -> BulkChange:
    """Make the cards what they were before, save those that have become otherwise since: `list_left` tells of them.

    Raises RuleBroken for a change that is at work, taken back, or a day old.
    """
    row = tx.need(BulkChange, bulk_id)
    tx.check_change(row)
    bulk_rules.check_undo(row.state, row.undo_until, tx.now)
    OPERATIONS[row.operation].check(tx, need_bulk(row.card))
    row.state, row.error, row.error_params, row.finished_at = UNDOING, "", {}, None
    tx.session.flush()
    if is_left_to_worker(row):
        _hand_over(tx, row)
        return row
    while _undo_next(tx, row):
        pass
    _end(tx, row, UNDONE)
    return row


@action(LOGGED_IN)
def go_on_with_bulk(tx: Tx, run: Run, bulk_id: int) -> bool:
    """Do the next batch, or take it back; False where nothing is left to do."""
    row = tx.need(BulkChange, bulk_id)
    run.hold(tx, {"cursor": row.cursor, "counts": row.counts})
    if row.state == RUNNING and row.cursor < row.total:
        _do(tx, row, _next_ids(tx, row))
        return True
    if row.state == UNDOING and _undo_next(tx, row):
        return True
    if row.state in bulk_rules.AT_WORK:
        _end(tx, row, DONE if row.state == RUNNING else UNDONE)
    run.finish(tx)
    return False


@action(LOGGED_IN)
def fail_bulk(tx: Tx, run: Run, bulk_id: int, error: str, params: dict[str, Any]) -> None:
    """It can't go on: what is done stays, and can be taken back."""
    row = tx.need(BulkChange, bulk_id)
    row.error, row.error_params = error, params
    _end(tx, row, FAILED)
    run.finish(tx)


@action(LOGGED_IN)
def forget_bulk(tx: Tx, run: Run, bulk_id: int) -> bool:
    """Let go of some of what was kept for taking a change back; False where nothing is left of it."""
    run.hold(tx, {})
    row = tx.need(BulkChange, bulk_id)
    if row.state in bulk_rules.AT_WORK or (row.undo_until and tx.now < row.undo_until):
        raise jobs.Later(row.undo_until or tx.now + KEPT)
    kept = select(BulkBatch.number).where(BulkBatch.bulk_id == bulk_id).limit(FORGOTTEN_AT_ONCE)
    numbers = tx.all(kept)
    tx.run(delete(BulkBatch).where(BulkBatch.bulk_id == bulk_id, BulkBatch.number.in_(numbers)))
    if numbers:
        return True
    tx.run(delete(BulkLeft).where(BulkLeft.bulk_id == bulk_id))
    run.finish(tx)
    return False


def _do(tx: Tx, row: BulkChange, ids: list[int]) -> None:
    tx.via = VIA
    done: Done = OPERATIONS[row.operation].do(tx, BULK[row.card], row.arguments, ids)
    if done.before:
        tx.add(BulkBatch(bulk_id=row.id, number=row.cursor, before=done.before))
    refused = [_refused(row, card_id, reasons) for card_id, reasons in sorted(done.refused.items())]
    tx.add_many(BulkLeft, refused)
    row.counts = _sum(row.counts, done.counts)
    row.cursor += len(ids)
    _announce(tx, row)


def _left(row: BulkChange, card_id: int, why: str) -> dict[str, Any]:
    return {"bulk_id": row.id, "card_id": card_id, "reason": why, "reasons": []}


def _refused(row: BulkChange, card_id: int, reasons: list[Reason]) -> dict[str, Any]:
    told = [[reason.key or reason.code, reason.params] for reason in reasons]
    return {"bulk_id": row.id, "card_id": card_id, "reason": bulk_rules.REFUSED, "reasons": told}


def _undo_next(tx: Tx, row: BulkChange) -> bool:
    """Take the latest batch back, and forget it; False where there is none."""
    batch = tx.one(select(BulkBatch).where(BulkBatch.bulk_id == row.id).order_by(BulkBatch.number.desc()))
    if batch is None:
        return False
    tx.via = VIA
    back = OPERATIONS[row.operation].undo(tx, BULK[row.card], row.arguments, batch.before)
    tx.add_many(BulkLeft, [_left(row, card_id, why) for card_id, why in sorted(back.left.items())])
    tx.remove(batch)
    tx.add_many(BulkLeft, [_refused(row, card_id, reasons) for card_id, reasons in sorted(back.refused.items())])
    row.counts = _sum(row.counts, {TAKEN: back.taken, LEFT: len(back.left) + len(back.refused)})
    _announce(tx, row)
    return True


def _hand_over(tx: Tx, row: BulkChange) -> None:
    jobs.enqueue(tx, JOB, key=f"{JOB}:{row.id}", bulk_id=row.id, employee_id=row.employee_id)
    _announce(tx, row)


def _end(tx: Tx, row: BulkChange, state: str) -> None:
    row.state, row.finished_at, row.undo_until = state, tx.now, tx.now + KEPT
    tx.run(delete(BulkPart).where(BulkPart.bulk_id == row.id))
    jobs.enqueue(tx, FORGET, key=f"{FORGET}:{row.id}", run_at=row.undo_until, bulk_id=row.id)
    _announce(tx, row)


def _announce(tx: Tx, row: BulkChange) -> None:
    tx.announce(f"bulk:{row.employee_id}", f"{row.card}s")


def _next_ids(tx: Tx, row: BulkChange) -> list[int]:
    part, place = divmod(row.cursor, PART)
    held = tx.need(BulkPart, (row.id, part))
    return _ids(held.ids)[place : place + _batch(row)]


def is_left_to_worker(change: BulkChange | BulkState) -> bool:
    """Whether it is, or was, more than goes in one transaction: as it is made, or as it is taken back."""
    is_back = change.state in (UNDOING, UNDONE)
    return (change.counts.get(bulk_rules.CHANGED, 0) if is_back else change.total) > _batch(change)


def _batch(row: BulkChange | BulkState) -> int:
    """How many cards go in one transaction; a part holds a whole number of such batches."""
    return min(BATCH, OPERATIONS[row.operation].batch)


def _sum(known: dict[str, int], more: dict[str, int]) -> dict[str, int]:
    return dict(Counter(known) + Counter(more))


def _parts(ids: list[int]) -> list[str]:
    return [",".join(map(str, ids[place : place + PART])) for place in range(0, len(ids), PART)]


def _ids(part: str) -> list[int]:
    return [int(card_id) for card_id in part.split(",") if card_id]


def _size(part: str) -> int:
    return part.count(",") + 1 if part else 0

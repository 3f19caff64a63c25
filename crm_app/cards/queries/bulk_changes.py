"""What can be asked of changes of many cards: which cards match now, one's own changes, and what was left alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, func, select

from crm_app.access.models import Employee
from crm_app.cards.bulk_cards import need_bulk
from crm_app.cards.bulk_rules import AT_WORK, CHANGED, PART, UNDONE
from crm_app.cards.filters import Filter
from crm_app.cards.kinds import KINDS
from crm_app.cards.models import BulkChange, BulkLeft
from crm_app.cards.queries.binned import named
from crm_app.core import i18n
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, query
from crm_app.core.errors import Forbidden

MOST = 200


@dataclass(frozen=True)
class BulkState:
    """A change of many cards. employee: who made it; is_mine: by who asks; may_undo: now, by its owner."""

    id: int
    card: str
    operation: str
    arguments: dict[str, Any]
    employee: str
    is_mine: bool
    via: str
    state: str
    total: int
    done: int
    counts: dict[str, int]
    error: str
    error_params: dict[str, Any]
    created_at: datetime
    finished_at: datetime | None
    undo_until: datetime | None
    may_undo: bool


@dataclass(frozen=True)
class LeftCard:
    """A card that was left alone. reason: see bulk_rules.py; title: what it is called, for who sees it.

    why: sentences of the rule that refused it, in the reader's language.
    """

    id: int
    title: str
    href: str
    reason: str
    why: list[str]


@query(LOGGED_IN)
def choose_cards(tx: Tx, card: str, where: Filter | None = None, q: str = "", in_bin: bool = False) -> list[str]:
    """The cards that match now, for `start_bulk`: texts of PART ids each.

    q: words as lists are searched; in the bin, words of the cards' names, as `list_bin` has them.
    """
    cards = need_bulk(card)
    if not (tx.actor.is_employee and tx.actor.may(f"{card}.see")):
        raise Forbidden()
    wanted = cards.matching(tx, select(cards.model.id), where, "" if in_bin else q).order_by(None)
    if in_bin:
        wanted = wanted.where(cards.model.deleted_at.is_not(None), *named(card, q))
        with tx.with_bin():
            return _in_parts(tx, wanted)
    return _in_parts(tx, wanted)


def _in_parts(tx: Tx, wanted: Any) -> list[str]:
    """One text from the database, cut here: groups made there would sort a million rows once more, in memory."""
    rows = wanted.order_by(wanted.selected_columns.id).subquery()
    text = tx.all(select(func.aggregate_strings(cast(rows.c.id, String), ",")))[0]
    return [found[0].rstrip(",") for found in re.finditer(rf"(?:\d+,?){{1,{PART}}}", text or "")]


@query(LOGGED_IN)
def list_bulk(tx: Tx, limit: int = 50, before: int | None = None) -> list[BulkState]:
    """Changes of many cards, the latest first: one's own; of everybody, for who sees the audit."""
    wanted = _states().order_by(BulkChange.id.desc()).limit(min(limit, MOST))
    if before is not None:
        wanted = wanted.where(BulkChange.id < before)
    return [_state(tx, row, name) for row, name in tx.all(wanted)]


@query(LOGGED_IN)
def list_running_bulk(tx: Tx) -> list[BulkState]:
    """One's own changes that the worker has in hand."""
    mine = (BulkChange.employee_id == tx.actor.id, BulkChange.state.in_(AT_WORK))
    return [_state(tx, row, name) for row, name in tx.all(_states().where(*mine).order_by(BulkChange.id).limit(10))]


@query(LOGGED_IN)
def list_ended_bulk(tx: Tx, since: datetime) -> list[BulkState]:
    """One's own changes that have been done, stopped or taken back since then, the latest first."""
    mine = (BulkChange.employee_id == tx.actor.id, BulkChange.finished_at > since)
    wanted = _states().where(*mine).order_by(BulkChange.finished_at.desc()).limit(10)
    return [_state(tx, row, name) for row, name in tx.all(wanted)]


@query(LOGGED_IN)
def see_bulk(tx: Tx, bulk_id: int) -> BulkState:
    """One change of many cards. Raises NotFound."""
    row = tx.need(BulkChange, bulk_id)
    return _state(tx, row, tx.scalar(select(Employee.name).where(Employee.id == row.employee_id)) or "")


@query(LOGGED_IN)
def list_left(tx: Tx, bulk_id: int, after: int = 0, limit: int = 50) -> list[LeftCard]:
    """Cards that were left alone as a change was made or taken back, by id; after: the last id that is known."""
    change = tx.need(BulkChange, bulk_id)
    wanted = select(BulkLeft.card_id, BulkLeft.reason, BulkLeft.reasons).where(
        BulkLeft.bulk_id == bulk_id, BulkLeft.card_id > after
    )
    rows = tx.all(wanted.order_by(BulkLeft.card_id).limit(min(limit, MOST)))
    kind, model = KINDS[change.card], need_bulk(change.card).model
    named = select(model.id, kind.title).where(model.id.in_([row.card_id for row in rows]))
    titles: dict[int, str] = {row[0]: row[1] for row in tx.all(named)} if rows else {}
    unseen = i18n.text("cards.unseen", tx.actor.locale)
    return [
        LeftCard(
            row.card_id, titles.get(row.card_id, unseen),
            kind.href.format(id=row.card_id) if row.card_id in titles else "", row.reason,
            [i18n.text(key, tx.actor.locale, **params) for key, params in row.reasons],
        )
        for row in rows
    ]  # fmt: skip


def _states() -> Any:
    return select(BulkChange, Employee.name).outerjoin(Employee, Employee.id == BulkChange.employee_id)


def _state(tx: Tx, row: BulkChange, employee: str) -> BulkState:
    is_mine = row.employee_id == tx.actor.id and tx.actor.is_employee
    is_kept = row.state not in (*AT_WORK, UNDONE) and row.undo_until is not None and tx.now <= row.undo_until
    return BulkState(
        id=row.id or 0, card=row.card, operation=row.operation, arguments=row.arguments, employee=employee,
        is_mine=is_mine, via=row.via, state=row.state, total=row.total, done=row.cursor, counts=row.counts,
        error=row.error, error_params=row.error_params, created_at=row.created_at, finished_at=row.finished_at,
        undo_until=row.undo_until, may_undo=is_mine and is_kept and row.counts.get(CHANGED, 0) > 0,
    )  # fmt: skip

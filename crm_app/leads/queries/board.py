"""The board of leads: exact counts over all leads of a column, and a window of its first cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import bindparam, func, select, tuple_

from crm_app.cards.filters import Filter
from crm_app.cards.ties import ties_of
from crm_app.core.door import Tx, query
from crm_app.leads import rules
from crm_app.leads.models import Lead
from crm_app.leads.queries.cards import LEADS
from crm_app.pipelines.models import Pipeline, Stage
from crm_app.pipelines.queries import StageRow, stage_row, stages_of
from crm_app.pipelines.rules import OPEN

PER_COLUMN = 50
MOST = 200


@dataclass
class LeadOnBoard:
    """A lead as a card of the board shows it."""

    __card__: ClassVar[str] = "lead"

    id: int
    name: str
    person: str
    organisation: str
    interest: str
    source: str
    stage_id: int
    responsible: str
    phone: str
    touch: str
    touch_due_at: datetime | None
    touched_at: datetime | None
    created_at: datetime
    entered_stage_at: datetime
    return_stage_id: int


@dataclass(frozen=True)
class LeadColumn:
    """A column: its stage, how many leads are in it, and the first of them. after: the cursor for more, or None."""

    stage: StageRow
    count: int
    cards: list[LeadOnBoard]
    after: str | None


@dataclass(frozen=True)
class LeadBoard:
    """A pipeline with its columns, in order."""

    pipeline_id: int
    name: str
    order_rule: str
    columns: list[LeadColumn]


@query("lead.see")
def see_lead_board(
    tx: Tx,
    pipeline_id: int,
    where: Filter | None = None,
    q: str = "",
    mine: bool = False,
    per_column: int = PER_COLUMN,
    with_closed: bool = True,
) -> LeadBoard:
    """A board. per_column: cards in each column at first; with_closed: those of the stages that are not open too."""
    pipeline = tx.need(Pipeline, pipeline_id)
    shown = {
        stage.id or 0: per_column if with_closed or stage.kind == OPEN else 0 for stage in stages_of(tx, pipeline_id)
    }
    columns = _columns(tx, pipeline_id, shown, _wanted(tx, where, q, mine))
    return LeadBoard(pipeline_id, pipeline.name, pipeline.order_rule, columns)


@query("lead.see")
def see_lead_columns(
    tx: Tx,
    pipeline_id: int,
    windows: dict[int, int],
    where: Filter | None = None,
    q: str = "",
    mine: bool = False,
    after: str = "",
) -> list[LeadColumn]:
    """Some columns of a board. windows: of which stages, and how many cards of each; 0 for the count alone.

    after: the cursor of a column, to go on with it.
    """
    tx.need(Pipeline, pipeline_id)
    return _columns(tx, pipeline_id, windows, _wanted(tx, where, q, mine), after)


def _wanted(tx: Tx, where: Filter | None, q: str, mine: bool) -> list[Any]:
    found = LEADS.matching(tx, select(Lead.id), where, q).whereclause
    conditions = [] if found is None else [found]
    return [*conditions, Lead.responsible_id == tx.actor.id] if mine else conditions


def _columns(tx: Tx, pipeline_id: int, windows: dict[int, int], wanted: list[Any], after: str = "") -> list[LeadColumn]:
    stages = [stage for stage in stages_of(tx, pipeline_id) if stage.id in windows]
    counts = dict(tx.all(_COUNTS.where(*wanted), pipeline=pipeline_id))
    rows: dict[int, list[Any]] = {}
    for stage in stages:
        most = max(0, min(windows[stage.id or 0], MOST))
        if most and counts.get(stage.id):
            rows[stage.id or 0] = _window(tx, stage.id or 0, wanted, after, most)
    ties = ties_of(tx, "lead", [row for window in rows.values() for row in window])
    return [_column(tx, stage, counts.get(stage.id, 0), rows.get(stage.id or 0, []), ties) for stage in stages]


_COUNTS = select(Lead.stage_id, func.count()).where(Lead.pipeline_id == bindparam("pipeline")).group_by(Lead.stage_id)
_SHOWN: tuple[Any, ...] = (
    Lead.id, Lead.name, Lead.person, Lead.organisation, Lead.interest, Lead.source, Lead.stage_id, Lead.rank,
    Lead.responsible_id, Lead.touch_due_at, Lead.touched_at, Lead.created_at, Lead.entered_stage_at,
    Lead.return_stage_id,
)  # fmt: skip
_CARDS = (
    select(*_SHOWN)
    .where(Lead.stage_id == bindparam("stage"))
    .order_by(Lead.rank, Lead.id)
    .limit(bindparam("most"))
)  # fmt: skip
"""Kept, so that they are built once: a board asks them for each of its columns."""


def _window(tx: Tx, stage_id: int, wanted: list[Any], after: str, most: int) -> list[Any]:
    window = _CARDS.where(*wanted) if wanted else _CARDS
    if after:
        rank, _, last = after.partition(":")
        last_id = int(last) if last.isascii() and last.isdigit() and len(last) < 10 else 0
        place: Any = tuple_(Lead.rank, Lead.id)
        window = window.where(place > (rank, last_id))
    return tx.all(window, stage=stage_id, most=most)


def _column(tx: Tx, stage: Stage, count: int, window: list[Any], ties: Any) -> LeadColumn:
    cards = [_card(row, stage.kind, ties.of(row), tx.now) for row in window]
    return LeadColumn(
        stage_row(stage), count, cards, f"{window[-1].rank}:{window[-1].id}" if 0 < len(window) < count else None
    )


def _card(row: Any, kind: str, tied: dict[str, Any], now: datetime) -> LeadOnBoard:
    touch = "" if rules.is_closed(kind) else rules.touch_state(row.touch_due_at, row.touched_at, now)
    return LeadOnBoard(
        id=row.id, name=row.name, person=row.person, organisation=row.organisation, interest=row.interest,
        source=row.source, stage_id=row.stage_id, responsible=tied["responsible"], phone=tied["phone"], touch=touch,
        touch_due_at=row.touch_due_at, touched_at=row.touched_at, created_at=row.created_at,
        entered_stage_at=row.entered_stage_at, return_stage_id=row.return_stage_id or 0,
    )  # fmt: skip

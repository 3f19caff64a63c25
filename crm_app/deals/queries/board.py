"""The board: exact counts and sums over all deals of a column, and a window of its first cards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BindParameter, Select, bindparam, func, select, tuple_

from crm_app.access.models import Employee
from crm_app.cards.filters import compile_filter
from crm_app.cards.kinds import openly
from crm_app.cards.next_steps import with_next_step
from crm_app.clients.models import Client
from crm_app.core import search
from crm_app.core.db import folded
from crm_app.core.door import Tx, query
from crm_app.core.folding import fold
from crm_app.deals.fields import asked_by
from crm_app.deals.models import Deal, DealPlan
from crm_app.deals.queries.approvals import deals_waiting
from crm_app.deals.queries.stays import loads_of, touched_at
from crm_app.pipelines.models import Pipeline, Stage
from crm_app.pipelines.queries import StageRow, stage_row, stages_of
from crm_app.pipelines.rules import CLOSED, OPEN, TOUCH
from crm_app.worktime.queries import calendar_of
from crm_app.worktime.rules import working_days_passed

PER_COLUMN = 50
MOST = 200


@dataclass(frozen=True)
class PlanRow:
    """A planned action."""

    id: int
    kind: str
    what: str
    at: datetime
    is_done: bool = False


@dataclass
class DealCard:
    """A deal as a card of the board shows it. amount: minor units, None while unknown. waits_for: names of who
    has to approve its next move. is_rotting: it has been left alone in its stage for longer than that allows;
    has_step: something is planned with it, an action of its own or a task, or it is closed.

    Not frozen, for that makes hundreds of them thrice as dear.
    """

    __card__: ClassVar[str] = "deal"

    id: int
    number: str
    name: str
    stage_id: int
    client_id: int
    client_name: str
    responsible_id: int
    responsible_name: str
    amount: int | None
    currency: str
    entered_stage_at: datetime
    return_stage_id: int
    next_action: PlanRow | None
    waits_for: str = ""
    is_rotting: bool = False
    has_step: bool = True


@dataclass(frozen=True)
class Sum:
    """Money of one currency, in minor units; None where the reader is kept from what these deals are worth."""

    currency: str
    amount: int | None


@dataclass(frozen=True)
class ColumnRow:
    """A column: its stage, how many deals are in it and what they sum up to, and the first of them.

    after: the cursor for more, None where these are all. load: how many deals stand in it, whoever sees them and
    whatever is asked for: where only so many are meant to, else 0.
    """

    stage: StageRow
    count: int
    sums: list[Sum]
    cards: list[DealCard]
    after: str | None
    load: int = 0


@dataclass(frozen=True)
class BoardRow:
    """A pipeline with its columns, in order."""

    pipeline_id: int
    name: str
    order_rule: str
    columns: list[ColumnRow]


Filter = dict[str, Any]


@query("deal.see")
def see_board(
    tx: Tx,
    pipeline_id: int,
    filter: Filter | None = None,  # noqa: A002  the API's own word
    q: str = "",
    mine: bool = False,
    per_column: int = PER_COLUMN,
    with_closed: bool = True,
) -> BoardRow:
    """A board. per_column: cards in each column at first; with_closed: those of the stages that are not open too."""
    pipeline, stages = tx.need(Pipeline, pipeline_id), stages_of(tx, pipeline_id)
    wanted = _wanted(tx, filter, q, mine)
    totals = _totals(tx, pipeline_id, wanted)
    most = max(1, min(per_column, MOST))
    shown = [stage for stage in stages if with_closed or stage.kind == OPEN]
    windows = {s.id: _window(tx, s.id or 0, wanted, None, most) for s in shown if totals.get(s.id or 0)}
    cards = _cards(tx, [row for window in windows.values() for row in window], stages)
    loads = _loads(tx, stages)
    columns = [_column(s, totals.get(s.id or 0, []), windows.get(s.id, []), cards, most, loads) for s in stages]
    return BoardRow(pipeline_id, pipeline.name, pipeline.order_rule, columns)


@query("deal.see")
def see_column(
    tx: Tx,
    stage_id: int,
    after: str | None = None,
    filter: Filter | None = None,  # noqa: A002  the API's own word
    q: str = "",
    mine: bool = False,
    per_column: int = PER_COLUMN,
) -> ColumnRow:
    """One column, or more of it: the cards after a cursor."""
    stage = tx.need(Stage, stage_id)
    wanted = _wanted(tx, filter, q, mine)
    totals = _totals(tx, stage.pipeline_id, [Deal.stage_id == stage_id, *wanted])
    most = max(1, min(per_column, MOST))
    window = _window(tx, stage_id, wanted, after, most)
    cards, loads = _cards(tx, window, [stage]), _loads(tx, [stage])
    return _column(stage, totals.get(stage_id, []), window, cards, most, loads)


@query("deal.see")
def see_columns(
    tx: Tx,
    pipeline_id: int,
    windows: dict[int, int],
    filter: Filter | None = None,  # noqa: A002  the API's own word
    q: str = "",
    mine: bool = False,
) -> list[ColumnRow]:
    """Some columns of a board. windows: of which stages, and how many cards of each; 0 for count and sums alone."""
    most = {stage_id: min(number, MOST) for stage_id, number in windows.items()}
    stages = {stage.id or 0: stage for stage in stages_of(tx, pipeline_id) if stage.id in windows}
    wanted = _wanted(tx, filter, q, mine)
    totals = _totals(tx, pipeline_id, [Deal.stage_id.in_(stages), *wanted])
    found = {id_: _window(tx, id_, wanted, None, most[id_]) for id_ in stages if most[id_] > 0 and id_ in totals}
    cards = _cards(tx, [row for window in found.values() for row in window], stages.values())
    loads = _loads(tx, stages.values())
    return [_column(s, totals.get(id_, []), found.get(id_, []), cards, most[id_], loads) for id_, s in stages.items()]


def _loads(tx: Tx, stages: Iterable[Stage]) -> dict[int, int]:
    return loads_of(tx, [stage.id or 0 for stage in stages if stage.wip_limit])


def _wanted(tx: Tx, chosen: Filter | None, q: str, mine: bool) -> list[Any]:
    conditions: list[Any] = [compile_filter(tx, chosen, asked_by(tx, chosen), "deal")] if chosen else []
    words = fold(q).split()
    if any(len(word) >= search.SHORTEST for word in words):
        conditions += [search.has_words(tx.session, "deal", Deal.id, q), *openly(tx, "deal", q)]
    conditions += [folded(Deal.name).contains(word, autoescape=True) for word in words if len(word) < search.SHORTEST]
    return [*conditions, Deal.responsible_id == tx.actor.id] if mine else conditions


@dataclass(frozen=True)
class Total:
    """The deals of one currency in one column. amount: as of a Sum."""

    currency: str
    count: int
    amount: int | None


_TOTALS = (
    select(Deal.stage_id, Deal.currency, func.count(), func.coalesce(func.sum(Deal.amount), 0))
    .where(Deal.pipeline_id == bindparam("pipeline"))
    .group_by(Deal.stage_id, Deal.currency)
)


def _totals(tx: Tx, pipeline_id: int, wanted: list[Any]) -> dict[int, list[Total]]:
    """By stage, the most frequent currency first. One statement, whatever the number of stages."""
    counted = _TOTALS.where(*wanted) if wanted else _TOTALS
    totals: dict[int, list[Total]] = {}
    for stage_id, currency, count, amount in tx.all(counted, pipeline=pipeline_id):
        is_hidden = hides_amount(tx, stage_id)  # a sum of hidden figures would tell them
        totals.setdefault(stage_id, []).append(Total(currency, count, None if is_hidden else int(amount)))
    return {stage_id: sorted(rows, key=lambda row: (-row.count, row.currency)) for stage_id, rows in totals.items()}


_COLUMNS = (
    Deal.id, Deal.number, Deal.name, Deal.stage_id, Deal.client_id, Deal.responsible_id, Deal.amount, Deal.currency,
    Deal.entered_stage_at, Deal.return_stage_id, Deal.rank,
)  # fmt: skip


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_FIRST = (
    select(*_COLUMNS).where(Deal.stage_id == bindparam("stage")).order_by(Deal.rank, Deal.id).limit(bindparam("most"))
)
_CLIENT_NAMES = select(Client.id, Client.name).where(Client.id.in_(_IDS))
_EMPLOYEE_NAMES = select(Employee.id, Employee.name).where(Employee.id.in_(_IDS))
_PLANS = (
    select(DealPlan.deal_id, DealPlan.id, DealPlan.kind, DealPlan.what, DealPlan.at)
    .where(DealPlan.deal_id.in_(_IDS), DealPlan.done_at.is_(None))
    .order_by(DealPlan.at.desc(), DealPlan.id.desc())
)
"""Kept, so that they are built once: a board asks them for each of its columns."""


def _window(tx: Tx, stage_id: int, wanted: list[Any], after: str | None, most: int) -> list[Any]:
    if not wanted and not after:
        return tx.all(_FIRST, stage=stage_id, most=most)
    window = select(*_COLUMNS).where(Deal.stage_id == stage_id, *wanted)
    if after:
        rank, _, last_id = after.partition(":")
        window = window.where(tuple_(Deal.rank, Deal.id) > (rank, int(last_id) if last_id.isdigit() else 0))
    return tx.all(window.order_by(Deal.rank, Deal.id).limit(most))


def _column(
    stage: Stage,
    totals: list[Total],
    window: list[Any],
    cards: dict[int, DealCard],
    most: int,
    loads: dict[int, int],
) -> ColumnRow:
    count = sum(total.count for total in totals)
    is_full = 0 < len(window) == most < count
    return ColumnRow(
        stage=stage_row(stage),
        count=count,
        sums=[Sum(total.currency, total.amount) for total in totals],
        cards=[cards[row.id] for row in window],
        after=f"{window[-1].rank}:{window[-1].id}" if is_full else None,
        load=loads.get(stage.id or 0, 0),
    )


def _rotting(tx: Tx, rows: list[Any], stages: Iterable[Stage]) -> set[int]:
    """Which deals have been left alone in their stages for more working days than these allow."""
    limits = {stage.id: stage for stage in stages if stage.rot_days}
    looked_at = [row for row in rows if row.stage_id in limits]
    if not looked_at:
        return set()
    calendar = calendar_of(tx)
    touched = touched_at(tx, [row.id for row in looked_at if limits[row.stage_id].rot_from == TOUCH])
    found = set()
    for row in looked_at:
        since, most = (
            max(row.entered_stage_at, touched.get(row.id, row.entered_stage_at)),
            limits[row.stage_id].rot_days,
        )
        if working_days_passed(calendar, since, tx.now, most) >= most:
            found.add(row.id)
    return found


def _cards(tx: Tx, rows: list[Any], stages: Iterable[Stage]) -> dict[int, DealCard]:
    """The rows as cards, by id: with the names of those that the reader may see."""
    clients = _names(tx, _CLIENT_NAMES, {row.client_id for row in rows if row.client_id})
    employees = _names(tx, _EMPLOYEE_NAMES, {row.responsible_id for row in rows})
    plans = next_actions(tx, [row.id for row in rows])
    waiting = deals_waiting(tx, [row.id for row in rows])
    rotting = _rotting(tx, rows, stages)
    closed = {stage.id for stage in stages if stage.kind in CLOSED}
    with_step = with_next_step(tx, "deal", [row.id for row in rows if row.id not in plans])
    return {
        row.id: DealCard(
            id=row.id,
            number=row.number,
            name=row.name,
            stage_id=row.stage_id,
            client_id=row.client_id or 0,
            client_name=clients.get(row.client_id, ""),
            responsible_id=row.responsible_id,
            responsible_name=employees.get(row.responsible_id, ""),
            amount=seen_amount(tx, row),
            currency=row.currency,
            entered_stage_at=row.entered_stage_at,
            return_stage_id=row.return_stage_id or 0,
            next_action=plans.get(row.id),
            waits_for=waiting.get(row.id, ""),
            is_rotting=row.id in rotting,
            has_step=row.id in plans or row.id in with_step or row.stage_id in closed,
        )
        for row in rows
    }


def hides_amount(tx: Tx, stage_id: int) -> bool:
    """Whether the reader is kept from what deals of a stage are worth."""
    return "amount" in tx.actor.hidden_in("deal", stage_id)


def seen_amount(tx: Tx, row: Any) -> int | None:
    """What a deal is worth, None where nobody knows, or the reader may not: a nought would be a figure."""
    return None if hides_amount(tx, row.stage_id) else row.amount


def _names(tx: Tx, statement: Select[Any], ids: set[int]) -> dict[int, str]:
    return dict(tx.all(statement, ids=ids)) if ids else {}


def next_actions(tx: Tx, deal_ids: list[int]) -> dict[int, PlanRow]:
    """The earliest planned action of each deal that has one."""
    if not deal_ids:
        return {}
    rows = tx.all(_PLANS, ids=deal_ids)
    return {row.deal_id: PlanRow(row.id, row.kind, row.what, row.at) for row in rows}

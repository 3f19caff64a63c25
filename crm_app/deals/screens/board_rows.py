"""The board as the browser holds it: columns and cards made of what the query gives, and how to tell a change."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from crm_app.core.clock import iso
from crm_app.core.money import DEFAULT_CURRENCY
from crm_app.deals.queries.board import BoardRow, ColumnRow, DealCard
from crm_app.deals.queries.stays import ConversionRow, UsualStay
from crm_app.pipelines.rules import FREE, OPEN

DAY = 24 * 60 * 60


class BoardCard(TypedDict):
    """A card. amount: what it adds to the column's sum; money: the deal's own amount. Both in minor units."""

    id: int
    title: str
    client: str
    amount: int
    money: int
    currency: str
    has_amount: bool
    who: str
    days: int
    is_rotting: bool
    plan_kind: str
    plan_what: str
    plan_at: str
    is_late: bool
    return_to: int | None
    waits_for: str
    has_step: bool


class BoardColumn(TypedDict):
    """A column. shown: as a column, not only as a zone at the foot; asks: "needs" or "".

    limit: how many deals are meant to stand there, 0 for any number; load: how many do, told only where there is a
    limit; usual_days: the median of finished stays, of so many `stays`; 0 of 0 where there are none.
    weighted: the sum is told weighted too, by the stage's probability in per cent; measured: what of `closed` deals
    that have been here were won, in per cent.

    sum: in the board's currency; other_sum: in the next one; more: there are still others. sum_hidden: the reader
    is kept from all of them.
    """

    id: int
    title: str
    kind: str
    shown: bool
    position: int
    colour: str
    asks: str
    can_start: bool
    count: int
    sum: int
    sum_hidden: bool
    currency: str
    other_sum: int
    other_currency: str
    more: bool
    limit: int
    load: int
    usual_days: int
    stays: int
    weighted: bool
    probability: int
    measured: int
    closed: int
    cards: list[BoardCard]


class ColumnPatch(BoardColumn):
    """A column that looks different. order: its cards by their ids; cards: those that the browser does not hold so."""

    order: list[int]


def to_columns(board: BoardRow, now: datetime, *, with_closed: bool) -> list[BoardColumn]:
    """The columns of a board, in one currency for their sums: the one that most deals have.

    with_closed: won, lost and hold are columns too, not only zones at the foot.
    """
    currency = _main_currency(board)
    first = next((column.stage.id for column in board.columns if column.stage.kind == OPEN), 0)
    is_strict = board.order_rule != FREE
    columns = [_column(c, currency, now, can_start=c.stage.id == first or not is_strict) for c in board.columns]
    for column in columns:
        column["shown"] = with_closed or column["kind"] == OPEN
    return columns


def anew(rows: list[ColumnRow], former: list[BoardColumn], now: datetime) -> list[BoardColumn]:
    """Some columns as they are now; their currency and what they may do stay as when the whole board was sent."""
    by_id = {column["id"]: column for column in former}
    fresh = []
    for row in rows:
        was = by_id[row.stage.id]
        column = _column(row, was["currency"], now, can_start=was["can_start"])
        column["shown"] = was["shown"]
        column["usual_days"], column["stays"] = was["usual_days"], was["stays"]
        column["weighted"], column["measured"], column["closed"] = was["weighted"], was["measured"], was["closed"]
        fresh.append(column)
    return fresh


def tell_usual_stays(columns: list[BoardColumn], usual: list[UsualStay]) -> None:
    """Say in the heads how long deals usually stay."""
    told = {row.stage_id: row for row in usual}
    for column in columns:
        if row := told.get(column["id"]):
            column["usual_days"], column["stays"] = round(row.seconds / DAY), row.stays


def weigh(columns: list[BoardColumn], conversions: list[ConversionRow]) -> None:
    """Have sums told weighted too, and what was won in truth beside what is promised."""
    told = {row.stage_id: row for row in conversions}
    for column in columns:
        column["weighted"] = True
        if row := told.get(column["id"]):
            column["measured"], column["closed"] = round(100 * row.won / row.closed), row.closed


def _main_currency(board: BoardRow) -> str:
    counts: dict[str, int] = {}
    for column in board.columns:
        for place, total in enumerate(column.sums):
            counts[total.currency] = counts.get(total.currency, 0) + column.count // (place + 1)
    return max(counts, key=lambda currency: counts[currency], default=DEFAULT_CURRENCY)


def _column(column: ColumnRow, currency: str, now: datetime, *, can_start: bool) -> BoardColumn:
    stage, others = column.stage, [total for total in column.sums if total.currency != currency]
    own = next((total.amount for total in column.sums if total.currency == currency), 0)
    return {
        "id": stage.id,
        "title": stage.name,
        "kind": stage.kind,
        "shown": True,
        "position": stage.position,
        "colour": stage.colour,
        "asks": "needs" if stage.required_fields else "",
        "can_start": can_start and stage.kind == OPEN,
        "count": column.count,
        "sum": own or 0,
        "sum_hidden": any(total.amount is None for total in column.sums),
        "currency": currency,
        "other_sum": (others[0].amount or 0) if others else 0,
        "other_currency": others[0].currency if others else "",
        "more": len(others) > 1,
        "limit": stage.wip_limit,
        "load": column.load,
        "usual_days": 0,
        "stays": 0,
        "weighted": False,
        "probability": stage.probability,
        "measured": 0,
        "closed": 0,
        "cards": [_card(card, currency, now) for card in column.cards],
    }


def _card(card: DealCard, currency: str, now: datetime) -> BoardCard:
    days, plan = (now - card.entered_stage_at).days, card.next_action
    return {
        "id": card.id,
        "title": card.name,
        "client": card.client_name,
        "amount": (card.amount or 0) if card.currency == currency else 0,
        "money": card.amount or 0,
        "currency": card.currency,
        "has_amount": card.amount is not None,
        "who": card.responsible_name,
        "days": days,
        "is_rotting": card.is_rotting,
        "plan_kind": plan.kind if plan else "",
        "plan_what": plan.what if plan else "",
        "plan_at": iso(plan.at if plan else None),
        "is_late": plan is not None and plan.at < now,
        "return_to": card.return_stage_id or None,
        "waits_for": card.waits_for,
        "has_step": card.has_step,
    }

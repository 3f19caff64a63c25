"""The board of leads as the browser holds it: columns and cards made of what the query gives."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from crm_app.core.clock import iso
from crm_app.core.phones import show_phone
from crm_app.leads import rules
from crm_app.leads.queries.board import LeadColumn, LeadOnBoard
from crm_app.leads.screens.lines import about
from crm_app.pipelines.queries import StageRow
from crm_app.pipelines.rules import LOST, OPEN


class LeadTile(TypedDict):
    """A card. amount: nothing, for leads are counted and not summed up; times are ISO, "" for none."""

    id: int
    title: str
    about: str
    interest: str
    source: str
    phone: str
    who: str
    amount: int
    touch: str
    touch_due_at: str
    days: int
    is_rotting: bool
    return_to: int | None


class LeadStack(TypedDict):
    """A column. shown: as a column, not only as a zone at the foot; asks: "needs" where a reason is wanted."""

    id: int
    title: str
    kind: str
    shown: bool
    position: int
    colour: str
    asks: str
    count: int
    sum: int
    other_sum: int
    cards: list[LeadTile]


class StackPatch(LeadStack):
    """A column that looks different. order: its cards by their ids; cards: those that the browser does not hold so."""

    order: list[int]


def to_stack(column: LeadColumn, now: datetime, locale: str, *, with_closed: bool) -> LeadStack:
    """A column as the browser gets it."""
    stage = column.stage
    return {
        "id": stage.id,
        "title": stage.name,
        "kind": stage.kind,
        "shown": with_closed or stage.kind == OPEN,
        "position": stage.position,
        "colour": stage.colour,
        "asks": "needs" if stage.kind == LOST else "",
        "count": column.count,
        "sum": 0,
        "other_sum": 0,
        "cards": [_tile(card, stage, now, locale) for card in column.cards],
    }


def _tile(card: LeadOnBoard, stage: StageRow, now: datetime, locale: str) -> LeadTile:
    days = (now - card.entered_stage_at).days
    return {
        "id": card.id,
        "title": card.name,
        "about": about(card.name, card.person, card.organisation),
        "interest": card.interest[:120],
        "source": rules.source_label(card.source, locale),
        "phone": show_phone(card.phone) if card.phone else "",
        "who": card.responsible,
        "amount": 0,
        "touch": card.touch,
        "touch_due_at": iso(card.touch_due_at),
        "days": days,
        "is_rotting": 0 < stage.rot_days <= days,
        "return_to": card.return_stage_id or None,
    }

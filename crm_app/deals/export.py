"""Deals out: rows in pages, each a short transaction, into a workbook whose texts never run."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import select

from crm_app.access.models import Employee
from crm_app.cards.custom_fields import needed_columns, values_of
from crm_app.cards.filters import Filter
from crm_app.cards.rights import within_reach
from crm_app.cards.ties import tags_by_card
from crm_app.cards.workbook import Written, write_cards
from crm_app.clients.models import Client
from crm_app.core.actor import Actor
from crm_app.core.door import Tx, query
from crm_app.core.money import Money
from crm_app.core.sheets import Value
from crm_app.deals.models import Deal
from crm_app.deals.queries.board import seen_amount
from crm_app.deals.queries.cards import DEALS
from crm_app.pipelines.models import Pipeline, Stage

PAGE = 1_000
COLUMNS = (
    "number", "name", "client_id", "pipeline_id", "stage_id", "amount", "responsible_id", "payment_method", "delivery",
    "created_at", "entered_stage_at", "updated_at", "lost_reason",
)  # fmt: skip


@dataclass(frozen=True)
class DealExportRow:
    """All that is exported of one deal. client_id, pipeline_id, stage_id, responsible_id: their names.

    place_id: the id of the stage.
    """

    __card__: ClassVar[str] = "deal"
    __place__: ClassVar[str] = "place_id"

    id: int
    number: str
    name: str
    client_id: str
    pipeline_id: str
    stage_id: str
    amount: int | None
    currency: str
    responsible_id: str
    payment_method: str
    delivery: str
    created_at: datetime
    entered_stage_at: datetime
    updated_at: datetime
    lost_reason: str
    tags: list[str]
    fields: dict[str, Any]
    place_id: int


_NAMED = {
    "client_id": Client.name.label("client"), "pipeline_id": Pipeline.name.label("pipeline"),
    "stage_id": Stage.name.label("stage"), "responsible_id": Employee.name.label("responsible"),
}  # fmt: skip
_PLAIN = tuple(f.name for f in fields(DealExportRow) if f.name not in (*_NAMED, "fields") and hasattr(Deal, f.name))
_PLACED = (*(getattr(Deal, name) for name in _PLAIN), Deal.stage_id)


@query("deal.export")
def export_deals_page(tx: Tx, where: Filter | None = None, q: str = "", after: int = 0) -> list[DealExportRow]:
    """The next deals that a filter leaves, by id; after: the last id that is known."""
    stored = needed_columns(tx, "deal", (*_PLAIN, "stage_id"))
    statement = (
        select(*_PLACED, *stored, *_NAMED.values())
        .outerjoin(Client, Client.id == Deal.client_id)
        .join(Pipeline, Pipeline.id == Deal.pipeline_id)
        .join(Stage, Stage.id == Deal.stage_id)
        .outerjoin(Employee, Employee.id == Deal.responsible_id)
        .where(Deal.id > after, within_reach(tx.actor, "deal.export"))
    )
    rows = tx.all(DEALS.matching(tx, statement, where, q).order_by(Deal.id).limit(PAGE))
    tags = tags_by_card(tx, "deal", [row.id for row in rows])
    return [
        DealExportRow(
            **{name: getattr(row, name) for name in _PLAIN if name != "amount"},
            amount=seen_amount(tx, row),
            **{name: getattr(row, column.key) or "" for name, column in _NAMED.items()},
            fields=values_of(tx, "deal", row) if stored else {},
            tags=tags.get(row.id, []),
            place_id=row.stage_id,
        )
        for row in rows
    ]


def _cells(row: DealExportRow, _locale: str) -> list[Value]:
    cells: dict[str, Any] = {name: getattr(row, name) for name in COLUMNS}
    cells["amount"] = None if row.amount is None else Money(row.amount, row.currency)
    return [*cells.values(), ", ".join(row.tags)]


_WRITTEN = Written(
    "deal", export_deals_page, _cells, [*(f"field.deal.{name}" for name in COLUMNS), "cards.field.tags"], "deals.title"
)


def write_deals(actor: Actor, target: Path, where: Filter | None = None, q: str = "", locale: str = "ru") -> int:
    """A workbook of the deals that a filter leaves. Gives their number."""
    return write_cards(_WRITTEN, actor, target, where, q, locale)

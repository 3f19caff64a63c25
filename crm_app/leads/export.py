"""Leads out: rows in pages, each a short transaction, into a workbook whose texts never run."""

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
from crm_app.cards.ways import emails_by_card, phones_by_card
from crm_app.cards.workbook import Written, write_cards
from crm_app.core.actor import Actor
from crm_app.core.door import Tx, query
from crm_app.core.sheets import Value
from crm_app.leads.models import Lead
from crm_app.leads.queries.cards import LEADS
from crm_app.leads.rules import UTM, channel_label, source_label
from crm_app.pipelines.models import Stage

PAGE = 1_000
COLUMNS = (
    "name", "stage_id", "person", "position", "organisation", "phones", "emails", "site", "city", "source", "channel",
    *UTM, "interest", "responsible_id", "created_at", "touch_due_at", "touched_at", "disqualified_reason", "tags",
    "note",
)  # fmt: skip


@dataclass(frozen=True)
class LeadExportRow:
    """All that is exported of one lead. stage_id, responsible_id: their names."""

    __card__: ClassVar[str] = "lead"

    id: int
    name: str
    stage_id: str
    person: str
    position: str
    organisation: str
    phones: list[str]
    emails: list[str]
    site: str
    city: str
    source: str
    channel: str
    utm_source: str
    utm_medium: str
    utm_campaign: str
    utm_term: str
    utm_content: str
    interest: str
    responsible_id: str
    created_at: datetime
    touch_due_at: datetime | None
    touched_at: datetime | None
    disqualified_reason: str
    tags: list[str]
    note: str
    fields: dict[str, Any]


_OTHERS = ("stage_id", "responsible_id", "fields")
_PLAIN = tuple(f.name for f in fields(LeadExportRow) if f.name not in _OTHERS and hasattr(Lead, f.name))


@query("lead.export")
def export_leads_page(tx: Tx, where: Filter | None = None, q: str = "", after: int = 0) -> list[LeadExportRow]:
    """The next leads that a filter leaves, by id; after: the last id that is known."""
    stored = needed_columns(tx, "lead", _PLAIN)
    named = (Stage.name.label("stage_id"), Employee.name.label("responsible_id"))
    statement = select(*(getattr(Lead, name) for name in _PLAIN), *stored, *named)
    statement = statement.join(Stage, Stage.id == Lead.stage_id)
    statement = statement.outerjoin(Employee, Employee.id == Lead.responsible_id).where(
        Lead.id > after, within_reach(tx.actor, "lead.export")
    )
    rows = tx.all(LEADS.matching(tx, statement, where, q).order_by(Lead.id).limit(PAGE))
    ids = [row.id for row in rows]
    phones, emails = phones_by_card(tx, "lead", ids), emails_by_card(tx, "lead", ids)
    tags = tags_by_card(tx, "lead", ids)
    return [
        LeadExportRow(
            **{name: getattr(row, name) for name in _PLAIN},
            stage_id=row.stage_id, responsible_id=row.responsible_id or "",
            fields=values_of(tx, "lead", row) if stored else {},
            phones=phones.get(row.id, []), emails=emails.get(row.id, []), tags=tags.get(row.id, []),
        )
        for row in rows
    ]  # fmt: skip


def _cells(row: LeadExportRow, locale: str) -> list[Value]:
    cells: dict[str, Any] = {name: getattr(row, name) for name in COLUMNS}
    cells["source"], cells["channel"] = source_label(row.source, locale), channel_label(row.channel, locale)
    return [", ".join(cell) if isinstance(cell, list) else cell for cell in cells.values()]


_WRITTEN = Written("lead", export_leads_page, _cells, [f"field.lead.{name}" for name in COLUMNS], "leads.title")


def write_leads(actor: Actor, target: Path, where: Filter | None, q: str, locale: str) -> int:
    """A workbook of the leads that a filter leaves. Gives their number."""
    return write_cards(_WRITTEN, actor, target, where, q, locale)

"""Clients out: rows in pages, each a short transaction, into a workbook whose texts never run."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import fields as parts_of
from datetime import date, datetime
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
from crm_app.clients import rules
from crm_app.clients.models import Client
from crm_app.clients.queries import CLIENTS
from crm_app.core import i18n
from crm_app.core.actor import Actor
from crm_app.core.door import Tx, query
from crm_app.core.money import Money
from crm_app.core.sheets import Value

PAGE = 1_000
COLUMNS = (
    "name", "kind", "type", "status", "phones", "emails", "site", "inn", "kpp", "ogrn", "bic", "account", "bank",
    "corr_account", "accounts", "city",
    "address", "activity", "contact_name", "position", "employer", "responsible", "tags", "first_contact", "birthday",
    "revenue", "note",
)  # fmt: skip


@dataclass(frozen=True)
class ExportRow:
    """All that is exported of one client."""

    __card__: ClassVar[str] = "client"

    id: int
    name: str
    kind: str
    type: str
    status: str
    phones: list[str]
    emails: list[str]
    site: str
    inn: str
    kpp: str
    ogrn: str
    bic: str
    account: str
    bank: str
    corr_account: str
    accounts: str
    city: str
    address: str
    activity: str
    contact_name: str
    position: str
    employer: str
    responsible: str
    tags: list[str]
    first_contact: date | None
    birthday: date | None
    revenue: int | None
    currency: str
    note: str
    updated_at: datetime
    fields: dict[str, Any]


_PLAIN = tuple(f.name for f in parts_of(ExportRow) if f.name != "fields" and hasattr(Client, f.name))


@query("client.export")
def export_page(tx: Tx, where: Filter | None = None, q: str = "", after: int = 0) -> list[ExportRow]:
    """The next clients that a filter leaves, by id; after: the last id that is known."""
    plain = [getattr(Client, name) for name in _PLAIN]
    stored = needed_columns(tx, "client", _PLAIN)
    statement = select(*plain, *stored, Employee.name.label("responsible"))
    statement = statement.outerjoin(Employee, Employee.id == Client.responsible_id).where(
        Client.id > after, within_reach(tx.actor, "client.export")
    )
    rows = tx.all(CLIENTS.matching(tx, statement, where, q).order_by(Client.id).limit(PAGE))
    ids = [row.id for row in rows]
    phones = phones_by_card(tx, "client", ids)
    emails = emails_by_card(tx, "client", ids)
    tags = tags_by_card(tx, "client", ids)
    return [
        ExportRow(
            **{name: getattr(row, name) for name in _PLAIN}, responsible=row.responsible or "",
            fields=values_of(tx, "client", row) if stored else {},
            phones=phones.get(row.id, []), emails=emails.get(row.id, []), tags=tags.get(row.id, []),
        )
        for row in rows
    ]  # fmt: skip


def _cells(row: ExportRow, locale: str) -> list[Value]:
    cells: dict[str, Any] = {name: getattr(row, name) for name in COLUMNS}
    cells |= {
        "kind": i18n.text(f"contacts.kind.{row.kind}", locale) if row.kind else "",
        "type": rules.word_label("type", row.type, locale),
        "status": rules.word_label("status", row.status, locale),
        "revenue": None if row.revenue is None else Money(row.revenue, row.currency),
        **{name: ", ".join(cells[name]) for name in ("phones", "emails", "tags")},
    }
    return list(cells.values())


_WRITTEN = Written("client", export_page, _cells, [f"contacts.field.{name}" for name in COLUMNS], "clients.title")


def write_clients(actor: Actor, target: Path, where: Filter | None, q: str, locale: str) -> int:
    """A workbook whose headings an import recognises. Gives the number of clients in it."""
    return write_cards(_WRITTEN, actor, target, where, q, locale)

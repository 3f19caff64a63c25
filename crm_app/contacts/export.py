"""Contacts out: rows in pages, each a short transaction, into a workbook whose texts never run."""

from __future__ import annotations

from dataclasses import dataclass, fields
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
from crm_app.contacts.models import Contact
from crm_app.contacts.queries import CONTACTS, workplaces
from crm_app.core.actor import Actor
from crm_app.core.door import Tx, query
from crm_app.core.sheets import Value

PAGE = 1_000
COLUMNS = (
    "last_name", "first_name", "patronymic", "client", "position", "phones", "emails", "links", "city", "address",
    "birthday", "responsible_id", "tags", "note",
)  # fmt: skip


@dataclass(frozen=True)
class ContactExportRow:
    """All that is exported of one contact. client: those where they work, with position: in the same order."""

    __card__: ClassVar[str] = "contact"

    id: int
    last_name: str
    first_name: str
    patronymic: str
    client: list[str]
    position: list[str]
    phones: list[str]
    emails: list[str]
    links: list[str]
    city: str
    address: str
    birthday: date | None
    responsible_id: str
    tags: list[str]
    note: str
    updated_at: datetime
    fields: dict[str, Any]


_PLAIN = tuple(
    f.name for f in fields(ContactExportRow) if f.name not in ("fields", "responsible_id") and hasattr(Contact, f.name)
)


@query("contact.export")
def export_contacts_page(tx: Tx, where: Filter | None = None, q: str = "", after: int = 0) -> list[ContactExportRow]:
    """The next contacts that a filter leaves, by id; after: the last id that is known."""
    stored = needed_columns(tx, "contact", _PLAIN)
    statement = select(*(getattr(Contact, name) for name in _PLAIN), *stored, Employee.name.label("responsible_id"))
    statement = statement.outerjoin(Employee, Employee.id == Contact.responsible_id).where(
        Contact.id > after, within_reach(tx.actor, "contact.export")
    )
    rows = tx.all(CONTACTS.matching(tx, statement, where, q).order_by(Contact.id).limit(PAGE))
    ids = [row.id for row in rows]
    phones, emails = phones_by_card(tx, "contact", ids), emails_by_card(tx, "contact", ids)
    tags, works = tags_by_card(tx, "contact", ids), workplaces(tx, ids)
    return [
        ContactExportRow(
            **{name: getattr(row, name) for name in _PLAIN}, responsible_id=row.responsible_id or "",
            fields=values_of(tx, "contact", row) if stored else {},
            client=[place.name for place in works.get(row.id, ())],
            position=[place.position for place in works.get(row.id, ())],
            phones=phones.get(row.id, []), emails=emails.get(row.id, []), tags=tags.get(row.id, []),
        )
        for row in rows
    ]  # fmt: skip


def _cells(row: ContactExportRow, _locale: str) -> list[Value]:
    cells: dict[str, Any] = {name: getattr(row, name) for name in COLUMNS}
    return [", ".join(part for part in cell if part) if isinstance(cell, list) else cell for cell in cells.values()]


_WRITTEN = Written(
    "contact", export_contacts_page, _cells, [f"field.contact.{name}" for name in COLUMNS], "contacts.title"
)


def write_contacts(actor: Actor, target: Path, where: Filter | None, q: str, locale: str) -> int:
    """A workbook of the contacts that a filter leaves. Gives their number."""
    return write_cards(_WRITTEN, actor, target, where, q, locale)

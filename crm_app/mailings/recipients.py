"""A client as a letter sees it: the merge values of one recipient."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select

from crm_app.access.models import Employee
from crm_app.cards.models import CardEmail, CardPhone
from crm_app.clients.models import Client
from crm_app.core.actor import Actor
from crm_app.core.names import split_person

_MADE_OF = {
    "first_name": {"name", "contact_name"},
    "last_name": {"name", "contact_name"},
    "name": {"name", "contact_name"},
    "company": {"name", "employer"},
    "email": {"emails", "email"},
    "phone": {"phones", "phone"},
    "city": {"city"},
    "responsible": {"responsible_id", "responsible"},
}
"""Merge field → the fields of a client's card that show through it."""

COLUMNS: tuple[Any, ...] = (
    Client.kind,
    Client.name,
    Client.contact_name,
    Client.employer,
    Client.city,
    CardPhone.number.label("phone"),
    Employee.name.label("responsible"),
)
"""What `merge_values` reads, beside the address."""


def main_email() -> ColumnElement[bool]:
    """Joins a client with the one address that is written to."""
    return and_(CardEmail.card == "client", CardEmail.card_id == Client.id, CardEmail.position == 0)


def with_values(statement: Select[Any]) -> Select[Any]:
    """Join a select of clients with the other tables of COLUMNS."""
    phone = and_(CardPhone.card == "client", CardPhone.card_id == Client.id, CardPhone.position == 0)
    return statement.outerjoin(CardPhone, phone).outerjoin(Employee, Employee.id == Client.responsible_id)


def merge_values(row: Any, address: str) -> dict[str, str]:
    """Merge values from a row of COLUMNS. The person of a company is its contact; a person's company, the employer."""
    is_person = row.kind == "person"
    person = row.name if is_person else row.contact_name
    parts = split_person(person or "")
    return {
        "first_name": parts.first_name,
        "last_name": parts.last_name,
        "name": person or row.name,
        "company": row.employer if is_person else row.name,
        "email": address,
        "phone": row.phone or "",
        "city": row.city,
        "responsible": row.responsible or "",
    }


def hidden_fields(actor: Actor) -> set[str]:
    """Merge fields that would show an actor what is hidden from them."""
    hidden = actor.hidden.get("client", frozenset())
    return {name for name, made_of in _MADE_OF.items() if made_of & hidden}


def seen_values(values: dict[str, str], actor: Actor) -> dict[str, str]:
    """Values as an actor may see them."""
    hidden = hidden_fields(actor)
    return {name: "" if name in hidden else value for name, value in values.items()}


def sample_columns(extra: Iterable[Any]) -> Select[Any]:
    """A select of clients with their main address and everything that merge values need."""
    return with_values(
        select(*extra, *COLUMNS, CardEmail.address).select_from(Client).outerjoin(CardEmail, main_email())
    )

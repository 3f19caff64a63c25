"""What lists of contacts can be filtered and sorted by."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, select

from crm_app.cards.columns import Columns, register_columns
from crm_app.cards.filter_fields import (
    door_field,
    employee_field,
    fields_of_every_card,
    group_field,
    in_index,
    text_fields,
)
from crm_app.cards.filters import ME, Filter, FilterField
from crm_app.cards.lists import CardList, ReadyFilter, register_list
from crm_app.cards.ways import email_field, phone_field
from crm_app.clients.models import Client
from crm_app.contacts.models import TEXTS, Contact, ContactAtClient
from crm_app.core.blanks import is_blank
from crm_app.core.db import folded
from crm_app.core.door import Tx
from crm_app.core.folding import fold
from crm_app.core.policy import visible

SORTS: dict[str, tuple[Any, ...]] = {
    "name": (Contact.sort_name,),
    "city": (Contact.city,),
    "birthday": (Contact.birthday,),
    "created_at": (Contact.created_at,),
    "updated_at": (Contact.updated_at,),
}


def _works_at(tx: Tx, words: str | None) -> ColumnElement[bool]:
    """Contacts at a client that the reader sees, by its number ("#7") or a part of its name."""
    places = select(ContactAtClient.contact_id).join(Client, Client.id == ContactAtClient.client_id)
    if words is not None:
        number = words.removeprefix("#")
        is_number = words.startswith("#") and number.isascii() and number.isdigit() and len(number) < 10
        places = places.where(*([Client.id == int(number)] if is_number else _named(tx, words)))
    return Contact.id.in_(places.where(visible(Client, tx.actor)))


def _works_as(tx: Tx, words: str | None) -> ColumnElement[bool]:
    """Contacts with a part of that position, or any, at a client that the reader sees: found among the positions."""
    places = select(ContactAtClient.contact_id).join(Client, Client.id == ContactAtClient.client_id)
    position: Any = ContactAtClient.position
    named = [] if words is None else [folded(position).contains(fold(words), autoescape=True)]
    return Contact.id.in_(places.where(position > "", *named, visible(Client, tx.actor)))


def _is_main(tx: Tx, _value: Any) -> ColumnElement[bool]:
    """The one who is talked to first, at one client at least that the reader sees."""
    places = select(ContactAtClient.contact_id).join(Client, Client.id == ContactAtClient.client_id)
    return Contact.id.in_(places.where(ContactAtClient.is_main.is_(True), visible(Client, tx.actor)))


def _is_linked(tx: Tx, words: str | None) -> ColumnElement[bool]:
    """With a part of the address of a page or a messenger, or with any."""
    if words is None:
        return is_blank(Contact.links) == 0
    inside = folded(cast(Contact.links, String)).contains(fold(words), autoescape=True)
    return and_(in_index("contact", Contact.id)(tx, words), inside)


def _named(tx: Tx, words: str) -> list[ColumnElement[bool]]:
    return [in_index("client", Client.id)(tx, words), Client.sort_name.contains(fold(words), autoescape=True)]


FILTERS: dict[str, FilterField] = {
    "name": FilterField("text", "field.contact.name", Contact.sort_name, is_folded=True,
                        search=in_index("contact", Contact.id)),
    "responsible_id": employee_field(Contact.responsible_id),
    "client": FilterField("set", "field.contact.client", holds=_works_at, by_part=True, needs="client.see"),
    "position": FilterField("set", "field.contact.position", holds=_works_as, by_part=True, needs="client.see"),
    "is_main": FilterField("flag", "field.contact.is_main", holds=_is_main, needs="client.see"),
    "city": FilterField("text", "field.contact.city", Contact.city, search=in_index("contact", Contact.id),
                        is_sorted=True),
    "import_id": FilterField("number", "field.contact.import_id", Contact.import_id),
    "birthday": FilterField("date", "field.contact.birthday", Contact.birthday),
    "phones": phone_field("contact", Contact.id),
    "emails": email_field("contact", Contact.id),
    **text_fields("contact", Contact, TEXTS, long=("note",)),
    "links": FilterField("set", "field.contact.links", holds=_is_linked, by_part=True),
    "source": door_field("contact", Contact.source, "field.contact.source"),
    "created_by_id": employee_field(Contact.created_by_id, "field.contact.created_by_id"),
    "created_at": FilterField("moment", "field.contact.created_at", Contact.created_at),
    "updated_at": FilterField("moment", "field.contact.updated_at", Contact.updated_at),
    "group": group_field("contact", Contact.id),
    **fields_of_every_card("contact", Contact.id),
}  # fmt: skip
"""Each is served by an index: a test asks the database how it would go about it."""


def _only(field: str, op: str, value: Any) -> Filter:
    return {"all": [{"field": field, "op": op, "value": value}]}


_SYSTEM = (
    ReadyFilter("all", "contacts.filter.all", {}),
    ReadyFilter("star", "contacts.filter.star", _only("star", "eq", True)),
    ReadyFilter("mine", "contacts.filter.mine", _only("responsible_id", "eq", ME)),
)
_PRESETS = [
    ReadyFilter("new", "contacts.filter.new", _only("created_at", "in", "last_7_days")),
    ReadyFilter("nowhere", "contacts.filter.nowhere", _only("client", "empty", True)),
    ReadyFilter("birthday", "contacts.filter.birthday", _only("birthday", "yearly", "this_month")),
    ReadyFilter("nobodys", "contacts.filter.nobodys", _only("responsible_id", "empty", True)),
]

register_list(CardList("contact", "/contacts", "contact.see", FILTERS, _SYSTEM, _PRESETS))

_FACES = {
    "star": "cards.field.star", "name": "field.contact.name", "client": "field.contact.client",
    "position": "field.contact.position", "phone": "field.contact.phones", "email": "field.contact.emails",
    "city": "field.contact.city", "responsible": "field.contact.responsible_id", "birthday": "field.contact.birthday",
    "updated_at": "field.contact.updated_at",
}  # fmt: skip
_MORE = ("last_name", "first_name", "patronymic", "address", "note", "created_at")
register_columns("contact", Columns(_FACES, _MORE, SORTS))

"""What lists of clients can be filtered and sorted by."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import select

from crm_app.cards.columns import Columns, register_columns
from crm_app.cards.filter_fields import (
    door_field,
    employee_field,
    fields_of_every_card,
    group_field,
    in_index,
    sorted_fields,
    text_fields,
)
from crm_app.cards.filters import ME, Filter, FilterField
from crm_app.cards.lists import CardList, ReadyFilter, register_list
from crm_app.cards.ways import email_field, phone_field
from crm_app.clients import rules
from crm_app.clients.models import CODES, TEXTS, Client, ClientWord
from crm_app.core import i18n
from crm_app.core.door import Tx

SORTS: dict[str, tuple[Any, ...]] = {
    "name": (Client.sort_name,),
    "type": (Client.type, Client.sort_name),
    "status": (Client.status, Client.sort_name),
    "city": (Client.city,),
    "revenue": (Client.revenue,),
    "first_contact": (Client.first_contact,),
    "created_at": (Client.created_at,),
    "updated_at": (Client.updated_at,),
}


def words_of(tx: Tx, field: str) -> list[str]:
    """Values that a type or a status has here: the built-in ones, then the company's own by name."""
    own = tx.all(select(ClientWord.word).where(ClientWord.field == field).order_by(ClientWord.word))
    return [*rules.WORDS.get(field, ()), *own]


def _words(field: str, tx: Tx) -> list[tuple[str, str]]:
    return [(word, _word_name(field, tx, word)) for word in words_of(tx, field)]


def _kinds(tx: Tx) -> list[tuple[str, str]]:
    return [(kind, _kind_name(tx, kind)) for kind in rules.KINDS]


def _word_name(field: str, tx: Tx, value: Any) -> str:
    return rules.word_label(field, str(value), tx.actor.locale)


def _kind_name(tx: Tx, value: Any) -> str:
    return i18n.text(f"clients.kind.{value}", tx.actor.locale) if value in rules.KINDS else str(value)


def _word(field: str, column: Any) -> FilterField:
    name_of, options = partial(_word_name, field), partial(_words, field)
    return FilterField("choice", f"field.client.{field}", column, name_of=name_of, options=options)


def _text(name: str, column: Any) -> FilterField:
    return FilterField("text", f"field.client.{name}", column, search=in_index("client", Client.id), is_sorted=True)


FILTERS: dict[str, FilterField] = {
    "name": FilterField("text", "field.client.name", Client.sort_name, is_folded=True,
                        search=in_index("client", Client.id)),
    "kind": FilterField("choice", "field.client.kind", Client.kind, name_of=_kind_name, options=_kinds),
    "type": _word("type", Client.type),
    "status": _word("status", Client.status),
    "responsible_id": employee_field(Client.responsible_id),
    "city": _text("city", Client.city),
    "activity": _text("activity", Client.activity),
    **text_fields("client", Client, TEXTS, long=("accounts", "note")),
    **sorted_fields("client", Client, ("inn", *CODES)),
    "phones": phone_field("client", Client.id),
    "emails": email_field("client", Client.id),
    "revenue": FilterField("money", "field.client.revenue", Client.revenue),
    "currency": FilterField("choice", "field.client.currency", Client.currency),
    "first_contact": FilterField("date", "field.client.first_contact", Client.first_contact),
    "birthday": FilterField("date", "field.client.birthday", Client.birthday),
    "created_at": FilterField("moment", "field.client.created_at", Client.created_at),
    "updated_at": FilterField("moment", "field.client.updated_at", Client.updated_at),
    "import_id": FilterField("number", "field.client.import_id", Client.import_id, is_offered=False),
    "source": door_field("client", Client.source, "field.client.source"),
    "created_by_id": employee_field(Client.created_by_id, "field.client.created_by_id"),
    "group": group_field("client", Client.id),
    **fields_of_every_card("client", Client.id),
}  # fmt: skip
"""Each is served by an index: a test asks the database how it would go about it."""


def _only(field: str, op: str, value: Any) -> Filter:
    return {"all": [{"field": field, "op": op, "value": value}]}


_SYSTEM = (
    ReadyFilter("all", "clients.filter.all", {}),
    ReadyFilter("star", "clients.filter.star", _only("star", "eq", True)),
    ReadyFilter("mine", "clients.filter.mine", _only("responsible_id", "eq", ME)),
)
_PRESETS = [
    ReadyFilter("people", "clients.filter.people", _only("kind", "eq", "person")),
    ReadyFilter("new", "clients.filter.new", _only("created_at", "in", "last_7_days")),
    ReadyFilter("birthday", "clients.filter.birthday", _only("birthday", "yearly", "this_month")),
    ReadyFilter("nobodys", "clients.filter.nobodys", _only("responsible_id", "empty", True)),
]

register_list(CardList("client", "/clients", "client.see", FILTERS, _SYSTEM, _PRESETS))

_FACES = {
    "star": "cards.field.star", "name": "field.client.name", "status": "field.client.status",
    "type": "field.client.type", "responsible": "field.client.responsible_id", "phone": "field.client.phones",
    "email": "field.client.emails", "city": "field.client.city", "revenue": "field.client.revenue",
    "updated_at": "field.client.updated_at",
}  # fmt: skip
_MORE = (
    "kind", "activity", "inn", "kpp", "ogrn", "account", "bank", "bic", "corr_account", "accounts", "address", "site",
    "contact_name", "position", "employer",
    "first_contact", "birthday", "note", "created_at",
)  # fmt: skip
register_columns("client", Columns(_FACES, _MORE, SORTS, spare=("email",), words={"kind": "clients.kind."}))

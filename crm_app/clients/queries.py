"""What can be asked of clients."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from crm_app.cards.custom_fields import values_of
from crm_app.cards.filters import Filter
from crm_app.cards.queries.listed import Listed
from crm_app.cards.queries.rights import tell_values
from crm_app.cards.ties import ties_of
from crm_app.clients import rules
from crm_app.clients.alike import Alike, alike
from crm_app.clients.fields import FILTERS, SORTS, words_of
from crm_app.clients.matching import Likeness, name_of
from crm_app.clients.models import Client
from crm_app.clients.unseen import with_unseen
from crm_app.core import i18n, okved
from crm_app.core.door import Tx, query
from crm_app.core.errors import BadInput
from crm_app.core.paging import Page
from crm_app.core.phones import Phone


@dataclass
class ClientRow:
    """A client in a list. Not frozen, for that makes fifty of them thrice as dear."""

    __card__: ClassVar[str] = "client"

    id: int
    name: str
    picture: str
    kind: str
    type: str
    status: str
    responsible_id: int
    responsible: str
    city: str
    revenue: int | None
    currency: str
    phone: str
    email: str
    tags: list[str]
    is_starred: bool
    updated_at: datetime


@dataclass(frozen=True)
class ClientCard:
    """All of one client. phones: numbers as E.164, with their extensions; may_change: by the one who asks.

    fields: the custom ones that are not empty, as they are stored, by key.
    """

    __card__: ClassVar[str] = "client"

    id: int
    kind: str
    name: str
    picture: str
    type: str
    status: str
    activity: str
    responsible_id: int
    responsible: str
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
    contact_name: str
    position: str
    employer: str
    first_contact: date | None
    birthday: date | None
    revenue: int | None
    currency: str
    note: str
    source: str
    version: int
    fields: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    tags: list[str]
    is_starred: bool
    may_change: bool
    may_delete: bool


CLIENTS = Listed(
    "client", Client, FILTERS, SORTS,
    columns=(
        Client.id, Client.name, Client.picture, Client.kind, Client.type, Client.status, Client.responsible_id,
        Client.city, Client.revenue, Client.currency, Client.created_at, Client.updated_at, Client.sort_name,
        Client.first_contact,
    ),
)  # fmt: skip
"""How clients are asked about."""


@query("client.see")
def list_clients(
    tx: Tx,
    where: Filter | None = None,
    q: str = "",
    sort: str = "name",
    after: str = "",
    limit: int = 50,
) -> Page[ClientRow]:
    """A page of clients. where: see cards/filters.py; sort: a key of SORTS or "fields." with the key of
    a custom field, "-" before it for the other way round.

    after: `next` of the page before. Raises BadInput for a filter, an order or a cursor that is none.
    """
    rows, next_ = CLIENTS.page(tx, where, q, sort, after, limit)
    return Page(_with_ties(tx, rows), next_)


@query("client.see")
def count_clients(tx: Tx, where: Filter | None = None, q: str = "") -> int:
    """How many clients a filter leaves, exactly."""
    return CLIENTS.count(tx, where, q)


@query("client.see")
def describe_filter(tx: Tx, where: Filter | None = None) -> str:
    """A filter in words."""
    return CLIENTS.describe(tx, where)


@query("client.see")
def see_client(tx: Tx, client_id: int) -> ClientCard:
    """One client with everything that its card shows. Raises NotFound."""
    client = tx.need(Client, client_id)
    whole = CLIENTS.whole(tx, ClientCard, client)
    return ClientCard(**{**whole, "fields": values_of(tx, "client", client)})


@query("client.see")
def list_words(tx: Tx, field: str) -> list[str]:
    """Values that a type or a status has here: the built-in ones, then the company's own by name."""
    return words_of(tx, field)


@query("client.see")
def find_duplicates(
    tx: Tx,
    name: str = "",
    kind: str = "company",
    inn: str = "",
    phones: list[str] | None = None,
    emails: list[str] | None = None,
    except_id: int = 0,
) -> list[Alike]:
    """Clients that may be the one described, surest first; what can't be read is left out.

    Of those that the actor may not see, only whom to ask is told: their id is 0.
    """
    described: rules.ClientValues = {"inn": inn, "phones": phones or [], "emails": emails or []}
    cleaned: dict[str, Any] = {}
    for field in ("inn", "phones", "emails"):
        try:
            cleaned |= rules.clean_values({field: described[field]})  # type: ignore[misc]
        except BadInput:
            continue
    like = likeness_of(name, kind, cleaned.get("inn", ""), cleaned.get("phones", []), cleaned.get("emails", []))
    return with_unseen(tx, "client", like, alike(tx, "client", like, except_id), except_id)


LONGEST_QUESTION = 200
"""Signs of what is asked of OKVED."""


@query("client.see")
def find_activities(_tx: Tx, words: str = "") -> list[str]:
    """Activities by OKVED 2 that what is typed may mean, as a client's field holds them."""
    return okved.find(words[:LONGEST_QUESTION])


def likeness_of(name: str, kind: str, inn: str, phones: Iterable[Phone], emails: Iterable[str]) -> Likeness:
    """What of a client is compared."""
    key = name_of(name, kind)
    return Likeness(key, inn, frozenset(phone.number for phone in phones), frozenset(emails))


def _with_ties(tx: Tx, rows: list[Any]) -> list[ClientRow]:
    """Rows of the page with what other tables know of them."""
    ties = ties_of(tx, "client", rows)
    return [
        ClientRow(
            id=row.id, name=row.name, picture=row.picture, kind=row.kind, type=row.type, status=row.status,
            city=row.city, revenue=row.revenue, currency=row.currency, updated_at=row.updated_at, **ties.of(row),
        )
        for row in rows
    ]  # fmt: skip


def _types(tx: Tx, part: str) -> list[tuple[str, str]]:
    """The types of clients for which a role may have other rights, with their names."""
    return [(word, rules.word_label(part, word, tx.actor.locale)) for word in list_words(tx, part)]


def _kinds(tx: Tx, _part: str) -> list[tuple[str, str]]:
    return [(kind, i18n.text(f"clients.kind.{kind}", tx.actor.locale)) for kind in rules.KINDS]


tell_values("client", "type", _types)
tell_values("client", "kind", _kinds)

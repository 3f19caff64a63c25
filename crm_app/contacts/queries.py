"""What can be asked of contacts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import select

from crm_app.cards.custom_fields import values_of
from crm_app.cards.filters import Filter
from crm_app.cards.kinds import openly
from crm_app.cards.queries.listed import Listed
from crm_app.cards.rights import is_reached
from crm_app.cards.ties import ties_of
from crm_app.cards.ways import search_words
from crm_app.clients.alike import Alike, alike
from crm_app.clients.matching import Likeness
from crm_app.clients.models import Client
from crm_app.clients.unseen import with_unseen
from crm_app.contacts import rules
from crm_app.contacts.fields import FILTERS, SORTS
from crm_app.contacts.models import Contact, ContactAtClient
from crm_app.core import search
from crm_app.core.door import Tx, query
from crm_app.core.errors import BadInput
from crm_app.core.keys import among
from crm_app.core.names import PersonName, split_person
from crm_app.core.paging import Page
from crm_app.core.phones import Phone

MOST_PLACES = 200


@dataclass
class ContactRow:
    """A contact in a list. client, position: of the first place where they are the main contact, else of any."""

    __card__: ClassVar[str] = "contact"

    id: int
    name: str
    picture: str
    client_id: int
    client: str
    position: str
    responsible_id: int
    responsible: str
    city: str
    birthday: date | None
    phone: str
    email: str
    tags: list[str]
    is_starred: bool
    updated_at: datetime


@dataclass(frozen=True)
class ContactCard:
    """All of one contact. phones: numbers as E.164, with their extensions; may_change: by the one who asks.

    fields: the custom ones that are not empty, as they are stored, by key.
    """

    __card__: ClassVar[str] = "contact"

    id: int
    name: str
    picture: str
    last_name: str
    first_name: str
    patronymic: str
    birthday: date | None
    phones: list[str]
    emails: list[str]
    city: str
    address: str
    links: list[str]
    note: str
    responsible_id: int
    responsible: str
    source: str
    version: int
    fields: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    tags: list[str]
    is_starred: bool
    may_change: bool
    may_delete: bool


@dataclass(frozen=True)
class Place:
    """A contact's work at a client: seen from either card. phone, email: the contact's main ones."""

    contact_id: int
    contact: str
    client_id: int
    client: str
    position: str
    is_main: bool
    since: date | None
    until: date | None
    phone: str
    email: str
    may_change: bool


CONTACTS = Listed(
    "contact", Contact, FILTERS, SORTS,
    columns=(
        Contact.id, Contact.name, Contact.picture, Contact.responsible_id, Contact.city, Contact.birthday,
        Contact.created_at, Contact.updated_at, Contact.sort_name,
    ),
)  # fmt: skip
"""How contacts are asked about."""


@query("contact.see")
def list_contacts(
    tx: Tx,
    where: Filter | None = None,
    q: str = "",
    sort: str = "name",
    after: str = "",
    limit: int = 50,
) -> Page[ContactRow]:
    """A page of contacts. where: see cards/filters.py; sort: a key of SORTS or "fields." with the key of
    a custom field, "-" before it for the other way round.

    after: `next` of the page before. Raises BadInput for a filter, an order or a cursor that is none.
    """
    rows, next_ = CONTACTS.page(tx, where, q, sort, after, limit)
    return Page(_with_ties(tx, rows), next_)


@query("contact.see")
def count_contacts(tx: Tx, where: Filter | None = None, q: str = "") -> int:
    """How many contacts a filter leaves, exactly."""
    return CONTACTS.count(tx, where, q)


@query("contact.see")
def describe_contact_filter(tx: Tx, where: Filter | None = None) -> str:
    """A filter in words."""
    return CONTACTS.describe(tx, where)


@query("contact.see")
def see_contact(tx: Tx, contact_id: int) -> ContactCard:
    """One contact with everything that its card shows. Raises NotFound."""
    contact = tx.need(Contact, contact_id)
    whole = CONTACTS.whole(tx, ContactCard, contact)
    return ContactCard(**{**whole, "fields": values_of(tx, "contact", contact)})


@query("contact.see")
def find_contact_duplicates(
    tx: Tx, name: str = "", phones: list[str] | None = None, emails: list[str] | None = None, except_id: int = 0
) -> list[Alike]:
    """Contacts that may be the one described, surest first; what can't be read is left out.

    Of those that the actor may not see, only whom to ask is told: their id is 0.
    """
    cleaned: dict[str, Any] = {}
    for field, value in (("phones", phones or []), ("emails", emails or [])):
        try:
            cleaned |= rules.clean_values({field: value})  # type: ignore[misc]
        except BadInput:
            continue
    return alike_contacts(tx, split_person(name), cleaned.get("phones", []), cleaned.get("emails", []), except_id)


def alike_contacts(
    tx: Tx, name: PersonName, phones: Iterable[Phone], emails: Iterable[str], except_id: int = 0
) -> list[Alike]:
    """Contacts that are proposed as the same; people of one name whose patronymics differ are not."""
    numbers = frozenset(phone.number for phone in phones)
    key = rules.match_name(name) if name.last_name and name.first_name else ""
    like = Likeness(key, phones=numbers, emails=frozenset(emails))
    found = alike(tx, "contact", like, except_id)
    namesakes = [each.id for each in found if each.by == "name"]
    known = dict(tx.all(_PATRONYMICS, ids=namesakes)) if namesakes and name.patronymic else {}
    found = [each for each in found if rules.may_be_one(name.patronymic, known.get(each.id, ""))]
    return with_unseen(tx, "contact", like, found, except_id)


@query("contact.see")
def list_places(tx: Tx, contact_id: int = 0, client_id: int = 0) -> list[Place]:
    """Where a contact works, or who works at a client: those who are there before those who were, the main one first.

    Raises NotFound for a card that the actor does not see.
    """
    statement = select(
        ContactAtClient.contact_id, Contact.name.label("contact"), Contact.responsible_id.label("contacts_owner"),
        ContactAtClient.client_id, Client.name.label("client"), Client.responsible_id.label("clients_owner"),
        Client.type, Client.kind,
        ContactAtClient.position, ContactAtClient.is_main, ContactAtClient.since, ContactAtClient.until,
    )  # fmt: skip
    statement = statement.join(Contact, Contact.id == ContactAtClient.contact_id)
    statement = statement.join(Client, Client.id == ContactAtClient.client_id)
    if contact_id:
        tx.need(Contact, contact_id)
        statement = statement.where(ContactAtClient.contact_id == contact_id)
    if client_id or not contact_id:
        tx.need(Client, client_id)
        statement = statement.where(ContactAtClient.client_id == client_id)
    by = (ContactAtClient.until.is_not(None), ContactAtClient.is_main.desc(), Contact.sort_name, Client.sort_name)
    rows = tx.all(statement.order_by(*by).limit(MOST_PLACES))
    return _places(tx, rows)


@query("contact.see")
def find_contacts(tx: Tx, words: str, limit: int = 20) -> list[tuple[int, str]]:
    """Contacts in whose text these words stand, to choose from: id and name."""
    statement = CONTACTS.matching(tx, select(Contact.id, Contact.name), None, words, page=True)
    return [(row.id, row.name) for row in tx.all(statement.order_by(Contact.sort_name, Contact.id).limit(limit))]


@query("client.see")
def find_workplaces(tx: Tx, words: str, limit: int = 20) -> list[tuple[int, str]]:
    """Clients in whose text these words stand, to choose from: id and name."""
    statement = select(Client.id, Client.name).order_by(Client.sort_name, Client.id)
    told = search_words(words)
    if told:
        in_text = search.has_words(tx.session, "client", Client.id, told, page=True)
        statement = statement.where(in_text, *openly(tx, "client", told))
    return [(row.id, row.name) for row in tx.all(statement.limit(limit))]


_PATRONYMICS = select(Contact.id, Contact.patronymic).where(among(Contact.id, "ids"))
_WORKPLACES = (
    select(ContactAtClient.contact_id, Client.id, Client.name, ContactAtClient.position)
    .join(Client, Client.id == ContactAtClient.client_id)
    .where(among(ContactAtClient.contact_id, "ids"), ContactAtClient.until.is_(None))
    .order_by(ContactAtClient.contact_id, ContactAtClient.is_main.desc(), Client.sort_name)
)


def workplaces(tx: Tx, ids: list[int]) -> dict[int, list[Any]]:
    """By id of a contact, the clients where they work (id, name, position): where they are the main one first."""
    found: dict[int, list[Any]] = {}
    for row in tx.all(_WORKPLACES, ids=ids) if ids else ():
        found.setdefault(row.contact_id, []).append(row)
    return found


def _with_ties(tx: Tx, rows: list[Any]) -> list[ContactRow]:
    """Rows of the page with what other tables know of them."""
    ties = ties_of(tx, "contact", rows)
    works = {contact_id: places[0] for contact_id, places in workplaces(tx, [row.id for row in rows]).items()}
    return [
        ContactRow(
            id=row.id, name=row.name, picture=row.picture, city=row.city, birthday=row.birthday,
            updated_at=row.updated_at,
            client_id=works[row.id].id if row.id in works else 0,
            client=works[row.id].name if row.id in works else "",
            position=works[row.id].position if row.id in works else "", **ties.of(row),
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class _Reached:
    id: int
    responsible_id: int | None = None
    type: str = ""
    kind: str = ""


def _places(tx: Tx, rows: list[Any]) -> list[Place]:
    hidden = tx.actor.hidden.get("contact", frozenset())
    ties = ties_of(tx, "contact", [_Reached(row.contact_id) for row in rows])
    actor = tx.actor
    return [
        Place(
            contact_id=row.contact_id, contact=row.contact, client_id=row.client_id, client=row.client,
            position=row.position, is_main=row.is_main, since=row.since, until=row.until,
            phone="" if "phones" in hidden else ties.phone.get(row.contact_id, ""),
            email="" if "emails" in hidden else ties.email.get(row.contact_id, ""),
            may_change=is_reached(actor, "contact.change", _Reached(row.contact_id, row.contacts_owner))
            or is_reached(actor, "client.change", _Reached(row.client_id, row.clients_owner, row.type, row.kind)),
        )
        for row in rows
    ]  # fmt: skip

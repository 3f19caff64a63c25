"""What programs do with contacts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from typing_extensions import TypedDict

from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import Body, FieldsBody, FieldsJson, Id, Listing, Words, page, shaped
from crm_app.cards.card_api import CardApi, add_card_endpoints
from crm_app.cards.custom_fields import stored_json, values_json
from crm_app.cards.picture_api import add_picture_endpoints
from crm_app.clients.alike_json import AlikeCards, alike_json, alike_to_sent
from crm_app.contacts.actions.cards import add_contact, change_contact, remove_contact, restore_contact
from crm_app.contacts.actions.places import change_place, link_contact, unlink_contact
from crm_app.contacts.queries import (
    ContactCard,
    ContactRow,
    Place,
    count_contacts,
    find_contact_duplicates,
    list_contacts,
    list_places,
    see_contact,
)
from crm_app.contacts.rules import ContactValues, PlaceValues
from crm_app.core.door import Tx

endpoints = Endpoints()


class ContactChanges(Body):
    """What is said of a contact. name: a full name, instead of its parts; phones, emails: the main first.

    version: as it was seen; another's change since then is a conflict.
    """

    name: str = ""
    last_name: str = ""
    first_name: str = ""
    patronymic: str = ""
    birthday: date | None = None
    phones: list[str] = []
    emails: list[str] = []
    city: str = ""
    address: str = ""
    links: list[str] = []
    note: str = ""
    responsible_id: Id | None = None
    fields: FieldsBody = {}
    version: int | None = None

    def values(self) -> ContactValues:
        """What was sent, as the action takes it."""
        told = {name: value for name, value in self.told().items() if name not in ("version", "force")}
        return cast("ContactValues", told)


class ContactBody(ContactChanges):
    """A contact to be added. force: even where one that may be the same is there already."""

    force: bool = False


class PlaceBody(Body):
    """What is said of a contact's work at a client. since, until: the first and the last day."""

    position: str = ""
    is_main: bool = False
    since: date | None = None
    until: date | None = None


class ContactInList(TypedDict):
    """A contact in a list. client, position: where they are the main contact, else the first by name."""

    id: int
    name: str
    picture: str
    client_id: int | None
    client: str
    position: str
    responsible_id: int | None
    responsible: str
    city: str
    birthday: date | None
    phone: str
    email: str
    tags: list[str]
    is_starred: bool
    fields: FieldsJson
    updated_at: datetime


class ContactJson(TypedDict):
    """All of one contact. phones: as E.164; may_change, may_delete: by the holder of the key.

    picture: by what its content is known, "" for none; the picture itself is at /contacts/{id}/picture.
    """

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
    responsible_id: int | None
    responsible: str
    source: str
    version: int
    fields: FieldsJson
    created_at: datetime
    updated_at: datetime
    tags: list[str]
    is_starred: bool
    may_change: bool
    may_delete: bool


class ContactChanged(ContactJson):
    """A contact after a change. alike: others that have a telephone or an address that was sent."""

    alike: AlikeCards


@endpoints.get("/contacts/duplicates", "contact.see")
def contacts_alike(tx: Tx, name: Words = "", phone: Words = "", email: Words = "") -> AlikeCards:
    """Contacts that may be the one described, before it is added."""
    ways = {"phones": [phone] if phone else [], "emails": [email] if email else []}
    return alike_json(seen(tx, find_contact_duplicates, name=name, **ways))


def _contact(tx: Tx, contact_id: int) -> ContactJson:
    tx.session.flush()
    card: ContactCard = seen(tx, see_contact, contact_id=contact_id)
    own = values_json(tx, "contact", card.fields)
    return shaped(ContactJson, card, responsible_id=card.responsible_id or None, fields=own)


def _alike(tx: Tx, contact_id: int, values: ContactValues) -> AlikeCards:
    return alike_to_sent(tx, find_contact_duplicates, contact_id, values)


def _lines(tx: Tx, rows: list[ContactRow]) -> list[ContactInList]:
    own = stored_json(tx, "contact", [row.id for row in rows])
    return [
        shaped(
            ContactInList, row, responsible_id=row.responsible_id or None, client_id=row.client_id or None,
            fields=own[row.id],
        )
        for row in rows
    ]  # fmt: skip


add_card_endpoints(
    endpoints,
    CardApi(
        card="contact", body=ContactBody, changes=ContactChanges, line=ContactInList, whole=ContactJson,
        changed=ContactChanged, lines=_lines, told=_contact, alike=_alike, list_cards=list_contacts,
        count_cards=count_contacts, add=add_contact, change=change_contact, remove=remove_contact,
        restore=restore_contact,
    ),
    sorts="name, city, birthday, created_at, updated_at, or fields.KEY of a custom field",
    more="\nComputed custom fields are told by each contact alone.",
)  # fmt: skip
add_picture_endpoints(endpoints, "contact")


@endpoints.get("/contacts/{contact_id}/clients", "contact.see")
def list_clients_of_contact(tx: Tx, contact_id: Id) -> Listing[Place]:
    """Where a contact works, and worked."""
    return page(seen(tx, list_places, contact_id=contact_id), "places", None)


@endpoints.get("/clients/{client_id}/contacts", "contact.see")
def list_contacts_of_client(tx: Tx, client_id: Id) -> Listing[Place]:
    """Who works at a client, and worked: the main contact first."""
    return page(seen(tx, list_places, client_id=client_id), "places", None)


@endpoints.post("/contacts/{contact_id}/clients/{client_id}", "contact.see", status=201)
def link_one_contact(tx: Tx, contact_id: Id, client_id: Id, body: PlaceBody) -> Place:
    """Say that a contact works at a client: for who may change one of the two."""
    tx.do(link_contact, contact_id, client_id, _told(body))
    return _place(tx, contact_id, client_id)


@endpoints.patch("/contacts/{contact_id}/clients/{client_id}", "contact.see")
def update_place(tx: Tx, contact_id: Id, client_id: Id, body: PlaceBody) -> Place:
    """Change the position, the days, or who is the main contact; what is not sent stays as it is."""
    tx.do(change_place, contact_id, client_id, _told(body))
    return _place(tx, contact_id, client_id)


@endpoints.delete("/contacts/{contact_id}/clients/{client_id}", "contact.see")
def unlink_one_contact(tx: Tx, contact_id: Id, client_id: Id) -> None:
    """Take back that a contact works at a client."""
    tx.do(unlink_contact, contact_id, client_id)


def _told(body: PlaceBody) -> PlaceValues:
    told: dict[str, Any] = body.told()
    return cast("PlaceValues", told)


def _place(tx: Tx, contact_id: int, client_id: int) -> Place:
    tx.session.flush()
    (place,) = seen(tx, list_places, contact_id=contact_id, client_id=client_id)
    return place

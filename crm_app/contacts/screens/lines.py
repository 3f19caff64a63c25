"""Contacts, and where they work, as the browser gets them."""

from __future__ import annotations

from typing import TypedDict

from crm_app.contacts.queries import ContactRow, Place
from crm_app.core.phones import show_phone


class ContactLine(TypedDict):
    """A line of a list of contacts. birthday: ISO, "" for none; tags: "#опт #москва"."""

    id: int
    name: str
    picture: str
    href: str
    client: str
    client_href: str
    position: str
    responsible: str
    city: str
    birthday: str
    phone: str
    email: str
    tags: str
    is_starred: bool
    updated_at: str


class PlaceLine(TypedDict):
    """One place of work, seen from one of the two cards: id, name and href are of the other one."""

    id: int
    name: str
    href: str
    position: str
    is_main: bool
    until: str
    phone: str
    email: str
    may_change: bool


def contact_line(row: ContactRow) -> ContactLine:
    """A row of a query as the browser gets it."""
    return {
        "id": row.id,
        "name": row.name,
        "picture": row.picture,
        "href": f"/contacts/{row.id}",
        "client": row.client,
        "client_href": f"/clients/{row.client_id}",
        "position": row.position,
        "responsible": row.responsible,
        "city": row.city,
        "birthday": row.birthday.isoformat() if row.birthday else "",
        "phone": show_phone(row.phone) if row.phone else "",
        "email": row.email,
        "tags": " ".join(f"#{tag}" for tag in row.tags),
        "is_starred": row.is_starred,
        "updated_at": row.updated_at.isoformat(),
    }


def place_line(place: Place, of_client: bool) -> PlaceLine:
    """A place of work. of_client: on the client's card, where the other one is the contact."""
    other_id, name = (place.contact_id, place.contact) if of_client else (place.client_id, place.client)
    return {
        "id": other_id,
        "name": name,
        "href": f"/contacts/{other_id}" if of_client else f"/clients/{other_id}",
        "position": place.position,
        "is_main": place.is_main,
        "until": place.until.isoformat() if place.until else "",
        "phone": show_phone(place.phone) if of_client and place.phone else "",
        "email": place.email if of_client else "",
        "may_change": place.may_change,
    }

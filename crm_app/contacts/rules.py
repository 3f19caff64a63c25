"""What must be true of a contact and of the places where they work."""

from __future__ import annotations

from datetime import date
from typing import Any

from typing_extensions import TypedDict

from crm_app.cards import cleaning
from crm_app.core.errors import BadInput, Reason
from crm_app.core.folding import fold, one_line
from crm_app.core.names import PersonName, person_key, split_person

LONGEST_PART, MOST_LINKS = 100, 20
PARTS = ("last_name", "first_name", "patronymic")


class ContactValues(TypedDict, total=False):
    """What a person or a program says of a contact; what is left out stays as it is.

    name: a full name in any of the usual orders, instead of its parts. phones, emails, links, birthday: as people write
    them. picture: the digest of one that the card had. fields: the custom ones by their keys, see
    cards/field_values.py. "" or None empties a field.
    """

    name: str
    last_name: str
    first_name: str
    patronymic: str
    birthday: str | date | None
    phones: list[str]
    emails: list[str]
    city: str
    address: str
    links: list[str]
    note: str
    responsible_id: int | None
    picture: str
    fields: dict[str, Any]


class PlaceValues(TypedDict, total=False):
    """What is said of a contact's work at a client; what is left out stays as it is."""

    position: str
    is_main: bool
    since: str | date | None
    until: str | date | None


def clean_values(values: ContactValues) -> dict[str, Any]:
    """The values as they are stored: a name in its parts, phones as Phone, emails in small letters; not custom fields.

    Raises BadInput with a reason for each field that is wrong.
    """
    told: dict[str, Any] = dict(values)
    if "name" in told:
        told |= vars_of(split_person(told.pop("name")))
    cleaned, reasons = cleaning.clean_each(told, _CLEANERS)
    cleaning.refuse(reasons)
    return cleaned


def clean_place(values: PlaceValues, since: date | None = None, until: date | None = None) -> dict[str, Any]:
    """The values as they are stored. since, until: what is stored already. Raises BadInput."""
    cleaned, reasons = cleaning.clean_each(values, _PLACE_CLEANERS)
    first, last = cleaned.get("since", since), cleaned.get("until", until)
    if first is not None and last is not None and last < first:
        reasons.append(Reason("contacts.error.ended_before", field="until"))
    cleaning.refuse(reasons)
    return cleaned


def check_named(name: PersonName) -> None:
    """Raises BadInput for somebody without a name."""
    if not (name.last_name or name.first_name):
        raise BadInput("contacts.error.no_name", field="last_name")


def match_name(name: PersonName) -> str:
    """By what two contacts are compared: first and last name in any order, without case and ё.

    The patronymic is compared apart, for it is often left out: see `may_be_one`.
    """
    return person_key(f"{name.last_name} {name.first_name}")


def may_be_one(patronymic: str, other: str) -> bool:
    """Whether two people of one first and last name may be the same: not where their patronymics differ."""
    one, two = fold(patronymic).strip("."), fold(other).strip(".")
    return not one or not two or one.startswith(two) or two.startswith(one)


def vars_of(name: PersonName) -> dict[str, str]:
    """The parts of a name by the names of their fields."""
    return {part: getattr(name, part) for part in PARTS}


def _part(value: str) -> str:
    return cleaning.limited(one_line(value), LONGEST_PART)


def _links(value: list[str]) -> list[str]:
    found = list(dict.fromkeys(cleaning.site(text) for text in value if text.strip()))
    if len(found) > MOST_LINKS:
        raise BadInput("contacts.error.too_many_links", most=MOST_LINKS)
    return found


_CLEANERS: cleaning.Cleaners = {
    "last_name": _part, "first_name": _part, "patronymic": _part, "birthday": cleaning.day, "phones": cleaning.phones,
    "emails": cleaning.emails, "city": cleaning.line, "address": cleaning.line, "links": _links,
    "note": cleaning.note, "responsible_id": cleaning.as_it_is,
    "picture": cleaning.picture,
}  # fmt: skip
_PLACE_CLEANERS: cleaning.Cleaners = {
    "position": cleaning.line, "is_main": cleaning.as_it_is, "since": cleaning.day, "until": cleaning.day,
}  # fmt: skip
FIELDS = tuple(_CLEANERS)
"""Names of the fields that people change, in the order of the card."""

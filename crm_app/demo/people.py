"""Contacts come with their firms: whom one talks to there, and at larger ones two or three people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from crm_app.cards.models import CardEmail, CardPhone
from crm_app.contacts.events import ContactAdded, ContactLinked
from crm_app.contacts.models import Contact, ContactAtClient
from crm_app.contacts.rules import match_name, vars_of
from crm_app.core.folding import fold
from crm_app.core.names import split_person
from crm_app.demo import requisites
from crm_app.demo.chronicle import Chronicle
from crm_app.demo.marks import mark
from crm_app.demo.scene import Person, Scene
from crm_app.demo.words import Chance, latin

LARGE = 100_000_000_00
"""Revenue, in minor units, from which on a firm has several people to talk to."""
_SERIALS = 3_000_000
"""Numbers of contacts begin here, so that nobody has a client's telephone number."""


@dataclass(frozen=True)
class Name:
    """A person's name and their latin surname, for addresses."""

    full: str
    latin: str


def person_name(scene: Scene, chance: Chance) -> Name:
    """Somebody: a name as it is written in the language."""
    words, is_woman = scene.words, chance.happens(0.45)
    surname = base = chance.one(words["surnames"])
    first = chance.one(words["first_names"][is_woman])
    seconds = words["second_names"][is_woman]
    if not seconds:
        return Name(f"{first} {surname}", latin(base))
    return Name(f"{surname}{'а' * is_woman} {first} {chance.one(seconds)}", latin(base))


def introduce(
    scene: Scene, chronicle: Chronicle, owner: Person, at: datetime, client_id: int, values: dict[str, Any], serial: int
) -> None:
    """Note the people of a firm: first whom its card names, then others. values: of the firm's card."""
    if not values.get("contact_name"):
        return
    chance = scene.chance(f"contacts:{serial}")
    host = values.get("site", "").removeprefix("https://") or "example.com"
    for place, (name, position) in enumerate(_staff(scene, chance, values)):
        number = _SERIALS + serial * 3 + place
        contact_id = _note(scene, chronicle, chance, owner, at, name, values.get("city", ""), number, host)
        chronicle.add(
            ContactAtClient, contact_id=contact_id, client_id=client_id, position=position, is_main=place == 0
        )
        named = {"contact": contact_id, "client": client_id}
        chronicle.will_happen(at, owner, ContactLinked(card_id=contact_id, named=named, position=position))


def _staff(scene: Scene, chance: Chance, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Names, and what they are there: no position twice."""
    known = values.get("position", "")
    yield values["contact_name"], known
    others = [position for position in scene.words["positions"] if position != known]
    count = 1 + chance.happens(0.5) if (values.get("revenue") or 0) >= LARGE else 0
    for position in chance.sample(others, min(count, len(others))):
        yield person_name(scene, chance).full, position


def _note(
    scene: Scene, chronicle: Chronicle, chance: Chance, owner: Person, at: datetime, full: str, city: str,
    number: int, host: str,
) -> int:  # fmt: skip
    """One contact with phone, address and text; gives the id."""
    name = split_person(full)
    born = date(1958, 1, 1) + timedelta(days=int(chance.between(0, 16_000)))
    contact_id = chronicle.add(
        Contact, **vars_of(name), name=str(name), sort_name=fold(str(name)), match_name=match_name(name),
        birthday=born if chance.happens(0.4) else None, responsible_id=owner.id, city=city, source="demo",
        created_by_id=owner.id, created_at=at, updated_at=at,
    )  # fmt: skip
    phones = [requisites.mobile(number)] if scene.recipe.locale == "ru" else []
    emails = [f"{latin(name.last_name)}.{number}@{host}"]
    for phone in phones:
        chronicle.add(CardPhone, card="contact", card_id=contact_id, number=phone)
    for address in emails:
        chronicle.add(CardEmail, card="contact", card_id=contact_id, address=address)
    chronicle.make_findable("contact", contact_id, str(name), city, *phones, *emails)
    chronicle.will_happen(at, owner, ContactAdded(card_id=contact_id, name=str(name)))
    mark(scene, chronicle, chance, "contact", contact_id, owner, at)
    return contact_id

"""Clients come: firms and people with requisites that hold, and what is noted on their cards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from crm_app.cards.models import CardEmail, CardPhone
from crm_app.clients.events import ClientAdded, ClientChanged
from crm_app.clients.models import Client
from crm_app.core.folding import fold
from crm_app.core.names import name_key, person_key
from crm_app.demo import requisites
from crm_app.demo.chronicle import Birth, Chronicle
from crm_app.demo.marks import mark, say
from crm_app.demo.people import introduce, person_name
from crm_app.demo.scene import KnownClient, Person, Scene
from crm_app.demo.words import Chance, latin

YEAR = 364.0
_MAIL_DOMAINS = ["example.com", "example.org", "example.net"]
_STATUSES = ["potential"] * 5 + ["current"] * 4 + ["regular"] * 2 + ["hopeless"]
_TYPES = ["customer"] * 9 + ["partner", "supplier", "contractor"]


def clients(scene: Scene) -> Iterator[Birth]:
    """Clients, spread over the past year."""
    chance = scene.chance("clients")
    count = scene.recipe.clients
    for n in range(count):
        later = chance.random() if n else 0.0  # the first one is there before the first deal
        at = scene.days.before(YEAR * (1 - (n + later) / count) + 0.01)
        yield Birth(at, partial(_come, scene, chance, scene.first + n, at))


def _come(scene: Scene, chance: Chance, serial: int, at: datetime, chronicle: Chronicle) -> None:
    owner = chance.one(_owners(scene))
    values = _person(scene, chance, serial) if chance.happens(0.24) else _company(scene, chance, serial)
    values["status"] = status = chance.one(_STATUSES)
    changed_at = _grow(scene, chance, at) if status in ("current", "regular") and chance.happens(0.7) else None
    values |= {"first_contact": at.date(), "note": chance.one(scene.words["notes"]) if chance.happens(0.2) else ""}
    client_id = add_client(scene, chronicle, owner, at, values, changed_at or at)
    introduce(scene, chronicle, owner, at, client_id, values, serial)
    if changed_at is not None and changed_at > at:
        changes = {"status": ["potential", status]}
        chronicle.will_happen(changed_at, owner, ClientChanged(card_id=client_id, changes=changes))
    mark(scene, chronicle, chance, "client", client_id, owner, at)
    if chance.happens(0.08):
        said_at = _grow(scene, chance, at)
        say(chronicle, said_at, owner, "client", client_id, chance.one(scene.words["remarks"]["client"]))


def add_client(
    scene: Scene, chronicle: Chronicle, owner: Person, at: datetime, values: dict[str, Any], updated_at: datetime
) -> int:
    """Note a client with their phones, addresses and text; gives the id. values: phones and emails among them."""
    phones, emails = values.pop("phones"), values.pop("emails")
    name, is_person = values["name"], values["kind"] == "person"
    client_id = chronicle.add(
        Client,
        **values,
        sort_name=fold(name),
        match_name=person_key(name) if is_person else name_key(name),
        responsible_id=owner.id,
        currency=scene.words["currency"],
        source="demo",
        created_by_id=owner.id,
        created_at=at,
        updated_at=updated_at,
    )
    for position, number in enumerate(phones):
        chronicle.add(CardPhone, card="client", card_id=client_id, number=number, position=position)
    for position, address in enumerate(emails):
        chronicle.add(CardEmail, card="client", card_id=client_id, address=address, position=position)
    about = ("contact_name", "city", "activity", "inn", "site", "employer")
    chronicle.make_findable("client", client_id, name, *(values.get(field, "") for field in about), *phones, *emails)
    chronicle.will_happen(at, owner, ClientAdded(card_id=client_id, name=name))
    scene.clients.append(KnownClient(client_id, name, owner, emails[0] if emails else ""))
    return client_id


def _company(scene: Scene, chance: Chance, serial: int) -> dict[str, Any]:
    words = scene.words
    city = chance.one(words["cities"])
    contact = person_name(scene, chance)
    root, tail = chance.one(words["roots"]), chance.one(words["tails"])
    is_own = chance.happens(0.1)
    if is_own:
        name, host = words["own_business"].format(person=contact.full), f"{contact.latin}{serial}"
    else:
        form = chance.one(words["company_forms"])
        name = form.format(root=root, tail=tail, adjective=city[1], plant=chance.one(words["plants"]))
        host = f"{latin(root)}{serial}"
    return {
        **ways_to_reach(scene, chance, city, serial),
        **_registered(scene, city[2], serial, is_own, 2000 + serial % 25),
        "kind": "company",
        "name": name,
        "type": chance.one(_TYPES),
        "activity": chance.one(words["activities"]),
        "contact_name": contact.full,
        "position": chance.one(words["positions"]),
        "site": f"https://{host}.example.com" if chance.happens(0.6) else "",
        "revenue": int(10 ** chance.between(6.2, 9.4)) * 100,
        "emails": [f"office@{host}.example.com", f"{contact.latin}@{host}.example.com"][: 1 + chance.happens(0.4)],
    }


def _person(scene: Scene, chance: Chance, serial: int) -> dict[str, Any]:
    words = scene.words
    name = person_name(scene, chance)
    return {
        **ways_to_reach(scene, chance, chance.one(words["cities"]), serial, is_person=True),
        "kind": "person",
        "name": name.full,
        "type": "customer",
        "employer": "",
        "position": chance.one(words["positions"]) if chance.happens(0.5) else "",
        "birthday": date(1955, 1, 1) + timedelta(days=int(chance.between(0, 17_000))),
        "emails": [f"{name.latin}{serial}@{chance.one(_MAIL_DOMAINS)}"],
    }


def ways_to_reach(
    scene: Scene, chance: Chance, city: list[str], serial: int, *, is_person: bool = False
) -> dict[str, Any]:
    """City, address and phones of a client."""
    is_russian = scene.recipe.locale == "ru"
    if is_russian:
        mobile, landline = requisites.mobile(serial), requisites.landline(city[3], serial)
        phones = [mobile] if is_person else [landline, mobile][: 1 + chance.happens(0.5)]
    else:
        phones = [requisites.abroad([place[3] for place in scene.words["cities"]], serial)]
    street, house = chance.one(scene.words["streets"]), 1 + int(chance.random() * 120)
    address = f"{city[0]}, {street}, {house}" if is_russian else f"{house} {street}, {city[0]}"
    return {"city": city[0], "address": address, "phones": phones}


def _registered(scene: Scene, region: str, serial: int, is_own: bool, year: int) -> dict[str, str]:
    """Requisites that the tax office would give; a country without one gives none."""
    if scene.recipe.locale != "ru":
        return {}
    if is_own:
        inn = requisites.person_inn(region, serial)
        return {"inn": inn, "ogrn": requisites.person_ogrn(region, year, serial)}
    inn = requisites.company_inn(region, serial)
    return {"inn": inn, "kpp": requisites.kpp(inn), "ogrn": requisites.company_ogrn(region, year, serial)}


def _owners(scene: Scene) -> list[Person]:
    """Who gets the next client: sellers and fitters alike, the boss now and then."""
    cast = scene.cast
    return [*cast.sellers * 3, *cast.fitters * 3, cast.boss]


def _grow(scene: Scene, chance: Chance, since: datetime) -> datetime:
    """Some moment between then and now."""
    days_ago = scene.days.days_since(since)
    return max(since, scene.days.before(days_ago * chance.between(0.05, 0.95)))

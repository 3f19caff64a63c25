"""Clients and contacts that have everything a card can have, overlapping here and there."""

from __future__ import annotations

import random
from typing import Any

from crm_app.cards.actions.comments import add_comment
from crm_app.cards.actions.files import add_file
from crm_app.cards.actions.following import follow_card
from crm_app.cards.actions.groups import add_group, set_groups
from crm_app.cards.actions.pictures import MadePicture, set_picture
from crm_app.cards.actions.tags import set_star, set_tags
from crm_app.cards.models import CardMerge
from crm_app.clients.models import Client
from crm_app.contacts.actions.places import link_contact
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.files import Kept
from crm_app.duplicates.actions.merging import merge_cards
from crm_app.pipelines.queries import PipelineRow
from crm_app.tasks.actions.editing import create_task
from tests import make, people
from tests.contacts.make import contact
from tests.deals.make import deal

TAGS = ("опт", "москва", "важный", "должник", "выставка")
EMPTY = {"city": "", "note": "", "inn": "", "revenue": None}


def merge(actor: Actor, kept: int, absorbed: int, card: str = "client", **arguments: Any) -> CardMerge:
    """Make two cards one."""
    return perform(actor, merge_cards, card=card, kept_id=kept, absorbed_id=absorbed, **arguments)


def full_client(owner: Actor, way: PipelineRow, number: int, chance: random.Random) -> Client:
    """A client with 5 deals, 20 comments, 3 tags, a file, groups, stars of several people, tasks and contacts."""
    made = make.client(owner, f"Клиент {number}", "person", **_values(number, chance))
    card = {"card": "client", "card_id": made.id}
    for place in range(5):
        deal(owner, way, name=f"Сделка {number}.{place}", client_id=made.id)
    for place in range(20):
        author = owner if place % 3 else people.actor("adam")
        perform(author, add_comment, **card, body=f"Слово {number}.{place}")
    perform(owner, set_tags, **card, names=chance.sample(TAGS, 3))
    for fan in ("ann", "olga", "adam"):
        perform(people.actor(fan), set_star, **card, starred=chance.random() < 0.5)
        if chance.random() < 0.6:
            perform(owner, follow_card, **card, employee_id=people.actor(fan).id)
    perform(owner, follow_card, **card, employee_id=owner.id)
    group = perform(owner, add_group, card="client", name=chance.choice(("Сад", "Цех")))
    perform(owner, set_groups, **card, group_ids=[group.id])
    perform(owner, add_file, **card, name="смета.txt", kept=Kept(f"{number:032x}", 3, "d", "text/plain"))
    picture = MadePicture(f"{chance.randrange(3):032x}", f"{number:032x}large", f"{number:032x}small")
    perform(owner, set_picture, **card, made=picture)
    perform(owner, create_task, title=f"Задача {number}", about=[{"card": "client", "card_id": made.id}])
    return made


def places(owner: Actor, clients: list[Client], chance: random.Random) -> None:
    """People who work at several of the clients, some at two of them."""
    for number in range(4):
        person = contact(owner, f"Лукин{number} Пров")
        for client in chance.sample(clients, 3):
            values = {"position": chance.choice(("Директор", ""))}
            perform(owner, link_contact, contact_id=person.id, client_id=client.id, values=values)


def _values(number: int, chance: random.Random) -> dict[str, Any]:
    told = {
        "phones": [f"+7912000{chance.randint(0, 30):04}", "+79120009999"],
        "emails": [f"a{number}@vector.example"],
        "city": chance.choice(("Тула", "Орёл")),
        "note": f"Примечание {number}",
        "revenue": chance.choice(("1000", "2000 USD")),
        "fields": {"razmer": str(number)},
    }
    return {name: value for name, value in told.items() if chance.random() < 0.8}

"""Every filter that comes with the product is served by an index, on each list and both databases; its count too."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from crm_app.cards.lists import LISTS, ReadyFilter
from crm_app.cards.models import Comment
from crm_app.cards.queries.filtering import preview_filter
from crm_app.clients.models import Client
from crm_app.clients.queries import list_clients
from crm_app.contacts.models import Contact
from crm_app.contacts.queries import list_contacts
from crm_app.core import clock
from crm_app.core.actor import Actor
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.deals.models import Deal
from crm_app.leads.models import Lead
from crm_app.leads.queries.cards import list_leads
from crm_app.pipelines.actions.arranging import create_pipeline_from_preset
from crm_app.pipelines.queries import list_pipelines
from tests.leads.make import way
from tests.plans import plan_of, statements_of

ASK = {"client": list_clients, "contact": list_contacts, "lead": list_leads}
LARGE = ("client", "contact", "lead", "deal", "comment", "contact_at_client", "tagging", "group_member", "favourite")
MANY = 400
READY = [(card, each) for card in ASK for each in (*LISTS[card].system, *LISTS[card].presets)]
PERIODS = [
    (card, ReadyFilter(field, "", {"all": [{"field": field, "op": op, "value": "last_30_days"}]}))
    for card in ASK
    for field, each in LISTS[card].fields.items()
    for op in {"happening": ("in", "ne", "last"), "moment": ("in",), "date": ("in",)}.get(each.kind, ())
]


@pytest.fixture
def many(database: Database, adam: Actor, ann: Actor) -> Actor:
    """As many cards, deals and comments as make an index worth its while, and statistics of them."""
    way(adam)
    perform(adam, create_pipeline_from_preset, preset="basic", locale="ru")
    (deals,), (leads,) = perform(adam, list_pipelines), perform(adam, list_pipelines, card="lead")
    now, dice, ids = clock.now(), random.Random(3), range(1, MANY + 1)
    rows: dict[Any, list[dict[str, Any]]] = {Client: [], Contact: [], Lead: [], Deal: [], Comment: []}
    for number in ids:
        at = now - timedelta(days=dice.randrange(900))
        common = {"id": number, "name": f"К {number}", "responsible_id": ann.id, "created_at": at, "updated_at": at}
        card = {**common, "sort_name": f"к {number}", "fields": {}}
        rows[Client].append({**card, "kind": dice.choice(["company", "person"])})
        rows[Contact].append({**card, "links": []})
        stage, place = dice.choice(leads.stages), {"rank": f"{number:04}", "entered_stage_at": at}
        rows[Lead].append({**card, **place, "pipeline_id": leads.id, "stage_id": stage.id, "touch_due_at": at})
        stage = dice.choice(deals.stages)
        rows[Deal].append(
            {**common, **place, "client_id": number, "pipeline_id": deals.id, "stage_id": stage.id, "fields": {}}
        )
        said = {"author_kind": "employee", "author_id": ann.id, "author_name": "А", "body": "…", "created_at": at}
        rows[Comment].append({"card": dice.choice(list(ASK)), "card_id": number, **said})
    with database.session(writes=True) as session:
        for model, values in rows.items():
            session.execute(insert(model), values)
        session.commit()
    database.study()
    return adam


def scanned(database: Database, plan: str) -> list[str]:
    """Steps of a plan that read a whole table row by row."""
    if database.is_sqlite:
        return [line for line in plan.splitlines() if re.fullmatch(rf"SCAN ({'|'.join(LARGE)})(_\d+)?", line)]
    return re.findall(rf"Seq Scan on (?:{'|'.join(LARGE)})\b.*", plan)


@pytest.mark.parametrize(("card", "ready"), [*READY, *PERIODS], ids=lambda each: getattr(each, "key", each))
def test_a_list_and_its_count_are_asked_for_by_indexes(
    database: Database, many: Actor, card: str, ready: ReadyFilter
) -> None:
    where = ready.conditions
    heard = statements_of(database, lambda: perform(many, ASK[card], where=where, limit=50))
    heard += statements_of(database, lambda: perform(many, preview_filter, card=card, conditions=where))
    asked = [one for one in heard if f"FROM {card} " in one]
    assert len(asked) >= 2
    assert [(one, scanned(database, plan)) for one in asked if scanned(database, plan := plan_of(database, one))] == []


def test_every_preset_is_among_them() -> None:
    assert {card for card, _ in READY} == {card for card in LISTS if card in ASK}
    assert {"nowhere", "overdue", "no_open_deal"} <= {each.key for _, each in READY}

"""Every filter that comes with the product is served by an index, on each list and both databases; its count too."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import JSON, insert

from crm_app.cards.filters import FilterField
from crm_app.cards.lists import LISTS, CardList, ReadyFilter
from crm_app.cards.models import Comment, Favourite
from crm_app.cards.queries.filtering import preview_filter
from crm_app.cards.queries.shelf import count_filters
from crm_app.clients.models import Client
from crm_app.clients.queries import list_clients
from crm_app.contacts.models import Contact, ContactAtClient
from crm_app.contacts.queries import list_contacts
from crm_app.core import clock
from crm_app.core.actor import Actor
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.deals.models import Deal
from crm_app.deals.queries.cards import list_deals
from crm_app.leads.models import Lead
from crm_app.leads.queries.cards import list_leads
from crm_app.pipelines.actions.arranging import create_pipeline_from_preset
from crm_app.pipelines.queries import list_pipelines
from tests.leads.make import way
from tests.plans import plan_of, statements_of

ASK: dict[str, tuple[Any, str]] = {
    "client": (list_clients, "where"), "contact": (list_contacts, "where"), "lead": (list_leads, "where"),
    "deal": (list_deals, "filter"),
}  # fmt: skip
"""The list of each kind of card that comes with filters, and what the filter is called there."""
RARE = "770"
"""What few of the cards have in each of their texts and codes; the others have nothing there."""
SOME: dict[str, dict[str, Any]] = {
    "code": {"eq": RARE, "starts": RARE[:2], "empty": False},
    "text": {"eq": RARE, "contains": RARE, "starts": RARE, "empty": False},
    "words": {"contains": RARE, "empty": False},
}
LARGE = ("client", "contact", "lead", "deal", "comment", "contact_at_client")
MANY = 20_000
FEW = MANY // 50
"""Cards for which any planner had better ask an index. To count many, or to find all that most are tied to, reading all
is as quick; SQLite does that, and PostgreSQL is shown to have an index for it."""


def ready_filters(card_list: CardList) -> Iterator[ReadyFilter]:
    """What comes with a list, and the usual period of each of its dates."""
    yield from card_list.system
    yield from card_list.presets
    for name, field in card_list.fields.items():
        for op in {"happening": ("in", "ne", "last"), "moment": ("in",), "date": ("in",)}.get(field.kind, ()):
            yield ReadyFilter(f"{name} {op}", "", {"all": [{"field": name, "op": op, "value": "last_7_days"}]})
        for op, value in SOME.get(field.kind, {}).items():
            if is_stored(field) and (card_list.card, name, op) != ("deal", "name", "empty"):  # none is without
                yield ReadyFilter(f"{name} {op}", "", {"all": [{"field": name, "op": op, "value": value}]})


def is_stored(field: FilterField) -> bool:
    """Whether it is a text that is asked for as such; own fields have a test of their own."""
    return field.has_blanks or field.is_sorted or field.search is not None


def texts(model: Any, number: int) -> dict[str, str]:
    """What stands in the texts and codes of a card of a kind."""
    fields = [field for field in LISTS[model.__card__].fields.values() if field.has_blanks or field.is_sorted]
    names = {field.column.key for field in fields if not isinstance(field.column.type, JSON)}
    return dict.fromkeys(sorted(names), RARE if number % 100 == 0 else "")


@pytest.fixture
def many(database: Database, adam: Actor, ann: Actor, bob: Actor) -> Actor:
    """As many cards, deals and comments as make an index worth its while, and statistics of them."""
    way(adam)
    perform(adam, create_pipeline_from_preset, preset="basic", locale="ru")
    (deals,), (leads,) = perform(adam, list_pipelines), perform(adam, list_pipelines, card="lead")
    now, dice, pick = clock.now(), random.Random(3), random.Random(4).choice
    rows: dict[Any, list[dict[str, Any]]] = {
        Client: [], Contact: [], Lead: [], Deal: [], Comment: [], ContactAtClient: [], Favourite: [],
    }  # fmt: skip
    for number in range(1, MANY + 1):
        at = now - timedelta(days=dice.randrange(900), seconds=number)
        owner = pick([adam, ann, bob, None]) if number % 20 == 0 else pick([ann, bob])
        born = date(1990, 1, 1) + timedelta(days=dice.randrange(5_000)) if number % 3 else None
        common = {"id": number, "name": f"К {number}", "created_at": at, "updated_at": at}
        card = {**common, "sort_name": f"к {number:05}", "fields": {}, "responsible_id": owner and owner.id}
        rows[Client].append(
            {**card, **texts(Client, number), "kind": pick(["company"] * 5 + ["person"]), "birthday": born}
        )
        rows[Contact].append({**card, **texts(Contact, number), "links": [], "birthday": born})
        if number % 10:
            rows[ContactAtClient].append({"contact_id": number, "client_id": dice.randint(1, MANY)})
        stage, place = pick(leads.stages), {"rank": f"{number:05}", "entered_stage_at": at}
        due = {"touch_due_at": now + timedelta(days=dice.randint(-3, 30))}
        rows[Lead].append(
            {**card, **texts(Lead, number), **place, **due, "pipeline_id": leads.id, "stage_id": stage.id}
        )
        stage = pick(deals.stages)
        sold = {"client_id": dice.randint(1, MANY), "responsible_id": (owner or ann).id, "fields": {}}
        rows[Deal].append(
            {**common, **texts(Deal, number), **place, **sold, "pipeline_id": deals.id, "stage_id": stage.id}
        )
        said = {"author_kind": "employee", "author_id": ann.id, "author_name": "А", "body": "…", "created_at": at}
        rows[Comment].append({"card": pick([*ASK]), "card_id": number, **said})
        if number % 1000 == 0:
            rows[Favourite] += [{"employee_id": adam.id, "card": each, "card_id": number} for each in ASK]
    with database.session(writes=True) as session:
        for model, values in rows.items():
            session.execute(insert(model), values)
        session.commit()
    database.study()
    return adam


def scanned(database: Database, plan: str, tables: Sequence[str] = LARGE) -> list[str]:
    """Steps of a plan that read a whole table row by row."""
    if database.is_sqlite:
        return [line for line in plan.splitlines() if re.fullmatch(rf"SCAN ({'|'.join(tables)})(_\d+)?", line)]
    return re.findall(rf"Seq Scan on (?:{'|'.join(tables)})\b.*", plan)


def read_whole(database: Database, actor: Actor, card: str, ready: ReadyFilter) -> list[Any]:
    """What of a filter's page and count is not served by an index: the steps that read a whole table, the statement."""
    where = ready.conditions
    ask, called = ASK[card]
    count = perform(actor, preview_filter, card=card, conditions=where).count
    paged = statements_of(database, partial(perform, actor, ask, **{called: where}, limit=50))
    counted = statements_of(database, partial(perform, actor, preview_filter, card=card, conditions=where))
    found: list[Any] = []
    for heard, is_wide in ((paged, False), (counted, count > FEW)):
        asked = [one for one in heard if re.search(rf"FROM {card} ", one)]
        assert asked
        for one in asked:
            as_it_is = plan_of(database, one, as_it_is=True)
            is_judged = bool(ready.label) and not is_wide
            read = scanned(database, as_it_is, [card]) if database.is_sqlite else []
            read += re.findall(rf"Seq Scan on {card}  \(.*", as_it_is) if is_judged else []
            if count <= FEW or not database.is_sqlite:
                read += scanned(database, plan_of(database, one))
            found += [(card, ready.key, read, one)] if read else []
    return found


def test_each_list_and_its_counts_are_asked_for_by_indexes(database: Database, many: Actor) -> None:
    ready = [(card, each) for card in ASK for each in ready_filters(LISTS[card])]
    assert len(ready) > 80
    assert [found for card, each in ready for found in read_whole(database, many, card, each)] == []


def test_every_list_that_comes_with_filters_is_among_them(adam: Actor) -> None:
    assert ASK.keys() == {each.card for each in LISTS.values() if each.system or each.presets}
    presets = {each.key for card in ASK for each in ready_filters(LISTS[card])}
    assert {"nowhere", "overdue", "no_open_deal", "birthday", "won"} <= presets
    for card in ASK:
        keys = [each.key for each in LISTS[card].system]
        assert perform(adam, count_filters, card=card, filter_ids=[], keys=keys).keys() == set(keys)

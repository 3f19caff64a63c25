"""Whoever still names a card that was merged names the one that answers for it today: in every door that writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crm_app.cards.actions.comments import add_comment
from crm_app.cards.queries.every_card import list_comments
from crm_app.contacts.actions.places import link_contact
from crm_app.contacts.queries import list_places
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import NotFound, RuleBroken
from crm_app.deals.actions.cards import change_deal
from crm_app.deals.drafts import DealDraft
from crm_app.deals.queries.cards import see_deal
from crm_app.leads.actions.converting import convert_lead
from crm_app.leads.drafts import ClientPart, ContactPart
from crm_app.tasks.actions.editing import create_task
from crm_app.tasks.actions.ties import tie_task
from crm_app.tasks.queries import see_task
from tests import make as cards
from tests.contacts.make import contact
from tests.deals import make as deals
from tests.duplicates.make import merge
from tests.leads import make as leads

Pair = tuple[int, int]


@pytest.fixture
def two(ann: Actor) -> Pair:
    """A client that stays and, after two merges in a row, the oldest of those that went into it."""
    kept, middle, old = (cards.client(ann, name, "company").id or 0 for name in ("Раз", "Два", "Три"))
    merge(ann, middle, old)
    merge(ann, kept, middle)
    return kept, old


@pytest.fixture
def people_(ann: Actor) -> Pair:
    kept, old = (contact(ann, name).id or 0 for name in ("Лукин Пров", "Лукин Яков"))
    merge(ann, kept, old, card="contact")
    return kept, old


def test_a_deal_is_made_with_the_client_of_today(ann: Actor, two: Pair) -> None:
    kept, old = two
    way = deals.pipeline()
    assert deals.deal(ann, way, client_id=old).client_id == kept
    other = deals.deal(ann, way)
    perform(ann, change_deal, deal_id=other.id, values=DealDraft(client_id=old))
    assert perform(ann, see_deal, deal_id=other.id).deal.client_id == kept


def test_a_comment_is_said_on_the_card_of_today(ann: Actor, two: Pair) -> None:
    kept, old = two
    assert perform(ann, add_comment, card="client", card_id=old, body="Звонил").card_id == kept
    assert [each.body for each in perform(ann, list_comments, card="client", card_id=kept)] == ["Звонил"]


def test_a_task_is_about_the_card_of_today(ann: Actor, two: Pair) -> None:
    kept, old = two
    made = perform(ann, create_task, title="Позвонить", about=[{"card": "client", "card_id": old}])
    later = cards.task(ann, "Написать")
    perform(ann, tie_task, task_id=later.id, card="client", card_id=old)
    for each in (made, later):
        assert about(perform(ann, see_task, task_id=each.id)) == [("client", kept)]


def test_a_contact_works_at_the_client_of_today(ann: Actor, two: Pair, people_: Pair) -> None:
    place = perform(ann, link_contact, contact_id=people_[1], client_id=two[1])
    assert (place.contact_id, place.client_id) == (people_[0], two[0])
    assert [each.client_id for each in perform(ann, list_places, contact_id=people_[0])] == [two[0]]
    with pytest.raises(RuleBroken):
        perform(ann, link_contact, contact_id=people_[0], client_id=two[1])


def test_a_lead_becomes_the_cards_of_today(ann: Actor, adam: Actor, two: Pair, people_: Pair) -> None:
    leads.way(adam)
    lead = leads.lead(ann)
    parts = {"contact": ContactPart(id=people_[1]), "client": ClientPart(id=two[1])}
    made = perform(ann, convert_lead, lead_id=lead.id, **parts)
    assert (made.contact_id, made.client_id) == (people_[0], two[0])


def test_who_does_not_see_the_card_of_today_finds_none(ann: Actor, bob: Actor, two: Pair) -> None:
    makes: list[Callable[[], Any]] = [
        lambda: perform(bob, add_comment, card="client", card_id=two[1], body="Чужой"),
        lambda: perform(bob, create_task, title="Чужой", about=[{"card": "client", "card_id": two[1]}]),
        lambda: perform(bob, link_contact, contact_id=contact(bob).id, client_id=two[1]),
    ]
    for make in makes:
        with pytest.raises(NotFound):
            make()


def about(seen: Any) -> list[tuple[str, int]]:
    return [(each.card, each.card_id) for each in seen.row.about]

"""Followers of cards: who follows, who is told of what, and of what nobody is told."""

from __future__ import annotations

from typing import Any

import pytest

from crm_app.access.actions.employees import disable_employee
from crm_app.access.actions.roles import set_field_right
from crm_app.cards.actions.comments import add_comment
from crm_app.cards.actions.following import follow_card, unfollow_card
from crm_app.cards.followed import FOLLOWED
from crm_app.cards.queries.every_card import list_notifications, see_timeline
from crm_app.cards.queries.following import Followers, find_followers, list_followers
from crm_app.clients.actions.cards import add_client, change_client, remove_client
from crm_app.contacts.actions.cards import change_contact, remove_contact
from crm_app.core import jobs
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.errors import Forbidden, NeedsLogin, NotFound, RuleBroken
from crm_app.deals.actions.cards import change_deal, delete_deal
from crm_app.deals.actions.moves import move_deal
from crm_app.leads.actions.cards import change_lead
from crm_app.leads.actions.converting import convert_lead
from crm_app.leads.actions.unconverting import undo_conversion
from crm_app.leads.drafts import ClientPart, ContactPart, DealPart
from tests import make
from tests.cards.test_viewers import role_id
from tests.contacts.make import contact
from tests.deals import make as deals
from tests.leads import make as leads
from tests.work import work_off


def follow(actor: Actor, card: str, card_id: int | None, who: Actor | None = None) -> None:
    perform(actor, follow_card, card=card, card_id=card_id, employee_id=(who or actor).id)


def followers(actor: Actor, card: str, card_id: int | None) -> list[str]:
    told: Followers = perform(actor, list_followers, card=card, card_id=card_id)
    return [row.name for row in told.rows]


def told(actor: Actor) -> list[str]:
    """What the bell of somebody tells, the oldest first, after the worker's work."""
    work_off()
    return [row.key.removeprefix("cards.notice.") for row in reversed(perform(actor, list_notifications))]


def test_one_follows_a_card_that_one_sees_and_the_history_tells_it(ann: Actor, olga: Actor) -> None:
    card = make.client(ann)
    follow(olga, "client", card.id)
    follow(olga, "client", card.id)  # twice is once
    assert followers(ann, "client", card.id) == ["Ольга"]
    assert perform(olga, list_followers, card="client", card_id=card.id).is_followed
    assert not perform(ann, list_followers, card="client", card_id=card.id).is_followed
    perform(olga, unfollow_card, card="client", card_id=card.id, employee_id=olga.id)
    assert followers(ann, "client", card.id) == []
    names = [row.name for row in perform(ann, see_timeline, card="client", card_id=card.id)]
    assert names == ["FollowerRemoved", "FollowerAdded", "ClientAdded"]


def test_a_colleague_is_added_by_whoever_may_change_the_card(ann: Actor, olga: Actor, mary: Actor, bob: Actor) -> None:
    card = make.client(ann)
    follow(ann, "client", card.id, olga)
    assert followers(ann, "client", card.id) == ["Ольга"]
    offered = [row.name for row in perform(ann, find_followers, card="client", card_id=card.id)]
    assert "Анна" in offered and "Ольга" not in offered and "Боб" not in offered
    with pytest.raises(RuleBroken, match="Боб"):
        follow(ann, "client", card.id, bob)
    with pytest.raises(NotFound):
        perform(ann, follow_card, card="client", card_id=card.id, employee_id=10**6)
    follow(mary, "client", card.id)  # who may only read follows by themselves
    for act in (follow_card, unfollow_card):
        with pytest.raises(Forbidden):
            perform(mary, act, card="client", card_id=card.id, employee_id=olga.id)
    assert perform(mary, find_followers, card="client", card_id=card.id) == []


@pytest.mark.parametrize("act", [follow_card, unfollow_card])
def test_who_does_not_see_the_card_neither_follows_it_nor_learns_who_does(ann: Actor, bob: Actor, act: Any) -> None:
    card = make.client(ann)
    follow(ann, "client", card.id)
    with pytest.raises(NotFound):
        perform(bob, act, card="client", card_id=card.id, employee_id=bob.id)
    for question in (list_followers, find_followers):
        with pytest.raises(NotFound):
            perform(bob, question, card="client", card_id=card.id)
    with pytest.raises(NeedsLogin):
        perform(NOBODY, act, card="client", card_id=card.id, employee_id=1)
    with pytest.raises(Forbidden):
        perform(make.guest(ann), act, card="client", card_id=card.id, employee_id=ann.id)
    with pytest.raises(NotFound):  # tasks have ties of their own
        perform(ann, act, card="task", card_id=make.task(ann).id, employee_id=ann.id)


def test_every_directory_and_deals_can_be_followed() -> None:
    assert {"client", "contact", "lead", "deal"} == FOLLOWED


def test_followers_are_told_of_comments_changes_and_deletion(ann: Actor, olga: Actor, adam: Actor) -> None:
    card = make.client(ann)
    follow(olga, "client", card.id)
    follow(adam, "client", card.id)
    perform(ann, add_comment, card="client", card_id=card.id, body="Перезвонить")
    assert told(olga) == told(adam) == ["comment"]
    perform(ann, change_client, client_id=card.id, values={"city": "Тула"})  # is not told
    perform(ann, change_client, client_id=card.id, values={"status": "regular"})
    perform(adam, change_client, client_id=card.id, values={"responsible_id": olga.id})
    perform(adam, remove_client, client_id=card.id)
    assert told(olga) == ["comment", "status", "responsible", "removed"]
    assert told(adam) == ["comment", "status"]  # not of what one has done oneself
    assert told(ann) == []


def test_a_mentioned_or_responsible_follower_is_told_once(ann: Actor, olga: Actor) -> None:
    card = make.client(ann)
    follow(olga, "client", card.id)
    follow(ann, "client", card.id)
    perform(ann, add_comment, card="client", card_id=card.id, body=f"@[{olga.id}] взгляните")
    perform(olga, add_comment, card="client", card_id=card.id, body="Да")
    assert (told(olga), told(ann)) == (["mentioned"], ["comment"])


def test_followers_of_deals_are_told_of_moves_and_the_responsible_once(ann: Actor, olga: Actor, adam: Actor) -> None:
    way = deals.pipeline()
    card = deals.deal(ann, way)
    for each in (ann, olga):
        follow(each, "deal", card.id)
    perform(adam, move_deal, deal_id=card.id, stage_id=deals.stage(way, 1).id)
    assert (told(olga), told(ann)) == (["moved"], ["deals.notice.moved"])
    perform(adam, change_deal, deal_id=card.id, values={"responsible_id": olga.id})
    perform(adam, delete_deal, deal_id=card.id)
    assert told(olga) == ["moved", "deals.notice.assigned", "removed"]


def test_followers_of_leads_and_contacts_are_told(adam: Actor, ann: Actor, olga: Actor) -> None:
    leads.way(adam)
    lead, person = leads.lead(ann), contact(ann, "Лукин Пров")
    for each in (adam, olga):
        follow(each, "lead", lead.id)
        follow(each, "contact", person.id)
    perform(adam, change_lead, lead_id=lead.id, values={"responsible_id": olga.id})
    perform(adam, change_contact, contact_id=person.id, values={"responsible_id": olga.id})
    perform(olga, remove_contact, contact_id=person.id)
    assert told(olga) == ["leads.notice.assigned", "responsible"]
    assert told(adam) == ["removed"]


def test_nothing_comes_once_the_rights_have_ended(ann: Actor, bob: Actor, adam: Actor, olga: Actor) -> None:
    card = make.client(ann)
    for each in (ann, olga):
        follow(each, "client", card.id)
    assert followers(adam, "client", card.id) == ["Анна", "Ольга"]
    perform(adam, change_client, client_id=card.id, values={"responsible_id": bob.id})  # of another department
    perform(bob, add_comment, card="client", card_id=card.id, body="Тайна")
    perform(bob, change_client, client_id=card.id, values={"status": "regular"})
    assert told(ann) == told(olga) == []
    assert followers(bob, "client", card.id) == []


def test_what_is_hidden_is_not_told_and_who_has_left_is_told_nothing(ann: Actor, olga: Actor, adam: Actor) -> None:
    card = make.client(ann)
    for each in (olga, adam):
        follow(each, "client", card.id)
    perform(adam, set_field_right, role_id=role_id("head"), card="client", field="status", level="hidden")
    perform(ann, change_client, client_id=card.id, values={"status": "regular"})
    assert (told(olga), told(adam)) == ([], ["status"])
    perform(adam, disable_employee, employee_id=olga.id)
    assert followers(ann, "client", card.id) == ["Адам"]


def test_changes_of_what_nobody_follows_cost_no_job(ann: Actor, olga: Actor) -> None:
    card, other = make.client(ann), perform(ann, add_client, values={"name": "Другой"}, force=True)
    follow(olga, "client", card.id)
    work_off()
    perform(ann, change_client, client_id=other.id, values={"status": "regular"})
    perform(ann, change_client, client_id=card.id, values={"city": "Тула"})
    assert jobs.claim(database(), "test", 10) == []


def test_followers_of_a_lead_follow_what_it_becomes_until_that_is_taken_back(adam: Actor, ann: Actor) -> None:
    leads.way(adam)
    deals.pipeline()
    lead = leads.lead(ann, person="Лукин Пров")
    follow(ann, "lead", lead.id)
    parts = {"contact": ContactPart(), "client": ClientPart(), "deal": DealPart()}
    made = perform(ann, convert_lead, lead_id=lead.id, **parts)
    for card, card_id in (("client", made.client_id), ("deal", made.deal_id)):
        assert followers(ann, card, card_id) == ["Анна"]
    perform(ann, undo_conversion, lead_id=lead.id)
    assert followers(ann, "lead", lead.id) == ["Анна"]

"""Fields of a card set back to how they were, one or all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crm_app.access.actions.employees import disable_employee
from crm_app.cards.actions.setting_back import may_set_back, see_set_back, set_back
from crm_app.cards.queries.every_card import see_timeline
from crm_app.clients.actions.cards import change_client
from crm_app.clients.models import Client
from crm_app.clients.queries import list_clients, see_client
from crm_app.contacts.actions.cards import change_contact
from crm_app.contacts.queries import see_contact
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound, RuleBroken
from tests import make
from tests.cards.fields import field
from tests.contacts import make as contacts

FIRST: dict[str, Any] = {
    "name": "Завод", "city": "Тверь", "phones": ["+79151234567"], "revenue": "12500,50", "first_contact": "2026-01-05",
    "fields": {"razmer": 12_50},
}  # fmt: skip
SECOND: dict[str, Any] = {
    "name": "Завод-2", "city": "Орёл", "phones": [], "revenue": None, "first_contact": None, "fields": {"razmer": ""},
}  # fmt: skip


@pytest.fixture
def client(ann: Actor) -> Client:
    """A client whose every kind of field was changed once, and its city twice."""
    field("money", currency="RUB")
    made = make.client(ann, **FIRST)
    perform(ann, change_client, client_id=made.id, values=SECOND)
    return perform(ann, change_client, client_id=made.id, values={"city": "Тула"})


def changes(actor: Actor, client: Client) -> list[int]:
    """Ids of what happened to it, the latest first."""
    return [row.id for row in perform(actor, see_timeline, card="client", card_id=client.id)]


def test_one_field_is_set_back_and_told_of(ann: Actor, client: Client) -> None:
    last, second, _ = changes(ann, client)
    (told,) = perform(ann, see_set_back, card="client", card_id=client.id, fact_id=second, field="city").fields
    assert (told.now, told.then, told.is_later, told.is_written) == ("Тула", "Тверь", True, True)
    perform(ann, set_back, card="client", card_id=client.id, fact_id=last, field="city")
    assert perform(ann, see_client, client_id=client.id).city == "Орёл"
    assert perform(ann, see_timeline, card="client", card_id=client.id)[0].details["changes"] == {
        "city": ["Тула", "Орёл"]
    }
    with pytest.raises(RuleBroken):
        perform(ann, set_back, card="client", card_id=client.id, fact_id=last, field="city")


def test_the_whole_card_is_set_back_as_it_was(ann: Actor, client: Client) -> None:
    _, second, _ = changes(ann, client)
    done = perform(ann, set_back, card="client", card_id=client.id, fact_id=second)
    assert done == ["city", "fields.razmer", "first_contact", "name", "phones", "revenue"]
    card = perform(ann, see_client, client_id=client.id)
    assert (card.name, card.city, card.phones, card.revenue) == ("Завод", "Тверь", ["+79151234567"], 1250050)
    assert (card.fields, str(card.first_contact)) == ({"razmer": 125000}, "2026-01-05")
    assert len(perform(ann, list_clients, q="тверь").rows) == 1


def test_what_another_changed_meanwhile_is_a_conflict_and_rules_hold(
    ann: Actor, adam: Actor, bob: Actor, client: Client
) -> None:
    last, *_ = changes(ann, client)
    seen = perform(ann, see_set_back, card="client", card_id=client.id, fact_id=last)
    perform(ann, change_client, client_id=client.id, values={"address": "Ленина, 1"})
    with pytest.raises(RuleBroken):
        perform(ann, set_back, card="client", card_id=client.id, fact_id=last, version=seen.version)

    perform(adam, change_client, client_id=client.id, values={"responsible_id": bob.id})
    perform(adam, change_client, client_id=client.id, values={"responsible_id": ann.id})
    perform(adam, disable_employee, employee_id=bob.id)
    with pytest.raises(BadInput):
        perform(ann, set_back, card="client", card_id=client.id, fact_id=changes(ann, client)[0])


def test_what_may_not_be_changed_stays_and_what_is_hidden_is_not_told(ann: Actor, client: Client) -> None:
    _, second, added = changes(ann, client)
    limited = replace(ann, read_only={"client": frozenset({"city"})}, hidden={"client": frozenset({"revenue"})})
    arguments = {"card": "client", "card_id": client.id, "fact_id": second}
    told = {each.field: each.is_written for each in perform(limited, see_set_back, **arguments).fields}
    assert told["city"] is False and told["name"] is True and "revenue" not in told
    assert "city" not in perform(limited, set_back, **arguments)
    with pytest.raises(Forbidden):
        perform(limited, set_back, **arguments, field="city")
    with pytest.raises(NotFound):
        perform(ann, set_back, card="client", card_id=client.id, fact_id=added)


def test_who_may_not_change_the_card_sets_nothing_back(ann: Actor, olga: Actor, bob: Actor, mary: Actor) -> None:
    made = make.client(olga, "Её")
    perform(olga, change_client, client_id=made.id, values={"city": "Тула"})
    asked = {"card": "client", "card_id": made.id, "fact_id": changes(olga, made)[0]}
    who = ((ann, Forbidden), (bob, NotFound), (mary, Forbidden), (make.guest(ann), Forbidden), (NOBODY, NeedsLogin))
    for actor, refusal in who:
        with pytest.raises(refusal):
            perform(actor, set_back, **asked)
    may = [perform(each, may_set_back, card="client", card_id=made.id) for each in (olga, ann, mary)]
    assert may == [True, False, False]


def test_contacts_are_set_back_too(ann: Actor) -> None:
    made = contacts.contact(ann, "Лукин Пров Ильич", phones=["+74872123456"])
    perform(ann, change_contact, contact_id=made.id, values={"name": "Лукина Пелагея Ильинична", "links": ["t.me/luk"]})
    fact = perform(ann, see_timeline, card="contact", card_id=made.id)[0]
    perform(ann, set_back, card="contact", card_id=made.id, fact_id=fact.id)
    card = perform(ann, see_contact, contact_id=made.id)
    assert (card.name, card.links) == ("Лукин Пров Ильич", [])

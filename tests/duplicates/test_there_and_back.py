"""What was merged and split again is as it was, to the byte: whole tables are compared."""

from __future__ import annotations

import random

from crm_app.cards.actions.comments import add_comment
from crm_app.cards.actions.tags import set_tags
from crm_app.cards.queries.every_card import list_comments, see_timeline
from crm_app.clients.actions.cards import change_client
from crm_app.clients.queries import see_client
from crm_app.contacts.queries import list_places, see_contact
from crm_app.core.actor import Actor
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.deals.queries.cards import list_client_deals
from crm_app.duplicates.actions.splitting import Split, split_cards
from crm_app.mailings.queries.lists import see_mailing
from tests import make as cards
from tests import people
from tests.cards.fields import field
from tests.contacts.make import contact
from tests.deals.make import pipeline
from tests.duplicates import make
from tests.duplicates.tables import different, last_fact, whole
from tests.mailings import kit

CHOSEN = ("name", "city", "note", "revenue", "phones", "emails", "picture")
JOINED = ("note", "phones", "emails")


def split(actor: Actor, merge_id: int | None) -> Split:
    return perform(actor, split_cards, merge_id=merge_id)


def test_fifty_random_merges_and_splits_leave_all_as_it_was(database: Database, olga: Actor, ann: Actor) -> None:
    chance = random.Random(3)
    field("text", "Размер")
    way = pipeline()
    clients = [make.full_client(ann, way, number, chance) for number in range(4)]
    make.places(ann, clients, chance)
    kit.mailing(people.actor("mary"), [client.id for client in clients if client.id])
    last = last_fact(database)
    before = whole(database)
    for _ in range(25):  # two at a time: the second merges what the first has made
        first, second, third = chance.sample([client.id or 0 for client in clients], 3)
        choices = {
            name: chance.choice(("kept", "absorbed", "both") if name in JOINED else ("kept", "absorbed"))
            for name in chance.sample(CHOSEN, 3)
        }
        one = make.merge(olga, first, second, choices=choices)
        other = make.merge(ann, *chance.choice([(first, third), (third, first)]))
        split(olga, other.id)
        split(ann, one.id)
        assert different(before, whole(database, last)) == {}


def test_everything_of_both_is_on_the_card_that_stays(database: Database, ann: Actor, olga: Actor) -> None:
    chance = random.Random(1)
    field("text", "Размер")
    way = pipeline()
    one, other = (make.full_client(ann, way, number, chance) for number in (1, 2))
    make.places(ann, [one, other, cards.client(ann, "Третий")], chance)
    letter = kit.mailing(people.actor("mary"), [other.id or 0])
    tags = {tag for each in (one, other) for tag in perform(ann, see_client, client_id=each.id).tags}
    facts = sum(len(perform(ann, see_timeline, card="client", card_id=each.id, limit=200)) for each in (one, other))
    last, before = last_fact(database), whole(database)["fact"]
    make.merge(ann, one.id or 0, other.id or 0)
    assert whole(database, last)["fact"] == before  # facts are kept as they are
    card = perform(ann, see_client, client_id=one.id)
    assert set(card.tags) == tags and card.emails == ["a1@vector.example", "a2@vector.example"]
    assert len(perform(ann, list_comments, card="client", card_id=one.id, limit=200)) == 40
    assert len(perform(ann, list_client_deals, client_id=one.id)) == 10
    timeline = perform(ann, see_timeline, card="client", card_id=one.id, limit=200)
    assert timeline[-1].name == "ClientAdded" and {row.name for row in timeline[:2]} >= {"CardsMerged"}
    assert len(timeline) >= facts - 10  # what was told of both cards at once is told once
    mains = [place for place in perform(ann, list_places, client_id=one.id) if place.is_main]
    assert len(mains) == 1
    assert perform(people.actor("mary"), see_mailing, mailing_id=letter.id).client_ids == [one.id]


def test_what_was_changed_and_added_since_stays_with_the_card_that_was_kept(ann: Actor) -> None:
    one = cards.client(ann, "Вектор", "company", phones=["+79120000001"], city="")
    other = cards.client(ann, "ООО Вектор", "company", phones=["+79120000002"], city="Тула", note="Важный")
    merge = make.merge(ann, one.id or 0, other.id or 0)
    values = {"phones": ["+79120000001", "+79120000002", "+79120000003"], "city": "Орёл", "inn": "7707083893"}
    perform(ann, change_client, client_id=one.id, values=values)
    perform(ann, add_comment, card="client", card_id=one.id, body="Потом")
    assert split(ann, merge.id).left == ["city", "phones"]
    kept, back = (perform(ann, see_client, client_id=each.id) for each in (one, other))
    assert kept.phones == ["+79120000001", "+79120000003"] and back.phones == ["+79120000002"]
    assert (kept.city, kept.note, kept.inn) == ("Орёл", "", "7707083893") and (back.city, back.note) == (
        "Тула",
        "Важный",
    )
    assert len(perform(ann, list_comments, card="client", card_id=one.id)) == 1 and kept.version == 4


def test_a_tag_that_was_taken_off_since_does_not_come_back(ann: Actor) -> None:
    one, other = cards.client(ann, "Вектор"), cards.client(ann, "Вектор")
    perform(ann, set_tags, card="client", card_id=other.id, names=["опт", "москва"])
    merge = make.merge(ann, one.id or 0, other.id or 0)
    perform(ann, set_tags, card="client", card_id=one.id, names=["москва", "новый"])
    split(ann, merge.id)
    tags = [perform(ann, see_client, client_id=each.id).tags for each in (one, other)]
    assert tags == [["новый"], ["москва"]]


def test_two_contacts_become_one_with_where_both_work_and_two_again(database: Database, ann: Actor) -> None:
    vector, mars = cards.client(ann, "Вектор", "company"), cards.client(ann, "Марс", "company")
    one = contact(ann, "Лукин Пров", at=vector, position="", links=["t.me/one"])
    other = contact(ann, "Лукин Пров Ильич", at=mars, position="Директор", links=["t.me/two"], phones=["+79120000001"])
    cards_before = whole(database)
    last = last_fact(database)
    merge = make.merge(ann, one.id or 0, other.id or 0, card="contact", choices={"patronymic": "absorbed"})
    seen = perform(ann, see_contact, contact_id=one.id)
    assert seen.patronymic == "Ильич" and seen.phones == ["+79120000001"] and len(seen.links) == 2
    assert {place.client for place in perform(ann, list_places, contact_id=one.id)} == {"Вектор", "Марс"}
    split(ann, merge.id)
    assert different(cards_before, whole(database, last)) == {}

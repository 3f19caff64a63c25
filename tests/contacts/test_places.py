"""Where contacts work: linked, changed, the main one, unlinked; seen from both cards, and by whom not."""

from __future__ import annotations

from typing import Any

import pytest

from crm_app.cards.queries.every_card import see_timeline
from crm_app.clients.models import Client
from crm_app.contacts.actions.cards import remove_contact, restore_contact
from crm_app.contacts.actions.places import add_contact_at_client, change_place, link_contact, unlink_contact
from crm_app.contacts.queries import find_workplaces, list_contacts, list_places
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NotFound, RuleBroken
from tests import make as cards
from tests.contacts import make


@pytest.fixture
def vector(ann: Actor) -> Client:
    return cards.client(ann, "ООО «Вектор»", "company")


def told(actor: Actor, **card: Any) -> list[tuple[str, str, str, bool]]:
    return [(p.contact, p.client, p.position, p.is_main) for p in perform(actor, list_places, **card)]


def test_a_contact_works_at_many_clients_in_a_role_each(ann: Actor, vector: Client) -> None:
    zarya = cards.client(ann, "ЗАО «Заря»", "company")
    made = make.contact(ann, at=vector, position="Директор", phones=["+79151234567"])
    adviser = {"position": "Советник", "since": "01.02.2024"}
    perform(ann, link_contact, contact_id=made.id, client_id=zarya.id, values=adviser)
    assert told(ann, contact_id=made.id) == [
        ("Лукин Пров Ильич", "ЗАО «Заря»", "Советник", True), ("Лукин Пров Ильич", "ООО «Вектор»", "Директор", True)
    ]  # fmt: skip
    (place,) = perform(ann, list_places, client_id=vector.id)
    assert (place.phone, place.may_change) == ("+79151234567", True)
    (row,) = perform(ann, list_contacts).rows
    assert (row.client, row.position) == ("ЗАО «Заря»", "Советник")


def test_both_timelines_tell_and_name_only_what_the_reader_sees(
    ann: Actor, bob: Actor, adam: Actor, mary: Actor
) -> None:
    theirs = cards.client(bob, "ООО «Тайна»", "company")
    made = make.contact(ann)
    perform(adam, link_contact, contact_id=made.id, client_id=theirs.id, values={"position": "Директор"})

    def names(reader: Actor, **card: Any) -> dict[str, Any]:
        (fact,) = [row for row in perform(reader, see_timeline, **card) if row.name == "ContactLinked"]
        return {kind: fact.details[kind] for kind in ("contact", "client")}

    both = {"contact": "Лукин Пров Ильич", "client": "ООО «Тайна»"}
    assert names(mary, card="contact", card_id=made.id) == names(mary, card="client", card_id=theirs.id) == both
    unseen = {"contact": "Лукин Пров Ильич", "client": "карточка, которую вам не видно"}
    assert names(ann, card="contact", card_id=made.id) == unseen
    assert [row.name for row in perform(bob, see_timeline, card="client", card_id=theirs.id)] == ["ClientAdded"]
    assert told(ann, contact_id=made.id) == told(bob, client_id=theirs.id) == []
    assert perform(ann, list_contacts).rows[0].client == ""


def test_there_is_one_main_contact_and_the_clients_owner_says_who(
    ann: Actor, olga: Actor, adam: Actor, vector: Client
) -> None:
    first, second = make.contact(ann, at=vector), make.contact(ann, "Вторая Анна", at=vector)
    assert [p.is_main for p in perform(ann, list_places, client_id=vector.id)] == [True, False]
    perform(ann, change_place, contact_id=second.id, client_id=vector.id, values={"is_main": True})
    mains = {p.contact_id: p.is_main for p in perform(ann, list_places, client_id=vector.id)}
    assert mains == {first.id: False, second.id: True}
    of_olga = cards.client(olga, "ОАО «Ока»", "company")
    perform(ann, link_contact, contact_id=first.id, client_id=of_olga.id)
    assert told(ann, client_id=of_olga.id)[0][3] is False
    with pytest.raises(Forbidden):
        perform(ann, change_place, contact_id=first.id, client_id=of_olga.id, values={"is_main": True})
    perform(olga, change_place, contact_id=first.id, client_id=of_olga.id, values={"is_main": True})
    assert told(ann, client_id=of_olga.id)[0][3] is True


def test_the_main_one_gives_way_though_the_owner_does_not_see_them(
    ann: Actor, bob: Actor, adam: Actor, vector: Client
) -> None:
    unseen = make.contact(bob, "Невидимый Человек")
    perform(adam, link_contact, contact_id=unseen.id, client_id=vector.id)
    make.contact(ann, at=vector)
    own = make.contact(ann, "Вторая Анна", at=vector)
    perform(ann, change_place, contact_id=own.id, client_id=vector.id, values={"is_main": True})
    assert [p.contact_id for p in perform(adam, list_places, client_id=vector.id) if p.is_main] == [own.id]


def test_a_new_contact_is_added_right_at_the_client(ann: Actor, vector: Client) -> None:
    new = {"name": "Новый Человек", "phones": ["+79151234567"]}
    perform(ann, add_contact_at_client, client_id=vector.id, contact=new, place={"position": "Бухгалтер"})
    assert told(ann, client_id=vector.id) == [("Человек Новый", "ООО «Вектор»", "Бухгалтер", True)]
    with pytest.raises(RuleBroken, match="уже есть"):
        perform(ann, add_contact_at_client, client_id=vector.id, contact=new)
    assert len(perform(ann, list_places, client_id=vector.id)) == 1


def test_days_and_position_are_changed_and_told_of(ann: Actor, vector: Client) -> None:
    made = make.contact(ann, at=vector, position="Директор")
    values = {"position": "Советник", "until": "2026-01-31"}
    perform(ann, change_place, contact_id=made.id, client_id=vector.id, values=values)
    (fact, *_) = perform(ann, see_timeline, card="client", card_id=vector.id)
    assert fact.details["changes"] == {"position": ["Директор", "Советник"], "until": [None, "2026-01-31"]}
    assert perform(ann, list_contacts).rows[0].client == ""  # where they no longer work
    with pytest.raises(BadInput) as refusal:
        perform(ann, change_place, contact_id=made.id, client_id=vector.id, values={"since": "2026-02-01"})
    assert refusal.value.reasons[0].field == "until"


def test_a_link_is_taken_back(ann: Actor, vector: Client) -> None:
    made = make.contact(ann, at=vector)
    with pytest.raises(RuleBroken):
        perform(ann, link_contact, contact_id=made.id, client_id=vector.id)
    perform(ann, unlink_contact, contact_id=made.id, client_id=vector.id)
    assert told(ann, contact_id=made.id) == []
    with pytest.raises(NotFound):
        perform(ann, unlink_contact, contact_id=made.id, client_id=vector.id)


def test_a_contact_in_the_bin_is_nowhere_and_comes_back_to_its_place(ann: Actor, vector: Client) -> None:
    made = make.contact(ann, at=vector, position="Директор")
    perform(ann, remove_contact, contact_id=made.id)
    assert told(ann, client_id=vector.id) == []
    perform(ann, restore_contact, contact_id=made.id)
    assert told(ann, client_id=vector.id) == [("Лукин Пров Ильич", "ООО «Вектор»", "Директор", True)]


def test_who_may_change_neither_card_links_nothing(
    ann: Actor, bob: Actor, mary: Actor, olga: Actor, greg: Actor, vector: Client
) -> None:
    made, other = make.contact(ann, at=vector), make.contact(ann, "Вторая Анна")
    for stranger, refusal in ((mary, Forbidden), (bob, NotFound), (greg, Forbidden)):
        for ability, contact in ((link_contact, other), (change_place, made), (unlink_contact, made)):
            arguments = {"contact_id": contact.id, "client_id": vector.id}
            values = {"values": {"position": "Директор"}} if ability is change_place else {}
            with pytest.raises(refusal):
                perform(stranger, ability, **arguments, **values)
    of_olga = make.contact(olga, "Белова Анна")
    perform(ann, link_contact, contact_id=of_olga.id, client_id=vector.id)  # her own client, a contact whom she sees


def test_workplaces_to_choose_from_are_those_that_one_sees(ann: Actor, bob: Actor, vector: Client) -> None:
    assert perform(ann, find_workplaces, words="вект") == [(vector.id, "ООО «Вектор»")]
    assert perform(bob, find_workplaces, words="вект") == []

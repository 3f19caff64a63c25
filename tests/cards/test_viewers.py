"""Who sees a card, and why: told as the door itself lets in or keeps out."""

from __future__ import annotations

from typing import Any

import pytest

from crm_app.access.actions.employees import add_employee
from crm_app.access.actions.roles import add_role, set_field_right
from crm_app.access.queries import list_roles
from crm_app.cards.actions.rights import set_exception
from crm_app.cards.queries.rights import Viewer, list_guarded, list_role_rows, list_types, list_viewers, see_role
from crm_app.clients.queries import see_client
from crm_app.contacts.queries import see_contact
from crm_app.core.actor import Actor
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.errors import CrmError, Forbidden, NotFound
from crm_app.tasks.queries import see_task
from tests import make, people
from tests.contacts import make as make_contacts
from tests.plans import statements_of

CAST = ("ann", "bob", "olga", "mary", "adam")


def role_id(key: str) -> int:
    return next(number for number, role, _, _ in perform(people.actor("adam"), list_roles) if role == key)


def viewers(actor: Actor, card: str, card_id: int) -> dict[str, Viewer]:
    seen = perform(actor, list_viewers, card=card, card_id=card_id).rows
    unseen = perform(actor, list_viewers, card=card, card_id=card_id, unseen=True).rows
    return {row.name: row for row in [*seen, *unseen]}


def test_it_says_of_everybody_what_the_door_does(adam: Actor, ann: Actor, bob: Actor) -> None:
    perform(adam, set_exception, role_id=role_id("manager"), permission="client.see", part="type", value="supplier",
            scope="all")  # fmt: skip
    perform(adam, set_exception, role_id=role_id("marketer"), permission="client.see", part="kind", value="person",
            scope="")  # fmt: skip
    cards: list[tuple[str, int, Any]] = [
        ("client", make.client(ann, "ООО Один", kind="company").id, see_client),
        ("client", make.client(bob, "Иванов Иван", type="supplier").id, see_client),
        ("contact", make_contacts.contact(ann, "Петрова").id, see_contact),
        ("task", make.task(ann, responsible_id=bob.id).id, see_task),
    ]
    for card, card_id, see in cards:
        told = viewers(adam, card, card_id)
        for key in CAST:
            person = people.actor(key)
            try:
                perform(person, see, **{f"{card}_id": card_id})
                is_let_in = True
            except CrmError:
                is_let_in = False
            assert told[person.name].is_seen is is_let_in, (card, key, told[person.name])


def test_each_is_told_the_reason_and_what_is_kept_from_them(adam: Actor, ann: Actor) -> None:
    perform(adam, set_field_right, role_id=role_id("head"), card="client", field="revenue", level="hidden")
    perform(adam, set_field_right, role_id=role_id("head"), card="client", field="city", level="read")
    card = make.client(ann, "ООО Один", kind="company").id
    told = viewers(adam, "client", card)
    assert {name: row.reason for name, row in told.items()} == {
        "Анна": "responsible_id", "Ольга": "head", "Мария": "all", "Адам": "administrator", "Боб": "others",
    }  # fmt: skip
    assert told["Ольга"].hidden and told["Ольга"].read_only and not told["Адам"].hidden
    assert told["Анна"].verbs == ("change", "export", "delete") and told["Мария"].verbs == ("export",)
    assert told["Боб"].verbs == ()
    assert [row.name for row in perform(adam, list_viewers, card="client", card_id=card, words="анн").rows] == ["Анна"]


def test_an_exception_is_named_and_a_guest_is_told(adam: Actor, ann: Actor, bob: Actor) -> None:
    perform(adam, set_exception, role_id=role_id("manager"), permission="client.see", part="type", value="supplier",
            scope="all")  # fmt: skip
    theirs = make.client(bob, "ООО Снабженец", kind="company", type="supplier").id
    assert (viewers(adam, "client", theirs)["Анна"].reason, viewers(adam, "client", theirs)["Анна"].type) == (
        "all", "Поставщик",
    )  # fmt: skip
    greg = make.guest(ann)
    told = viewers(adam, "task", make.task(ann, shared_with=greg).id)
    assert (told[greg.name].kind, told[greg.name].reason) == ("guest", "shared")


def test_it_is_asked_by_who_sees_the_card_and_of_the_others_by_who_sets_rights(
    adam: Actor, ann: Actor, bob: Actor
) -> None:
    card = make.client(ann, "ООО Один", kind="company").id
    names = [row.name for row in perform(ann, list_viewers, card="client", card_id=card, unseen=True).rows]
    assert "Боб" not in names and names[0] == "Анна"
    with pytest.raises(NotFound):
        perform(bob, list_viewers, card="client", card_id=card)
    for forbidden, arguments in (
        (list_role_rows, {}), (see_role, {"role_id": role_id("manager")}), (list_types, {}), (list_guarded, {}),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            perform(ann, forbidden, **arguments)


def test_it_costs_as_many_statements_for_forty_people_as_for_five(adam: Actor, ann: Actor) -> None:
    card = make.client(ann, "ООО Один", kind="company").id

    def asked() -> int:
        return len(statements_of(database(), lambda: perform(adam, list_viewers, card="client", card_id=card)))

    asked()
    before = asked()
    for number in range(35):
        perform(adam, add_employee, email=f"e{number}@test.example", name=f"Новый {number}", role="head")
    assert asked() == before


def test_the_editor_offers_types_and_fields_and_counts_people(adam: Actor) -> None:
    made = perform(adam, add_role, name="Закупщик", copied_from=role_id("manager"))
    assert {(row.key, row.people) for row in perform(adam, list_role_rows)} >= {("manager", 2), (made.key, 0)}
    types = {(each.part, each.value) for each in perform(adam, list_types) if each.card == "client"}
    assert {("type", "supplier"), ("kind", "company"), ("kind", "person")} <= types
    guarded = perform(adam, list_guarded)
    names = {each.field for each in guarded["client"]}
    assert {"revenue", "phones", "responsible_id"} <= names and "name" not in names
    assert "birthday" in {each.field for each in guarded["contact"]}

"""One contact: added, changed, removed, brought back; and who may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from crm_app.cards.queries.every_card import search_cards, see_timeline
from crm_app.contacts.actions.cards import add_contact, change_contact, remove_contact, restore_contact
from crm_app.contacts.queries import find_contact_duplicates, list_contacts, see_contact
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound, RuleBroken
from tests import make as cards
from tests.contacts import make


def test_a_contact_is_added_with_all_that_is_known(ann: Actor) -> None:
    values = {
        "last_name": "лукин", "first_name": " Пров ", "patronymic": "Ильич", "birthday": "5.03.1980", "city": "Тула",
        "phones": ["8 (915) 123-45-67", "+7 495 123-45-67"], "emails": ["Luk@A.ru"], "links": ["t.me/lukin"],
        "note": "Любит чай",
    }  # fmt: skip
    made = perform(ann, add_contact, values=values)
    card = perform(ann, see_contact, contact_id=made.id)
    assert (card.name, card.birthday, card.city) == ("лукин Пров Ильич", date(1980, 3, 5), "Тула")
    assert card.phones == ["+79151234567", "+74951234567"] and card.emails == ["luk@a.ru"]
    assert card.links == ["https://t.me/lukin"] and card.responsible == "Анна" and card.may_change
    assert [row.name for row in perform(ann, see_timeline, card="contact", card_id=made.id)] == ["ContactAdded"]


@pytest.mark.parametrize("name", ["Лукин Пров Ильич", "Пров Ильич Лукин"])
def test_a_full_name_is_taken_apart(ann: Actor, name: str) -> None:
    made = perform(ann, add_contact, values={"name": name})
    assert (made.last_name, made.first_name, made.patronymic) == ("Лукин", "Пров", "Ильич")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "last_name"), ({"patronymic": "Ильич"}, "last_name"), ({"name": "Лукин", "phones": ["нет"]}, "phones"),
        ({"name": "Лукин", "emails": ["нет"]}, "emails"), ({"name": "Лукин", "birthday": "когда-то"}, "birthday"),
        ({"name": "Лукин", "links": ["не ссылка"]}, "links"), ({"last_name": "х" * 101}, "last_name"),
        ({"name": "Лукин", "responsible_id": 999}, "responsible_id"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_refused_by_its_field(ann: Actor, values: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refusal:
        perform(ann, add_contact, values=values)
    assert [reason.field for reason in refusal.value.reasons] == [field]


@pytest.mark.parametrize(
    ("again", "by"),
    [
        ({"name": "Другой Человек", "phones": ["+7 915 123 45 67"]}, "phone"),
        ({"name": "Лукин П", "emails": ["LUK@a.ru"]}, "email"),
        ({"last_name": "ЛУКИН", "first_name": "Пров"}, "name"),
        ({"last_name": "Лукин", "first_name": "Пров", "patronymic": "И."}, "name"),
    ],
)
def test_a_second_copy_is_proposed_and_added_only_all_the_same(ann: Actor, again: dict[str, Any], by: str) -> None:
    first = make.contact(ann, phones=["89151234567"], emails=["luk@a.ru"])
    with pytest.raises(RuleBroken, match="Лукин Пров") as refusal:
        perform(ann, add_contact, values=again)
    (reason,) = refusal.value.reasons
    assert (reason.field, reason.params["id"]) == (by, first.id)
    assert perform(ann, add_contact, values=again, force=True).id != first.id


@pytest.mark.parametrize("again", ["Лукин Пров Петрович", "Лукина Пелагея", "Пров"])
def test_a_namesake_is_another_person(ann: Actor, again: str) -> None:
    make.contact(ann)
    assert perform(ann, find_contact_duplicates, name=again) == []
    perform(ann, add_contact, values={"name": again})


def test_a_hint_gives_nothing_away_of_another_department(ann: Actor, bob: Actor, adam: Actor) -> None:
    make.contact(bob, phones=["+79151234567"])
    described = {"name": "Лукин Пров", "phones": ["+79151234567"]}
    told = perform(ann, find_contact_duplicates, **described)
    assert [(each.id, each.name, each.responsible, each.by) for each in told] == [(0, "", "Боб", "")]
    with pytest.raises(RuleBroken):
        perform(ann, add_contact, values=described)
    perform(ann, add_contact, values=described, force=True)
    assert len(perform(adam, find_contact_duplicates, **described)) == 2


def test_a_client_with_the_same_number_is_no_copy_of_a_contact(ann: Actor) -> None:
    cards.client(ann, "ООО «Вектор»", "company", phones=["+79151234567"])
    perform(ann, add_contact, values={"name": "Лукин Пров", "phones": ["+79151234567"]})


def test_fields_are_changed_and_told_of(ann: Actor) -> None:
    made = make.contact(ann, phones=["+79151234567"], city="Тула")
    changed = {"patronymic": "", "city": "Орёл", "phones": ["+79990000000"], "birthday": "1980-03-05"}
    perform(ann, change_contact, contact_id=made.id, values=changed, version=1)
    card = perform(ann, see_contact, contact_id=made.id)
    assert (card.name, card.city, card.phones, card.version) == ("Лукин Пров", "Орёл", ["+79990000000"], 2)
    (fact, _) = perform(ann, see_timeline, card="contact", card_id=made.id)
    assert fact.details["changes"] == {
        "phones": [["+79151234567"], ["+79990000000"]], "patronymic": ["Ильич", ""], "city": ["Тула", "Орёл"],
        "birthday": [None, "1980-03-05"],
    }  # fmt: skip
    with pytest.raises(RuleBroken):
        perform(ann, change_contact, contact_id=made.id, values={"city": "Тула"}, version=1)
    with pytest.raises(BadInput):
        perform(ann, change_contact, contact_id=made.id, values={"last_name": "", "first_name": ""})


def test_a_contact_goes_to_the_bin_and_comes_back(ann: Actor) -> None:
    made = make.contact(ann, phones=["+79151234567"])
    perform(ann, remove_contact, contact_id=made.id)
    assert perform(ann, list_contacts).rows == perform(ann, search_cards, words="лукин") == []
    with pytest.raises(NotFound):
        perform(ann, see_contact, contact_id=made.id)
    perform(ann, restore_contact, contact_id=made.id)
    assert [found.card for found in perform(ann, search_cards, words="9151234567")] == ["contact"]


def test_rights_are_by_scope(ann: Actor, bob: Actor, mary: Actor, olga: Actor, greg: Actor) -> None:
    made = make.contact(ann)
    for reader in (ann, olga, mary):
        assert perform(reader, see_contact, contact_id=made.id).name
    with pytest.raises(NotFound):
        perform(bob, see_contact, contact_id=made.id)
    for stranger, refusal in ((mary, Forbidden), (bob, NotFound), (greg, Forbidden), (NOBODY, NeedsLogin)):
        with pytest.raises(refusal):
            perform(stranger, change_contact, contact_id=made.id, values={"city": "Тула"})
        with pytest.raises(refusal):
            perform(stranger, remove_contact, contact_id=made.id)
    with pytest.raises(Forbidden):
        perform(mary, add_contact, values={"name": "Лукин Пров"})
    with pytest.raises(Forbidden):
        perform(ann, add_contact, values={"name": "Новый Человек", "responsible_id": bob.id})
    theirs = make.contact(olga, "Чужой Человек")
    with pytest.raises(Forbidden):
        perform(ann, change_contact, contact_id=theirs.id, values={"phones": ["+79151234567"]})
    with pytest.raises(Forbidden):
        perform(ann, remove_contact, contact_id=theirs.id)


def test_hidden_fields_are_blank_and_read_only_ones_stay(ann: Actor) -> None:
    made = make.contact(ann, phones=["+79151234567"], city="Тула")
    blind = replace(ann, hidden={"contact": frozenset({"phones", "phone"})})
    assert perform(blind, see_contact, contact_id=made.id).phones == []
    assert perform(blind, list_contacts).rows[0].phone == ""
    assert perform(blind, list_contacts, q="9151234567").rows == []
    locked = replace(ann, read_only={"contact": frozenset({"phones", "city"})})
    for values in ({"phones": ["+79990000000"]}, {"city": "Орёл"}):
        with pytest.raises(Forbidden):
            perform(locked, change_contact, contact_id=made.id, values=values)

"""Filters and groups of every list: kept, shared, counted, on cards and for many at once; what they may ask about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crm_app.cards.actions.bulk_changes import start_bulk
from crm_app.cards.actions.comments import add_comment
from crm_app.cards.actions.filters import place_filter, save_filter, sync_presets
from crm_app.cards.actions.groups import add_group, change_group, set_groups
from crm_app.cards.queries.filtering import AskableField, list_askable, preview_filter
from crm_app.cards.queries.shelf import count_filters, list_groups, see_shelf
from crm_app.clients.models import Client
from crm_app.contacts.queries import list_contacts
from crm_app.core.actor import NOBODY, SYSTEM, Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound
from crm_app.deals.actions.cards import create_deal
from crm_app.pipelines.actions.arranging import create_pipeline_from_preset
from tests import make as clients
from tests.cards.fields import field
from tests.contacts.make import contact
from tests.leads.make import lead, way

TULA: dict[str, Any] = {"all": [{"field": "city", "op": "eq", "value": "Тула"}]}
LISTS = ("client", "contact", "lead")


@pytest.fixture(autouse=True)
def pipeline(adam: Actor) -> None:
    way(adam)


def one(card: str, owner: Actor, name: str = "Лукин Пров", **values: Any) -> int:
    made: Any = {"client": clients.client, "contact": contact, "lead": lead}[card](owner, name, **values)
    return int(made.id)


@pytest.mark.parametrize("card", LISTS)
def test_filters_of_each_list_are_kept_shared_and_counted(ann: Actor, olga: Actor, bob: Actor, card: str) -> None:
    one(card, ann, city="Тула")
    one(card, ann, "Белова Анна", city="Орёл")
    kept = perform(olga, save_filter, card=card, name="Туляки", conditions=TULA)
    perform(olga, place_filter, filter_id=kept.id, shared=True)
    (seen,) = (each for each in perform(ann, see_shelf, card=card).filters if each.side == "shared")
    assert (seen.name, seen.words, seen.may_change) == ("Туляки", "Город: Тула", False)
    counts = perform(ann, count_filters, card=card, filter_ids=[kept.id], keys=["all", "mine", "star"])
    assert counts == {"all": 2, "mine": 2, "star": 0, str(kept.id): 1}
    mine = perform(bob, save_filter, card=card, name="Мои", conditions=TULA)
    with pytest.raises(Forbidden):
        perform(bob, place_filter, filter_id=mine.id, shared=True)


@pytest.mark.parametrize("card", LISTS)
def test_groups_of_each_list_are_filled_on_the_card_and_for_many(ann: Actor, olga: Actor, card: str) -> None:
    first, second = one(card, ann), one(card, ann, "Белова Анна")
    group = perform(ann, add_group, card=card, name="Выставка")
    perform(ann, set_groups, card=card, card_id=first, group_ids=[group.id])
    perform(ann, start_bulk, card=card, operation="group", ids=[first, second], arguments={"name": "Ярмарка"})
    told = {each.name: each.count for each in perform(ann, list_groups, card=card)}
    assert told == {"Выставка": 1, "Ярмарка": 2}
    assert [each.name for each in perform(ann, list_groups, card=card, card_id=second)] == ["Ярмарка"]
    where = {"all": [{"field": "group", "op": "has", "value": str(group.id)}]}
    assert perform(ann, preview_filter, card=card, conditions=where).count == 1
    with pytest.raises(Forbidden):
        perform(ann, change_group, group_id=group.id, shared=True)
    with pytest.raises(NotFound):
        perform(olga, set_groups, card=card, card_id=first, group_ids=[group.id])


def test_presets_of_contacts_are_given(adam: Actor) -> None:
    perform(SYSTEM, sync_presets)
    shelf = perform(adam, see_shelf, card="contact")
    names = [each.name for each in shelf.filters if each.side == "shared"]
    assert names == [
        "Новые за неделю", "Нигде не работают", "День рождения в этом месяце", "Без ответственного",
        "Есть открытая сделка",
    ]  # fmt: skip


def test_a_contact_has_the_deals_of_where_they_work(ann: Actor, adam: Actor) -> None:
    pipeline = perform(adam, create_pipeline_from_preset, preset="basic", locale="ru")
    firm: Client = clients.client(ann, "ООО «Вектор»", "company")
    there = contact(ann, at=firm)
    contact(ann, "Белова Анна")
    perform(ann, create_deal, values={"name": "Станки", "client_id": firm.id}, pipeline_id=pipeline.id)

    def found(field: str, op: str, value: Any) -> list[int]:
        where = {"field": field, "op": op, "value": value}
        return [row.id for row in perform(ann, list_contacts, where=where).rows]

    assert found("open_deal", "eq", True) == found("deal_created", "in", "today") == [there.id]
    assert found("deal_won", "in", "this_year") == []


# ---- what is asked while a filter is put together --------------------------------------------------------------------


def asked(actor: Actor, card: str = "client") -> dict[str, AskableField]:
    return {each.name: each for each in perform(actor, list_askable, card=card)}


@pytest.mark.parametrize("card", LISTS)
def test_every_field_is_offered_with_what_there_is_to_choose_from(ann: Actor, card: str) -> None:
    field("choice", "size", card=card)
    perform(ann, add_group, card=card, name="Выставка")
    told = asked(ann, card)
    assert (told["responsible_id"].options or [])[0] == ("me", "Я")
    assert [name for _, name in told["group"].options or []] == ["Выставка"]
    assert (told["fields.size"].label_key, told["created_at"].label_key) == ("", f"field.{card}.created_at")
    assert told["fields.size"].options and told["commented"].kind == "happening"


def test_a_hidden_field_is_not_offered(ann: Actor) -> None:
    blind = replace(ann, hidden={"client": frozenset({"revenue"})})
    assert "revenue" in asked(ann) and "revenue" not in asked(blind)
    with pytest.raises(BadInput):
        perform(blind, preview_filter, card="client", conditions={"field": "revenue", "op": "gt", "value": 1})


def test_a_preview_says_what_is_asked_and_counts_it_for_the_reader(ann: Actor, bob: Actor) -> None:
    mine = one("client", ann, city="Тула")
    one("client", ann, "Другой", city="Тула")
    perform(ann, add_comment, card="client", card_id=mine, body="Звонил")
    never = {"field": "commented", "op": "ne", "value": "last_30_days"}
    where = {"all": [*TULA["all"], {"none": [never, {"field": "star", "op": "eq", "value": True}]}]}
    told = perform(ann, preview_filter, card="client", conditions=where)
    assert told.count == 1
    assert told.words == "Город: Тула и не (Комментарий: не было за последние 30 дней или Избранные)"
    assert perform(bob, preview_filter, card="client", conditions=where).count == 0


def test_who_does_not_see_a_list_is_told_nothing_of_it(ann: Actor) -> None:
    greg = clients.guest(ann)
    for stranger, refusal in ((greg, Forbidden), (NOBODY, NeedsLogin)):
        with pytest.raises(refusal):
            perform(stranger, list_askable, card="client")
        with pytest.raises(refusal):
            perform(stranger, preview_filter, card="client", conditions={})
    with pytest.raises(NotFound):
        perform(ann, preview_filter, card="spaceship", conditions={})

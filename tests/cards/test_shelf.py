"""Saved filters and groups: one's own, everyone's, and what each leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from wrapt import ObjectProxy

from crm_app.cards.actions.filters import (
    change_filter,
    place_filter,
    remove_filter,
    restore_filter,
    save_filter,
    sync_presets,
)
from crm_app.cards.actions.groups import add_group, change_group, remove_group, restore_group, set_groups
from crm_app.cards.queries.every_card import see_timeline
from crm_app.cards.queries.filtering import list_askable
from crm_app.cards.queries.shelf import Shelf, count_filters, list_groups, see_shelf
from crm_app.clients.queries import count_clients, list_clients
from crm_app.core.actor import NOBODY, SYSTEM, Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, CrmError, Forbidden, NeedsLogin, NotFound, RuleBroken
from tests import make

REGULAR: dict[str, Any] = {"all": [{"field": "status", "op": "eq", "value": "regular"}]}
UNKNOWN: dict[str, Any] = {"all": [{"field": "shoe_size", "op": "eq", "value": 1}]}


def names(actor: Actor, side: str) -> list[str]:
    shelf: Shelf = perform(actor, see_shelf, card="client")
    return [each.name for each in shelf.filters if each.side == side]


def keep(actor: Actor, name: str) -> int:
    return perform(actor, save_filter, card="client", name=name, conditions=REGULAR).id or 0


def test_ones_own_filter_is_kept_and_seen_by_nobody_else(ann: Actor, olga: Actor, adam: Actor) -> None:
    keep(ann, "  Постоянные   клиенты ")
    assert names(ann, "own") == ["Постоянные клиенты"]
    assert names(olga, "own") == names(adam, "own") == names(adam, "shared") == []
    (own,) = (each for each in perform(ann, see_shelf, card="client").filters if each.side == "own")
    assert (own.conditions, own.words, own.may_change) == (REGULAR, "Статус: Постоянный", True)


def test_conditions_may_come_as_a_screen_holds_them(ann: Actor) -> None:
    held = {"all": ObjectProxy([ObjectProxy(part) for part in REGULAR["all"]])}
    perform(ann, save_filter, card="client", name="Свои", conditions=held)
    (own,) = (each for each in perform(ann, see_shelf, card="client").filters if each.side == "own")
    assert own.conditions == REGULAR


@pytest.mark.parametrize(
    ("name", "conditions"), [("", REGULAR), ("x" * 81, REGULAR), ("Обувь", UNKNOWN), ("Узел", {"all": 1})]
)
def test_a_filter_that_can_not_be_asked_or_called_is_refused(ann: Actor, name: str, conditions: Any) -> None:
    with pytest.raises(BadInput):
        perform(ann, save_filter, card="client", name=name, conditions=conditions)
    assert names(ann, "own") == []


def test_a_shelf_has_an_end(ann: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm_app.cards.rules.MOST_ON_A_SHELF", 1)
    keep(ann, "Раз")
    with pytest.raises(RuleBroken):
        keep(ann, "Два")


def test_who_does_not_see_the_list_keeps_no_filters_of_it(ann: Actor) -> None:
    greg = make.guest(ann)
    for stranger, refusal in ((greg, Forbidden), (NOBODY, NeedsLogin)):
        with pytest.raises(refusal):
            perform(stranger, save_filter, card="client", name="Все", conditions=REGULAR)
        with pytest.raises(refusal):
            perform(stranger, see_shelf, card="client")
    with pytest.raises(NotFound):
        perform(ann, see_shelf, card="spaceship")


def test_a_filter_over_the_line_is_everyones(ann: Actor, olga: Actor, bob: Actor) -> None:
    first, second = keep(olga, "Первый"), keep(olga, "Второй")
    perform(olga, place_filter, filter_id=first, shared=True)
    perform(olga, place_filter, filter_id=second, shared=True, before_id=first)
    assert names(bob, "shared") == ["Второй", "Первый"]
    perform(olga, place_filter, filter_id=second, shared=True)
    assert names(bob, "shared") == ["Первый", "Второй"]
    perform(olga, place_filter, filter_id=first, shared=False)
    assert (names(bob, "shared"), names(olga, "own")) == (["Второй"], ["Первый"])


def test_a_manager_may_neither_share_nor_touch_what_is_everyones(ann: Actor, olga: Actor) -> None:
    own, shared = keep(ann, "Моё"), keep(olga, "Общее")
    perform(olga, place_filter, filter_id=shared, shared=True)
    with pytest.raises(Forbidden):
        perform(ann, place_filter, filter_id=own, shared=True)
    attempts: list[tuple[Any, dict[str, Any]]] = [
        (change_filter, {"name": "Ха"}), (remove_filter, {}), (place_filter, {"shared": False}),
    ]  # fmt: skip
    for attempt, arguments in attempts:
        with pytest.raises(Forbidden):
            perform(ann, attempt, filter_id=shared, **arguments)
    assert names(ann, "shared") == ["Общее"]


def test_everyones_filter_over_what_is_kept_from_a_reader_is_shown_to_who_may_change_it(
    olga: Actor, bob: Actor
) -> None:
    large = {"all": [{"field": "revenue", "op": "gt", "value": 100000}]}
    saved = perform(olga, save_filter, card="client", name="Крупные", conditions=large)
    perform(olga, place_filter, filter_id=saved.id or 0, shared=True)
    kept_from = {"hidden": {"client": frozenset({"revenue"})}}
    assert names(bob, "shared") == ["Крупные"]
    assert names(replace(bob, **kept_from), "shared") == []
    (seen,) = (each for each in perform(replace(olga, **kept_from), see_shelf, card="client").filters if each.id)
    assert (seen.may_change, seen.can_be_asked) == (True, False)


def test_ones_own_filter_stays_when_its_field_is_hidden(bob: Actor) -> None:
    large = {"all": [{"field": "revenue", "op": "gt", "value": 100000}]}
    perform(bob, save_filter, card="client", name="Крупные", conditions=large)
    assert names(replace(bob, hidden={"client": frozenset({"revenue"})}), "own") == ["Крупные"]


def test_who_sees_no_deals_is_not_told_who_has_none(adam: Actor, mary: Actor) -> None:
    perform(SYSTEM, sync_presets)
    assert not mary.may("deal.see")
    assert "Нет открытой сделки" in names(adam, "shared")
    assert not {"Есть открытая сделка", "Нет открытой сделки"} & {*names(mary, "shared")}
    assert "open_deal" not in {each.name for each in perform(mary, list_askable, card="client")}
    for field in ("open_deal", "deal_won"):
        with pytest.raises(BadInput, match=field):
            perform(mary, count_clients, where={"all": [{"field": field, "op": "ne", "value": True}]})


def test_a_filter_is_renamed_changed_removed_and_brought_back(ann: Actor, bob: Actor) -> None:
    filter_id = keep(ann, "Раз")
    perform(ann, change_filter, filter_id=filter_id, name="Два", conditions={})
    assert names(ann, "own") == ["Два"]
    for stranger in (bob,):
        with pytest.raises(NotFound):
            perform(stranger, remove_filter, filter_id=filter_id)
    perform(ann, remove_filter, filter_id=filter_id)
    assert names(ann, "own") == []
    perform(ann, restore_filter, filter_id=filter_id)
    assert names(ann, "own") == ["Два"]


def test_presets_are_given_once_and_a_removed_one_stays_away(adam: Actor) -> None:
    perform(SYSTEM, sync_presets)
    given = names(adam, "shared")
    assert {"Есть открытая сделка", "Без ответственного"} <= set(given)
    (first, *_) = (each for each in perform(adam, see_shelf, card="client").filters if each.side == "shared")
    perform(adam, remove_filter, filter_id=first.id)
    perform(SYSTEM, sync_presets)
    assert names(adam, "shared") == given[1:]


def test_what_filters_leave_is_counted_for_the_reader(ann: Actor, bob: Actor) -> None:
    regular = make.client(ann, "Раз", status="regular")
    make.client(ann, "Два")
    filter_id = keep(ann, "Постоянные")
    counts = perform(ann, count_filters, card="client", filter_ids=[filter_id], keys=["all", "mine", "star"])
    assert counts == {"all": 2, "mine": 2, "star": 0, str(filter_id): 1}
    assert regular.id
    foreign = perform(bob, count_filters, card="client", filter_ids=[filter_id], keys=["all"])
    assert foreign == {"all": 0}


def test_a_count_has_an_end(ann: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm_app.cards.queries.shelf.COUNTED", 1)
    for name in ("Раз", "Два", "Три"):
        make.client(ann, name)
    assert perform(ann, count_filters, card="client", filter_ids=[], keys=["all"]) == {"all": 2}


# ---- groups ---------------------------------------------------------------------------------------------------------


def group(actor: Actor, name: str = "Выставка") -> int:
    return perform(actor, add_group, card="client", name=name).id or 0


def in_group(actor: Actor, group_id: int, op: str = "has") -> list[str]:
    where = {"field": "group", "op": op, "value": str(group_id)}
    assert perform(actor, count_clients, where=where) == len(perform(actor, list_clients, where=where).rows)
    return [row.name for row in perform(actor, list_clients, where=where).rows]


def test_a_card_is_in_many_groups_and_lists_are_filtered_by_them(ann: Actor) -> None:
    one, _two = make.client(ann, "Раз"), make.client(ann, "Два")
    fair, gifts = group(ann), group(ann, "Подарки")
    perform(ann, set_groups, card="client", card_id=one.id, group_ids=[fair, gifts])
    assert in_group(ann, fair) == in_group(ann, gifts) == ["Раз"]
    assert in_group(ann, fair, "ne") == ["Два"]
    assert [(g.name, g.count) for g in perform(ann, list_groups, card="client")] == [("Выставка", 1), ("Подарки", 1)]
    perform(ann, set_groups, card="client", card_id=one.id, group_ids=[gifts])
    assert [g.name for g in perform(ann, list_groups, card="client", card_id=one.id)] == ["Подарки"]


def test_the_groups_of_a_card_that_one_does_not_see_are_not_told(ann: Actor, bob: Actor) -> None:
    for stranger, card_id in ((bob, make.client(ann).id), (ann, 987_654)):
        with pytest.raises(NotFound):
            perform(stranger, list_groups, card="client", card_id=card_id)


def test_a_group_of_a_name_exists_once(ann: Actor) -> None:
    assert group(ann, "Выставка") == group(ann, " выставка ")
    with pytest.raises(BadInput):
        group(ann, " ")


def test_another_ones_group_does_not_exist(ann: Actor, olga: Actor) -> None:
    client, fair = make.client(ann), group(olga)
    attempts: list[tuple[Any, dict[str, Any]]] = [
        (set_groups, {"card": "client", "card_id": client.id, "group_ids": [fair]}),
        (change_group, {"group_id": fair, "name": "Ха"}),
        (remove_group, {"group_id": fair}),
    ]
    for attempt, arguments in attempts:
        with pytest.raises(NotFound):
            perform(ann, attempt, **arguments)
    assert in_group(ann, fair) == []


def test_a_shared_group_shows_each_their_own_cards_and_tells_the_timeline(ann: Actor, olga: Actor, bob: Actor) -> None:
    hers, his, fair = make.client(ann, "Её"), make.client(bob, "Его"), group(olga)
    perform(olga, change_group, group_id=fair, shared=True)
    perform(ann, set_groups, card="client", card_id=hers.id, group_ids=[fair])
    perform(bob, set_groups, card="client", card_id=his.id, group_ids=[fair])
    assert (in_group(ann, fair), in_group(bob, fair)) == (["Её"], ["Его"])
    assert perform(ann, see_timeline, card="client", card_id=hers.id)[0].details["added"] == ["Выставка"]
    for attempt in (lambda: perform(ann, change_group, group_id=fair, name="Ха"),
                    lambda: perform(ann, set_groups, card="client", card_id=his.id, group_ids=[])):  # fmt: skip
        with pytest.raises((Forbidden, NotFound)):
            attempt()


def test_who_may_not_share_can_not_share_a_group(ann: Actor) -> None:
    fair = group(ann)
    with pytest.raises(Forbidden):
        perform(ann, change_group, group_id=fair, shared=True)


def test_a_removed_group_comes_back_with_its_cards(ann: Actor) -> None:
    client, fair = make.client(ann, "Раз"), group(ann)
    perform(ann, set_groups, card="client", card_id=client.id, group_ids=[fair])
    perform(ann, remove_group, group_id=fair)
    assert (in_group(ann, fair), perform(ann, list_groups, card="client")) == ([], [])
    perform(ann, restore_group, group_id=fair)
    assert in_group(ann, fair) == ["Раз"]


def test_no_guest_reaches_groups(ann: Actor) -> None:
    greg, fair = make.guest(ann), group(ann)
    for attempt, arguments in ((add_group, {"card": "client", "name": "Ха"}), (remove_group, {"group_id": fair})):
        with pytest.raises(CrmError):
            perform(greg, attempt, **arguments)

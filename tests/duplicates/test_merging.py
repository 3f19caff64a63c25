"""Two cards made one: who may, what is refused, whose values are taken, and what answers for the old id."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel

from crm_app import features
from crm_app.access.models import Guest
from crm_app.cards.actions.bulk_changes import start_bulk
from crm_app.cards.kinds import KINDS
from crm_app.cards.models import CardMerge
from crm_app.cards.queries.every_card import see_timeline
from crm_app.cards.queries.merged import find_merged
from crm_app.clients.actions.cards import change_client, remove_client, restore_client
from crm_app.clients.queries import find_duplicates, see_client
from crm_app.core import clock
from crm_app.core.actor import Actor
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, CrmError, Forbidden, NotFound, RuleBroken
from crm_app.duplicates.actions.splitting import split_cards
from crm_app.duplicates.kinds import MERGEABLE
from crm_app.duplicates.queries import compare_cards, list_merges
from crm_app.duplicates.ties import told_of
from crm_app.portal.actions.access import revoke_guest
from tests import make as cards
from tests import people
from tests.cards.fields import field
from tests.duplicates import make
from tests.work import work_off


@pytest.fixture
def two(ann: Actor) -> tuple[int, int]:
    """Two cards of one company, as two people have typed it."""
    one = cards.client(ann, "ООО «Вектор»", "company", phones=["+79120000001"], city="Тула", inn="7707083893")
    other = cards.client(ann, "Вектор", "company", phones=["8 912 000-00-02"], city="Орёл", note="Важный")
    return one.id or 0, other.id or 0


def test_fields_are_taken_as_proposed_or_as_chosen(ann: Actor, two: tuple[int, int]) -> None:
    proposed = {
        f.name: f.side for f in perform(ann, compare_cards, card="client", kept_id=two[0], absorbed_id=two[1]).fields
    }
    assert proposed["city"] == "kept" and proposed["note"] == "absorbed" and proposed["phones"] == "both"
    make.merge(ann, *two, choices={"city": "absorbed", "phones": "kept"})
    card = perform(ann, see_client, client_id=two[0])
    assert (card.name, card.city, card.note, card.phones) == ("ООО «Вектор»", "Орёл", "Важный", ["+79120000001"])
    merged, left = perform(ann, see_timeline, card="client", card_id=two[0])[1::-1]
    assert (merged.name, left.name) == ("CardsMerged", "ValuesLeft") and merged.details["name"] == "Вектор"
    assert merged.details["changes"] == {"city": ["Тула", "Орёл"], "note": ["", "Важный"]}
    assert left.details["changes"]["phones"] == [["+79120000002"], ["+79120000001"]]


@pytest.mark.parametrize(
    "choices", [{"city": "both"}, {"nonsense": "kept"}, {"city": "neither"}, {"name": "absorbed", "phones": "all"}]
)
def test_a_choice_that_cannot_be_is_refused(ann: Actor, two: tuple[int, int], choices: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        make.merge(ann, *two, choices=choices)
    assert perform(ann, see_client, client_id=two[1]).city == "Орёл"


def test_who_may_not_change_and_delete_both_may_not_merge_them(
    ann: Actor, bob: Actor, mary: Actor, olga: Actor, greg: Actor, two: tuple[int, int]
) -> None:
    hers = cards.client(olga, "Вектор").id or 0
    for actor, pair, error in (
        (bob, two, NotFound), (mary, two, Forbidden), (greg, two, Forbidden), (ann, (two[0], hers), Forbidden),
        (ann, (hers, two[0]), Forbidden), (people.NOBODY, two, CrmError),
    ):  # fmt: skip
        with pytest.raises(error):
            make.merge(actor, *pair)
    assert make.merge(olga, two[0], hers).kept_id == two[0]


def test_the_old_id_answers_with_the_card_that_stands_today(ann: Actor, bob: Actor, two: tuple[int, int]) -> None:
    third = cards.client(ann, "Вектор").id or 0
    make.merge(ann, *two)
    later = make.merge(ann, third, two[0])
    assert [perform(ann, find_merged, card="client", card_id=each) for each in two] == [third, third]
    assert perform(bob, find_merged, card="client", card_id=two[1]) == 0
    assert perform(ann, find_merged, card="client", card_id=third) == 0
    perform(ann, split_cards, merge_id=later.id)
    assert perform(ann, find_merged, card="client", card_id=two[1]) == two[0]


def test_a_merged_card_is_no_longer_found_nor_taken_out_of_the_bin(ann: Actor, two: tuple[int, int]) -> None:
    make.merge(ann, *two)
    with pytest.raises(RuleBroken):
        perform(ann, restore_client, client_id=two[1])
    assert perform(ann, start_bulk, card="client", operation="restore", ids=[two[1]]).counts == {"gone": 1}
    assert [each.id for each in perform(ann, find_duplicates, phones=["+79120000002"])] == [two[0]]
    with pytest.raises(RuleBroken, match="Вектор"):
        make.merge(ann, *two)


def test_a_merge_that_somebody_else_has_overtaken_is_refused(ann: Actor, two: tuple[int, int]) -> None:
    versions = perform(ann, compare_cards, card="client", kept_id=two[0], absorbed_id=two[1]).versions
    perform(ann, change_client, client_id=two[1], values={"city": "Омск"})
    with pytest.raises(RuleBroken):
        make.merge(ann, *two, versions=versions)


def test_of_two_who_merge_at_once_one_is_told_that_it_is_done(
    database: Database, ann: Actor, olga: Actor, two: tuple[int, int]
) -> None:
    def tried(actor: Actor, pair: tuple[int, int]) -> str:
        try:
            return "merged" if make.merge(actor, *pair) else ""
        except RuleBroken as error:
            return error.key

    with ThreadPoolExecutor(2) as threads:
        outcomes = list(threads.map(tried, (ann, olga), (two, two[::-1])))
    assert sorted(outcomes) == ["duplicates.error.merged_already", "merged"]


def test_a_split_is_refused_in_clear_words(ann: Actor, olga: Actor, mary: Actor, two: tuple[int, int]) -> None:
    third = cards.client(ann, "Вектор").id or 0
    first, second = make.merge(ann, *two), make.merge(ann, two[0], third)
    assert [row.may_split for row in perform(ann, list_merges, card="client", card_id=two[0])] == [True, False]
    refused(ann, first, "duplicates.error.later_first")
    refused(mary, second, "duplicates.error.not_yours")
    perform(ann, split_cards, merge_id=second.id)
    refused(ann, second, "duplicates.error.split_already")
    perform(ann, remove_client, client_id=two[0])
    refused(ann, first, "duplicates.error.kept_in_bin")
    perform(ann, restore_client, client_id=two[0])
    outer = make.merge(ann, third, two[0])
    refused(ann, first, "duplicates.error.later_first")
    perform(ann, split_cards, merge_id=outer.id)
    perform(ann, split_cards, merge_id=first.id)


def test_a_stranger_to_the_card_does_not_learn_of_the_merge(bob: Actor, ann: Actor, two: tuple[int, int]) -> None:
    merge = make.merge(ann, *two)
    with pytest.raises(NotFound):
        perform(bob, split_cards, merge_id=merge.id)


def test_after_thirty_days_the_worker_forgets_and_the_old_id_still_answers(
    ann: Actor, two: tuple[int, int], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge = make.merge(ann, *two)
    later = clock.now() + timedelta(days=30, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    refused(ann, merge, "duplicates.error.too_late")
    work_off()
    with database.session(writes=False) as session:
        assert session.get(CardMerge, merge.id).snapshot is None
    assert perform(ann, find_merged, card="client", card_id=two[1]) == two[0]


def refused(actor: Actor, merge: CardMerge, key: str) -> None:
    with pytest.raises(CrmError) as caught:
        perform(actor, split_cards, merge_id=merge.id)
    assert caught.value.key == key


# ---- guests, hidden fields, references -------------------------------------------------------------------------------


def test_a_guests_access_goes_along_and_comes_back(database: Database, ann: Actor) -> None:
    one = cards.client(ann, "Грег Иванов").id or 0
    greg = cards.guest(ann)
    place = _guests_card(database, greg)
    merge = make.merge(ann, one, place)
    assert _guests_card(database, greg) == one
    perform(ann, split_cards, merge_id=merge.id)
    assert _guests_card(database, greg) == place


def test_a_living_access_takes_the_place_of_a_revoked_one_and_two_living_ones_are_refused(
    database: Database, ann: Actor
) -> None:
    greg, gwen = cards.guest(ann), cards.guest(ann, "Гвен Иванова", "gwen@client.example")
    one, other = (_guests_card(database, guest) for guest in (greg, gwen))
    with pytest.raises(RuleBroken, match="доступ"):
        make.merge(ann, one, other)
    perform(ann, revoke_guest, card_id=one)
    merge = make.merge(ann, one, other)
    assert (_guests_card(database, gwen), _guests_card(database, greg)) == (one, other)
    perform(ann, split_cards, merge_id=merge.id)
    assert (_guests_card(database, greg), _guests_card(database, gwen)) == (one, other)


def test_a_company_gets_no_guests_access_by_a_merge(ann: Actor, database: Database, two: tuple[int, int]) -> None:
    card = _guests_card(database, cards.guest(ann))
    with pytest.raises(RuleBroken):
        make.merge(ann, two[0], card)
    assert make.merge(ann, two[0], card, choices={"kind": "absorbed"}).id


def _guests_card(database: Database, guest: Actor) -> int:
    with database.session(writes=False) as session:
        return int(session.get(Guest, guest.id).card_id)


def test_what_one_may_not_change_takes_what_is_proposed(ann: Actor, two: tuple[int, int]) -> None:
    limited = replace(ann, hidden={"client": frozenset({"note"})}, read_only={"client": frozenset({"city"})})
    seen = perform(limited, compare_cards, card="client", kept_id=two[0], absorbed_id=two[1])
    assert "note" not in {each.name for each in seen.fields}
    with pytest.raises(Forbidden):
        make.merge(limited, *two, choices={"city": "absorbed"})
    make.merge(limited, *two)
    card = perform(ann, see_client, client_id=two[0])
    assert (card.note, card.city) == ("Важный", "Тула")
    told = perform(limited, see_timeline, card="client", card_id=two[0])
    assert not any("note" in (row.details.get("changes") or {}) for row in told)


def test_custom_fields_of_other_cards_name_the_card_that_stays(ann: Actor, two: tuple[int, int]) -> None:
    field("client", "Партнёр")
    third = cards.client(ann, "Марс", fields={"partner": two[1]}).id
    merge = make.merge(ann, *two)
    assert perform(ann, see_client, client_id=third).fields == {"partner": two[0]}
    perform(ann, split_cards, merge_id=merge.id)
    assert perform(ann, see_client, client_id=third).fields == {"partner": two[1]}


# ---- what belongs to a card ------------------------------------------------------------------------------------------


def test_every_column_that_names_a_card_says_what_a_merge_does_with_it() -> None:
    features.load()
    tables = {KINDS[card].model.__tablename__ for card in MERGEABLE}
    names = {"card_id", *(f"{card}_id" for card in MERGEABLE)}
    naming = {
        (mapper.class_, column.key)
        for mapper in SQLModel._sa_registry.mappers
        if mapper.class_.__module__.startswith("crm_app.")
        for column in mapper.columns
        if column.key in names or {key.column.table.name for key in column.foreign_keys} & tables
    }
    untold = naming - told_of()
    assert {f"{model.__name__}.{column}" for model, column in untold} == set(), "see duplicates/ties.py"


def test_a_merge_of_cards_as_they_were_seen_is_done(ann: Actor, two: tuple[int, int]) -> None:
    versions = perform(ann, compare_cards, card="client", kept_id=two[0], absorbed_id=two[1]).versions
    assert make.merge(ann, *two, versions=versions, choices={"city": "absorbed"}).id

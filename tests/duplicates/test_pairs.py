"""Pairs that may be one card: looked for by the worker among what has changed, judged by people, remembered."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, tuple_

from crm_app.cards.kinds import KINDS
from crm_app.clients.actions.cards import change_client
from crm_app.core import clock
from crm_app.core.actor import LOGGED_IN, Actor
from crm_app.core.db import Database
from crm_app.core.door import Tx, perform, query
from crm_app.core.errors import Forbidden, NotFound
from crm_app.duplicates.actions.pairs import judge_pair, look_for_pairs
from crm_app.duplicates.actions.splitting import split_cards
from crm_app.duplicates.kinds import need_mergeable
from crm_app.duplicates.queries import PairRow, list_pairs
from tests import make as cards
from tests.contacts.make import contact
from tests.duplicates import make
from tests.plans import plan_of, statements_of
from tests.work import work_off


def look(actor: Actor, card: str = "client") -> list[PairRow]:
    """What is known after the worker has looked."""
    perform(actor, look_for_pairs, card=card)
    work_off()
    return perform(actor, list_pairs, card=card)


def test_pairs_are_found_the_surest_first_and_only_what_is_one(ann: Actor) -> None:
    one = cards.client(ann, "ООО «Вектор»", "company", phones=["+79120000001"])
    cards.client(ann, "Марс", "company", phones=["8 912 000-00-01"])
    cards.client(ann, "Вектор", "company")
    cards.client(ann, "Сатурн", "company", inn="7707083893")
    cards.client(ann, "Saturn", "company", inn="7707083893")
    cards.client(ann, "Другой", "company", inn="500100732259")
    found = look(ann)
    assert [(row.one, row.other, row.by) for row in found] == [
        ("Сатурн", "Saturn", "inn"), ("ООО «Вектор»", "Марс", "phone"), ("ООО «Вектор»", "Вектор", "name"),
    ]  # fmt: skip
    assert found[1].one_id == one.id and found[1].responsible == "Анна"
    after = (1, found[1].id)
    assert [row.by for row in perform(ann, list_pairs, card="client", after=after)] == ["name"]


def test_what_two_cards_have_in_a_hidden_field_is_not_told(ann: Actor) -> None:
    cards.client(ann, "Вектор", "company", phones=["+79120000001"])
    cards.client(ann, "Марс", "company", phones=["+79120000001"])
    cards.client(ann, "Сатурн", "company")
    cards.client(ann, "ООО «Сатурн»", "company")
    assert [row.by for row in look(ann)] == ["phone", "name"]
    limited = replace(ann, hidden={"client": frozenset({"phones"})})
    assert [row.by for row in perform(limited, list_pairs, card="client")] == ["name"]


def test_what_was_changed_since_is_looked_at_again(ann: Actor) -> None:
    cards.client(ann, "Вектор", "company", phones=["+79120000001"])
    other = cards.client(ann, "Марс", "company")
    assert look(ann) == []
    perform(ann, change_client, client_id=other.id, values={"phones": ["+79120000001"]})
    assert len(look(ann)) == 1 and len(look(ann)) == 1


def test_a_pair_that_was_told_apart_is_remembered_and_can_be_taken_back(ann: Actor, mary: Actor, bob: Actor) -> None:
    for name in ("Вектор", "Вектор"):
        cards.client(ann, name, "company", phones=["+79120000001"])
    (pair,) = look(ann)
    with pytest.raises(Forbidden):
        perform(mary, judge_pair, pair_id=pair.id)
    with pytest.raises(NotFound):
        perform(bob, judge_pair, pair_id=pair.id)
    perform(ann, judge_pair, pair_id=pair.id)
    assert look(ann) == []
    perform(ann, judge_pair, pair_id=pair.id, is_different=False)
    assert len(look(ann)) == 1


def test_a_pair_of_cards_of_which_one_is_hidden_is_not_shown(ann: Actor, bob: Actor, olga: Actor, mary: Actor) -> None:
    cards.client(ann, "Вектор", "company", phones=["+79120000001"])
    cards.client(bob, "Вектор", "company", phones=["+79120000001"])
    assert len(look(mary)) == 1
    assert [perform(each, list_pairs, card="client") for each in (ann, bob, olga)] == [[], [], []]


def test_merged_pairs_go_and_those_that_were_split_are_told_apart(ann: Actor) -> None:
    one, other = (cards.client(ann, "Вектор", "company", phones=["+79120000001"]).id or 0 for _ in range(2))
    assert len(look(ann)) == 1
    merge = make.merge(ann, one, other)
    assert look(ann) == []
    perform(ann, split_cards, merge_id=merge.id)
    assert look(ann) == []


def test_contacts_of_one_name_with_other_patronymics_are_no_pair(ann: Actor) -> None:
    for name in ("Лукин Пров Ильич", "Пров Лукин", "Лукин Пров Петрович"):
        contact(ann, name)
    assert len(look(ann, "contact")) == 2


@query(LOGGED_IN)
def look_among(tx: Tx, card: str, ids: list[int]) -> int:
    """What the worker asks for some changed cards."""
    model: Any = KINDS[card].model
    since = select(model.id).where(tuple_(model.updated_at, model.id) > tuple_(clock.now() - timedelta(days=1), 0))
    tx.all(since.order_by(model.updated_at, model.id).limit(2))
    return len(need_mergeable(card).find(tx, ids))


@pytest.mark.parametrize("card", ["client", "contact"])
def test_the_worker_looks_for_pairs_by_indexes(database: Database, adam: Actor, card: str) -> None:
    make_one: Any = {"client": cards.client, "contact": contact}[card]
    made = [make_one(adam, "Лукин Пров", phones=["+79120000001"], emails=["a@b.ru"]).id or 0 for _ in range(40)]
    database.study()
    heard = statements_of(database, lambda: perform(adam, look_among, card=card, ids=made[:2]))
    asked = [one for one in heard if re.search(rf"FROM ({card}|card_phone|card_email)\b", one)]
    assert len(asked) >= 4
    rows = re.compile(r"^SCAN (client|contact|card_phone|card_email)(_\d)?$|Seq Scan on (?!unnest)", re.MULTILINE)
    assert [plan for one in asked if rows.search(plan := plan_of(database, one))] == []


def test_pairs_are_asked_for_by_indexes(database: Database, ann: Actor, mary: Actor) -> None:
    cards.client(ann, "Вектор", "company", phones=["+79120000001"])
    heard = statements_of(database, lambda: perform(mary, list_pairs, card="client"))
    (asked,) = [statement for statement in heard if "card_pair" in statement]
    assert "ix_card_pair_open" in plan_of(database, asked)

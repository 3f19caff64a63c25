"""Links between cards: made, shown in the words of both directions, removed, unknown to who sees but one of the two."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from crm_app.cards import link_rules
from crm_app.cards.actions.link_kinds import add_link_kind, change_link_kind, remove_link_kind, restore_link_kind
from crm_app.cards.actions.links import link_cards, unlink_cards
from crm_app.cards.models import CardLink
from crm_app.cards.queries.every_card import list_facts, see_timeline
from crm_app.cards.queries.links import Links, find_linkable, list_link_kinds, list_links
from crm_app.clients.actions.cards import remove_client, restore_client
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound, RuleBroken
from crm_app.duplicates.actions.merging import merge_cards
from crm_app.duplicates.actions.splitting import split_cards
from crm_app.leads.actions.converting import convert_lead
from crm_app.leads.actions.unconverting import undo_conversion
from crm_app.leads.drafts import DealPart
from tests import make
from tests.cards.test_emptying import empty, pass_days
from tests.contacts.make import contact
from tests.deals import make as deals
from tests.leads import make as leads

BRANCH = {"forth_ru": "филиал", "back_ru": "головная компания"}


def link(actor: Actor, one: tuple[str, Any], other: tuple[str, Any], **says: Any) -> int:
    made = perform(actor, link_cards, card=one[0], card_id=one[1], other=other[0], other_id=other[1], **says)
    assert made.id
    return int(made.id)


def links(actor: Actor, card: str, card_id: Any) -> list[tuple[str, str]]:
    told: Links = perform(actor, list_links, card=card, card_id=card_id)
    return [(row.title, row.word) for row in told.rows]


def names(actor: Actor, card: str, card_id: Any) -> list[str]:
    return [row.name for row in perform(actor, see_timeline, card=card, card_id=card_id)]


def branch(adam: Actor) -> int:
    return int(perform(adam, add_link_kind, words=BRANCH).id)


def test_a_link_is_read_from_both_cards_each_in_its_own_words(adam: Actor, ann: Actor) -> None:
    head, part = make.client(ann, "Головная"), make.client(ann, "Филиал")
    kind_id = branch(adam)
    link(ann, ("client", head.id), ("client", part.id), kind_id=kind_id, note="с 2019 года")
    assert links(ann, "client", head.id) == [("Филиал", "филиал")]
    assert links(ann, "client", part.id) == [("Головная", "головная компания")]
    assert perform(ann, list_links, card="client", card_id=part.id).rows[0].note == "с 2019 года"
    other = make.client(ann, "Другая")
    link(ann, ("client", other.id), ("client", head.id), kind_id=kind_id, is_back=True)
    assert links(ann, "client", other.id) == [("Головная", "головная компания")]


def test_cards_of_every_such_kind_are_linked(ann: Actor, adam: Actor) -> None:
    one = make.client(ann)
    lead, deal = leads.lead(ann, "Запрос", leads.way(adam).id), deals.deal(ann, deals.pipeline(), name="Сделка")
    person = contact(ann, "Человек")
    for other in (("lead", lead.id), ("deal", deal.id), ("contact", person.id)):
        link(ann, other, ("client", one.id))
        assert len(links(ann, *other)) == 1
    assert len(links(ann, "client", one.id)) == 3


def test_both_timelines_tell_of_it_and_name_the_cards(ann: Actor) -> None:
    one, other = make.client(ann, "Одна"), make.client(ann, "Другая")
    link_id = link(ann, ("client", one.id), ("client", other.id))
    perform(ann, unlink_cards, card="client", card_id=other.id, link_id=link_id)
    for card_id in (one.id, other.id):
        assert names(ann, "client", card_id)[:2] == ["CardsUnlinked", "CardsLinked"]
    told = perform(ann, see_timeline, card="client", card_id=other.id)[1].details
    assert (told["one"], told["other"]) == ("Одна", "Другая")
    assert links(ann, "client", one.id) == []


def test_a_double_a_mutual_and_a_link_with_itself_are_refused(adam: Actor, ann: Actor) -> None:
    one, other = make.client(ann), make.client(ann)
    kind_id = branch(adam)
    link(ann, ("client", one.id), ("client", other.id), kind_id=kind_id)
    for ends in ((one.id, other.id), (other.id, one.id)):
        with pytest.raises(RuleBroken, match="уже связаны"):
            link(ann, ("client", ends[0]), ("client", ends[1]), kind_id=kind_id)
    with pytest.raises(RuleBroken, match="самой"):
        link(ann, ("client", one.id), ("client", one.id))
    with pytest.raises(BadInput, match="Примечание"):
        link(ann, ("client", one.id), ("client", other.id), note="x" * 501)
    link(ann, ("client", one.id), ("client", other.id))  # says another thing


def test_who_sees_but_one_card_learns_nothing_of_the_link(adam: Actor, ann: Actor, bob: Actor) -> None:
    mine, theirs = make.client(ann, "Секрет"), make.client(bob, "Боба")
    link_id = link(adam, ("client", theirs.id), ("client", mine.id))
    assert links(bob, "client", theirs.id) == []
    assert names(bob, "client", theirs.id) == ["ClientAdded"]
    assert "CardsLinked" not in [row.name for row in perform(bob, list_facts, limit=200)]
    assert perform(bob, find_linkable, card="client", card_id=theirs.id, words="Секрет") == []
    with pytest.raises(NotFound):
        perform(bob, unlink_cards, card="client", card_id=theirs.id, link_id=link_id)
    with pytest.raises(NotFound):
        link(bob, ("client", theirs.id), ("client", mine.id))


def test_who_may_not_change_a_card_neither_links_nor_unlinks_it(ann: Actor, mary: Actor, greg: Actor) -> None:
    one, other = make.client(ann), make.client(ann)
    link_id = link(ann, ("client", one.id), ("client", other.id))
    assert not perform(mary, list_links, card="client", card_id=one.id).may_change
    with pytest.raises(Forbidden):
        link(mary, ("client", one.id), ("client", other.id))
    with pytest.raises(Forbidden):
        perform(mary, unlink_cards, card="client", card_id=one.id, link_id=link_id)
    for stranger, error in ((greg, Forbidden), (NOBODY, NeedsLogin)):
        with pytest.raises(error):
            perform(stranger, list_links, card="client", card_id=one.id)
        with pytest.raises(error):
            link(stranger, ("client", one.id), ("client", other.id))


def test_a_link_of_another_card_is_not_removed_from_this_one(ann: Actor) -> None:
    one, other, third = (make.client(ann) for _ in range(3))
    link_id = link(ann, ("client", one.id), ("client", other.id))
    with pytest.raises(NotFound):
        perform(ann, unlink_cards, card="client", card_id=third.id, link_id=link_id)


def test_a_link_sleeps_while_a_card_is_in_the_bin(ann: Actor, olga: Actor) -> None:
    one, other = make.client(ann, "Одна"), make.client(ann, "Другая")
    link(ann, ("client", one.id), ("client", other.id))
    perform(olga, remove_client, client_id=other.id)
    assert links(ann, "client", one.id) == []
    perform(olga, restore_client, client_id=other.id)
    assert links(ann, "client", one.id) == [("Другая", "")]


def test_links_go_along_in_a_merge_and_are_there_again_after_the_split(
    adam: Actor, olga: Actor, database: Database
) -> None:
    kept, gone, third = (make.client(olga, name) for name in ("Остаётся", "Уходит", "Третья"))
    link(olga, ("client", kept.id), ("client", gone.id))
    link(olga, ("client", kept.id), ("client", third.id))
    link(olga, ("client", third.id), ("client", gone.id))
    before = rows(database)
    merge = perform(adam, merge_cards, card="client", kept_id=kept.id, absorbed_id=gone.id, choices={})
    assert links(adam, "client", kept.id) == [("Третья", "")]  # neither with itself, nor twice
    assert [title for title, _ in links(adam, "client", third.id)] == ["Остаётся"]
    perform(adam, split_cards, merge_id=merge.id)
    assert rows(database) == before


def rows(database: Database) -> list[tuple[Any, ...]]:
    link: Any = CardLink
    found = select(link.id, link.one, link.one_id, link.other, link.other_id, link.note).order_by(link.id)
    with database.reader.connect() as connection:
        return [tuple(row) for row in connection.execute(found)]


def test_links_of_a_lead_go_to_the_deal_and_come_back(adam: Actor, ann: Actor, database: Database) -> None:
    lead, friend = leads.lead(ann, "Запрос", leads.way(adam).id), make.client(ann, "Друг")
    link(ann, ("client", friend.id), ("lead", lead.id))
    before = rows(database)
    done = perform(ann, convert_lead, lead_id=lead.id, deal=DealPart(pipeline_id=deals.pipeline().id))
    assert links(ann, "deal", done.deal_id) == [("Друг", "")]
    assert [row.card for row in perform(ann, list_links, card="client", card_id=friend.id).rows] == ["deal"]
    perform(ann, undo_conversion, lead_id=lead.id)
    assert rows(database) == before


def test_a_link_goes_when_one_of_its_cards_is_removed_for_good(
    ann: Actor, adam: Actor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other, _last = make.client(ann), make.client(ann), make.client(ann)
    link(ann, ("client", one.id), ("client", other.id))
    perform(adam, remove_client, client_id=other.id)
    assert len(rows(database)) == 1
    pass_days(monkeypatch, 31)
    empty(database)
    assert rows(database) == []
    assert links(ann, "client", one.id) == []


def test_the_administrator_says_what_links_can_say(adam: Actor, ann: Actor) -> None:
    one, other = make.client(ann), make.client(ann, "Другая")
    kind_id = branch(adam)
    link(ann, ("client", one.id), ("client", other.id), kind_id=kind_id)
    perform(adam, change_link_kind, kind_id=kind_id, words={"forth_ru": "отделение"})
    assert links(ann, "client", one.id) == [("Другая", "отделение")]
    perform(adam, remove_link_kind, kind_id=kind_id)
    assert links(ann, "client", one.id) == [("Другая", "отделение")]  # what was said stays
    with pytest.raises(NotFound):
        link(ann, ("client", other.id), ("client", make.client(ann).id), kind_id=kind_id)
    perform(adam, restore_link_kind, kind_id=kind_id)
    assert [row.is_removed for row in perform(ann, list_link_kinds) if row.id == kind_id] == [False]
    with pytest.raises(BadInput):
        perform(adam, add_link_kind, words={"back_ru": "филиал"})
    for act in (add_link_kind, change_link_kind):
        with pytest.raises(Forbidden):
            perform(ann, act, words=BRANCH, **({} if act is add_link_kind else {"kind_id": kind_id}))
    for act in (remove_link_kind, restore_link_kind):
        with pytest.raises(Forbidden):
            perform(ann, act, kind_id=kind_id)


def test_two_who_link_one_pair_at_once_make_one_link(ann: Actor, olga: Actor) -> None:
    """Whether they begin from the same card or from both ends."""
    for is_crossed in (False, True) * 4:
        one, other = ("client", make.client(ann).id), ("client", make.client(ann).id)
        start, outcomes = threading.Barrier(2), []

        def tie(actor: Actor, *pair: Any, start: Any = start, outcomes: list[Any] = outcomes) -> None:
            start.wait()
            try:
                link(actor, *pair)
            except RuleBroken as refused:
                outcomes.append(refused.key)
            else:
                outcomes.append("made")

        pairs = ((ann, one, other), (olga, other, one) if is_crossed else (olga, one, other))
        threads = [threading.Thread(target=tie, args=args) for args in pairs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["cards.error.linked_already", "made"]
        assert len(links(ann, "client", one[1])) == 1


def test_who_sees_all_facts_meets_no_link_of_a_card_that_is_closed_to_them(adam: Actor, ann: Actor, bob: Actor) -> None:
    mine, theirs, another = make.client(ann, "Секрет"), make.client(bob, "Боба"), make.client(bob, "Ещё")
    link(adam, ("client", theirs.id), ("client", mine.id))
    link(adam, ("client", mine.id), ("client", theirs.id), kind_id=branch(adam))
    auditor = replace(bob, permissions={**bob.permissions, "audit.see": "all"})
    assert "CardsLinked" not in [row.name for row in perform(auditor, list_facts, limit=200)]
    assert "ClientAdded" in [row.name for row in perform(auditor, list_facts, limit=200) if row.card_id == mine.id]
    link(bob, ("client", theirs.id), ("client", another.id))
    perform(bob, remove_client, client_id=another.id)
    assert [row.card_id for row in perform(auditor, list_facts, limit=200) if row.name == "CardsLinked"] == [theirs.id]
    assert len([row for row in perform(adam, list_facts, limit=200) if row.name == "CardsLinked"]) == 3


def test_what_links_can_say_has_an_end_and_must_be_there(adam: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    kind_id = branch(adam)
    perform(adam, remove_link_kind, kind_id=kind_id)
    known = len([row for row in perform(adam, list_link_kinds) if not row.is_removed])
    monkeypatch.setattr(link_rules, "MOST_KINDS", known)
    for act, told in ((restore_link_kind, {"kind_id": kind_id}), (add_link_kind, {"words": {"forth_ru": "сосед"}})):
        with pytest.raises(RuleBroken, match=str(known)):
            perform(adam, act, **told)
    assert [row.is_removed for row in perform(adam, list_link_kinds) if row.id == kind_id] == [True]
    perform(adam, remove_link_kind, kind_id=kind_id)  # once more is no fact and no error
    for act in (remove_link_kind, restore_link_kind):
        with pytest.raises(NotFound):
            perform(adam, act, kind_id=999_999)

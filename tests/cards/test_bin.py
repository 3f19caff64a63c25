"""The bin: what was deleted, by whom it is seen, and how it comes back."""

from __future__ import annotations

from typing import Any

import pytest

from crm_app.cards.actions.bulk_changes import start_bulk, undo_bulk
from crm_app.cards.actions.restoring import delete_again, restore_cards, set_days_kept
from crm_app.cards.bins import BINS
from crm_app.cards.queries.binned import count_bin, list_bin, list_bins, see_days_kept
from crm_app.cards.queries.bulk_changes import choose_cards
from crm_app.clients.actions.cards import remove_client
from crm_app.clients.queries import list_clients
from crm_app.contacts.actions.cards import remove_contact
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound, TooBig
from crm_app.deals.actions.cards import delete_deal
from crm_app.deals.queries.cards import see_deal
from crm_app.tasks.actions.deleting import delete_task
from tests import make
from tests.contacts import make as contacts
from tests.deals import make as deals
from tests.duplicates import make as duplicates
from tests.plans import plan_of, statements_of


def titles(actor: Actor, card: str = "client", **asked: Any) -> list[str]:
    return [row.title for row in perform(actor, list_bin, card=card, **asked).rows]


def removed(owner: Actor, *names: str) -> list[int]:
    ids = [make.client(owner, name).id or 0 for name in names]
    for client_id in ids:
        perform(owner, remove_client, client_id=client_id)
    return ids


def test_deleted_cards_are_listed_the_latest_first_by_pages(ann: Actor) -> None:
    removed(ann, "Раз", "Два", "Три")
    make.client(ann, "Живой")
    first = perform(ann, list_bin, card="client", limit=2)
    rest = perform(ann, list_bin, card="client", limit=2, after=first.next)
    assert [row.title for row in (*first.rows, *rest.rows)] == ["Три", "Два", "Раз"]
    assert {row.deleted_by for row in first.rows} == {ann.name}
    assert (rest.next, perform(ann, count_bin, card="client")) == ("", 3)
    assert [titles(ann, q="ДВ"), titles(ann, q="Живой")] == [["Два"], []]
    with pytest.raises(BadInput):
        perform(ann, list_bin, card="client", after="x")


def test_one_or_many_come_back_and_go_again(ann: Actor, olga: Actor) -> None:
    ids = [make.client(who, name).id or 0 for who, name in ((ann, "Раз"), (ann, "Два"), (olga, "Её"))]
    perform(olga, start_bulk, card="client", operation="remove", ids=ids)
    assert {(row.title, row.may_restore, row.deleted_by) for row in perform(ann, list_bin, card="client").rows} == {
        ("Её", False, olga.name), ("Два", True, olga.name), ("Раз", True, olga.name),
    }  # fmt: skip
    parts = perform(ann, choose_cards, card="client", in_bin=True)
    done = perform(ann, restore_cards, card="client", parts=parts)
    assert (done.count, [row.name for row in perform(ann, list_clients).rows]) == (2, ["Два", "Раз"])
    perform(ann, undo_bulk, bulk_id=done.bulk_id)
    assert sorted(titles(ann)) == ["Два", "Её", "Раз"]


def test_all_that_a_search_finds_in_the_bin_are_restored(ann: Actor) -> None:
    removed(ann, "Вектор раз", "Вектор два", "Заря")
    parts = perform(ann, choose_cards, card="client", q="ВЕКТОР", in_bin=True)
    assert perform(ann, restore_cards, card="client", parts=parts).count == 2
    assert titles(ann) == ["Заря"]


def test_contacts_deals_and_tasks_lie_there_too(ann: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    contact, deal = contacts.contact(ann), deals.deal(ann, deals.pipeline(), name="Станки")
    task = make.task(ann, "Позвонить")
    for remove, named in (
        (remove_contact, {"contact_id": contact.id}), (delete_deal, {"deal_id": deal.id}),
        (delete_task, {"task_id": task.id}),
    ):  # fmt: skip
        perform(ann, remove, **named)
    found = {card: titles(ann, card) for card in perform(ann, list_bins)}
    assert (found["deal"], found["task"], found["contact"]) == (["Станки"], ["Позвонить"], [contact.name])
    many = perform(ann, restore_cards, card="deal", ids=[deal.id, 999])
    assert (many.count, many.ids) == (1, ())
    assert perform(ann, see_deal, deal_id=deal.id) and titles(ann, "deal") == []
    perform(ann, undo_bulk, bulk_id=many.bulk_id)
    assert titles(ann, "deal") == ["Станки"]
    done = perform(ann, restore_cards, card="task", ids=[task.id, 999])
    assert (done.count, done.ids) == (1, (task.id,)) and titles(ann, "task") == []
    assert perform(ann, delete_again, card="task", ids=list(done.ids)) == 1
    assert titles(ann, "task") == ["Позвонить"]
    monkeypatch.setattr("crm_app.cards.actions.restoring.MOST", 0)
    with pytest.raises(TooBig):
        perform(ann, restore_cards, card="task", ids=[task.id])
    with pytest.raises(BadInput):
        perform(ann, restore_cards, card="task", parts=["1"])
    assert BINS.keys() >= {"client", "contact", "lead", "deal", "task", "mailing"}


def test_who_sees_cards_sees_them_in_the_bin_and_restores_what_is_theirs(ann: Actor, bob: Actor, mary: Actor) -> None:
    ids = removed(ann, "Раз")
    assert (titles(bob), titles(mary)) == ([], ["Раз"])
    assert not perform(mary, list_bin, card="client").rows[0].may_restore
    assert perform(bob, restore_cards, card="client", ids=ids).count == 0
    for ability, named in ((restore_cards, {"ids": ids}), (delete_again, {"ids": ids})):
        with pytest.raises(Forbidden):
            perform(mary, ability, card="client", **named)
    for actor, refusal in ((make.guest(ann), Forbidden), (NOBODY, NeedsLogin)):
        for ability, named in ((list_bin, {}), (count_bin, {}), (restore_cards, {"ids": ids})):
            with pytest.raises(refusal):
                perform(actor, ability, card="client", **named)
    with pytest.raises(NotFound):
        perform(ann, list_bin, card="rocket")


def test_a_card_that_was_merged_is_no_card_of_the_bin(ann: Actor) -> None:
    one, other = (make.client(ann, name, "company").id or 0 for name in ("Раз", "Два"))
    duplicates.merge(ann, one, other)
    assert (titles(ann), perform(ann, count_bin, card="client")) == ([], 0)
    assert perform(ann, delete_again, card="client", ids=[other]) == 0


def test_how_long_cards_are_kept_is_chosen_by_who_may(adam: Actor, ann: Actor) -> None:
    removed(ann, "Раз")
    assert perform(ann, see_days_kept) == 30
    perform(adam, set_days_kept, days=7)
    (row,) = perform(ann, list_bin, card="client").rows
    assert row.goes_at is not None and (row.goes_at - row.deleted_at).days == 7
    perform(adam, set_days_kept, days=0)
    assert perform(ann, list_bin, card="client").rows[0].goes_at is None
    with pytest.raises(BadInput):
        perform(adam, set_days_kept, days=5)
    with pytest.raises(Forbidden):
        perform(ann, set_days_kept, days=30)


def test_the_bin_of_a_large_company_is_read_by_an_index(database: Database, adam: Actor) -> None:
    if not database.is_sqlite:
        pytest.skip("the planner of PostgreSQL scans small tables whatever indexes they have")
    asked = statements_of(database, lambda: perform(adam, list_bin, card="client"))
    (listing,) = [statement for statement in asked if "ORDER BY client.deleted_at" in statement]
    assert "ix_client_bin" in plan_of(database, listing)

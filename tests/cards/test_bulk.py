"""Changes of many cards at once: done, stopped, taken back; by the worker where they are many."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from crm_app.access.actions.employees import disable_employee
from crm_app.cards import jobs as bulk_jobs
from crm_app.cards.actions import bulk_changes
from crm_app.cards.actions.bulk_changes import is_left_to_worker, start_bulk, stop_bulk, undo_bulk
from crm_app.cards.actions.tags import set_tags
from crm_app.cards.models import BulkBatch, BulkPart
from crm_app.cards.queries.bulk_changes import (
    choose_cards,
    list_bulk,
    list_ended_bulk,
    list_left,
    list_running_bulk,
    see_bulk,
)
from crm_app.cards.queries.every_card import is_starred, list_tags, see_timeline
from crm_app.cards.queries.shelf import list_groups
from crm_app.clients.actions.cards import change_client, remove_client, restore_client
from crm_app.clients.queries import list_clients, see_client
from crm_app.core import clock, jobs
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound, RuleBroken
from tests import make
from tests.cards.fields import field
from tests.work import work_off

REGULAR = {"field": "status", "op": "eq", "value": "regular"}
CURRENT = {"operation": "set", "arguments": {"field": "status", "value": "current"}}


def bulk(actor: Actor, operation: str = "set", ids: list[int] | None = None, **arguments: Any) -> Any:
    return perform(actor, start_bulk, card="client", operation=operation, arguments=arguments, ids=ids)


def statuses(actor: Actor) -> list[str]:
    return [row.status for row in perform(actor, list_clients).rows]


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than two cards are many, and go two by two."""
    for name, size in (("BATCH", 2), ("PART", 4)):
        monkeypatch.setattr(bulk_changes, name, size)
    monkeypatch.setattr("crm_app.cards.queries.bulk_changes.PART", 4)


def clients(actor: Actor, count: int, **values: Any) -> list[int]:
    return [make.client(actor, f"Клиент {n}", **values).id or 0 for n in range(count)]


def test_few_are_changed_at_once_and_each_tells_what_was_before_and_by_what_door(ann: Actor) -> None:
    one, two = make.client(ann, "Раз", status="regular"), make.client(ann, "Два", status="current")
    make.client(ann, "Три")
    done = bulk(ann, ids=[one.id, two.id], field="status", value="Текущий")
    assert (done.state, done.counts) == ("done", {"changed": 1, "same": 1})
    assert statuses(ann) == ["current", "current", ""]
    fact = perform(ann, see_timeline, card="client", card_id=one.id)[0]
    assert (fact.via, fact.actor_id, fact.details["changes"]) == ("bulk", ann.id, {"status": ["regular", "current"]})


def test_what_is_not_ones_own_is_left_out_and_counted(ann: Actor, olga: Actor, bob: Actor) -> None:
    ids = [make.client(who, name).id for who, name in ((ann, "Моя"), (olga, "Её"), (bob, "Его"))]
    done = bulk(ann, ids=[*ids, 999], field="status", value="current")
    assert done.counts == {"changed": 1, "not_yours": 1, "gone": 2}
    assert bulk(ann, "remove", ids).counts == {"changed": 1, "not_yours": 1, "gone": 1}
    assert [row.name for row in perform(olga, list_clients).rows] == ["Её"]


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        ({"field": "name", "value": "Все"}, BadInput),
        ({"field": "status", "value": "x" * 100}, BadInput),
        ({"field": "responsible_id", "value": 999}, BadInput),
        ({"field": "fields.none", "value": 1}, BadInput),
        ({"field": "city", "value": "Москва"}, Forbidden),
    ],
)
def test_only_some_fields_are_given_to_many_and_rightly(ann: Actor, arguments: Any, refusal: type[Exception]) -> None:
    limited = replace(ann, read_only={"client": frozenset({"city"})})
    with pytest.raises(refusal):
        bulk(limited, ids=clients(ann, 1), **arguments)
    with pytest.raises(BadInput):
        bulk(ann, "burn", ids=[])
    with pytest.raises(NotFound):
        perform(ann, start_bulk, card="mailing", operation="star", ids=[])


def test_marketers_guests_and_strangers_change_nothing(ann: Actor, mary: Actor) -> None:
    ids, greg = clients(ann, 1), make.guest(ann)
    asked: tuple[tuple[Any, dict[str, Any]], ...] = (
        (choose_cards, {"card": "client"}), (list_bulk, {}), (list_running_bulk, {}),
        (list_ended_bulk, {"since": clock.now()}),
    )  # fmt: skip
    for actor, refusal in ((mary, Forbidden), (greg, Forbidden), (NOBODY, NeedsLogin)):
        for operation in ("set", "remove", "restore", *(("tag",) if actor is not mary else ())):
            with pytest.raises(refusal):
                bulk(actor, operation, ids, name="опт", field="status", value="current")
        if actor is not mary:
            for ask, arguments in asked:
                with pytest.raises(refusal):
                    perform(actor, ask, **arguments)


def test_who_sees_cards_tags_one_and_many_of_them(ann: Actor, mary: Actor, greg: Actor) -> None:
    ids = clients(ann, 2)
    perform(mary, set_tags, card="client", card_id=ids[0], names=["акция"])
    done = bulk(mary, "tag", [*ids, 999_999], name="акция")
    assert done.counts == {"changed": 1, "same": 1, "gone": 1}
    assert [perform(mary, list_tags, card="client", card_id=each) for each in ids] == [["акция"], ["акция"]]
    assert perform(mary, undo_bulk, bulk_id=done.id).counts["taken"] == 1
    with pytest.raises(BadInput):
        bulk(mary, "tag", ids, name=" ")
    with pytest.raises(Forbidden):
        bulk(greg, "tag", ids, name="акция")


def test_tags_groups_and_stars_are_given_and_taken_back(ann: Actor, adam: Actor) -> None:
    ids = clients(ann, 2)
    perform(adam, set_tags, card="client", card_id=ids[0], names=["опт"])
    done = bulk(ann, "tag", ids, name="ОПТ")
    assert done.counts == {"changed": 1, "same": 1}
    assert perform(ann, see_timeline, card="client", card_id=ids[1])[0].details == {
        "kind": "client",
        "added": ["опт"],
        "removed": [],
    }
    perform(ann, undo_bulk, bulk_id=done.id)
    assert [perform(ann, list_tags, card="client", card_id=each) for each in ids] == [["опт"], []]

    off = bulk(ann, "untag", ids, name="опт")
    assert perform(ann, list_tags, card="client", card_id=ids[0]) == []
    perform(ann, undo_bulk, bulk_id=off.id)
    assert perform(ann, list_tags, card="client", card_id=ids[0]) == ["опт"]

    group = bulk(ann, "group", ids, name="Выставка")
    where = {"field": "group", "op": "has", "value": str(group.arguments["id"])}
    assert len(perform(ann, list_clients, where=where).rows) == 2
    bulk(ann, "ungroup", ids[:1], name="выставка")
    assert perform(ann, undo_bulk, bulk_id=group.id).counts == {"changed": 2, "taken": 1, "left": 1}

    star = bulk(ann, "star", ids)
    assert perform(ann, is_starred, card="client", card_id=ids[0])
    perform(ann, undo_bulk, bulk_id=star.id)
    assert not perform(ann, is_starred, card="client", card_id=ids[0])


def test_cards_that_have_become_otherwise_since_are_left_alone_and_listed(ann: Actor, olga: Actor, bob: Actor) -> None:
    ids = clients(ann, 5, status="regular")
    done = bulk(ann, ids=ids, field="status", value="current")
    perform(ann, change_client, client_id=ids[0], values={"status": "hopeless"})
    perform(ann, change_client, client_id=ids[1], values={"city": "Тверь"})
    perform(ann, remove_client, client_id=ids[2])
    perform(ann, change_client, client_id=ids[3], values={"responsible_id": olga.id})
    back = perform(ann, undo_bulk, bulk_id=done.id)
    assert (back.state, back.counts) == ("undone", {"changed": 5, "taken": 2, "left": 3})
    left = perform(ann, list_left, bulk_id=done.id)
    assert [(card.id, card.title, card.reason) for card in left] == [
        (ids[0], "Клиент 0", "since"), (ids[2], "карточка, которую вам не видно", "gone"),
        (ids[3], "Клиент 3", "not_yours"),
    ]  # fmt: skip
    assert statuses(ann) == ["hopeless", "regular", "current", "regular"]
    assert perform(ann, see_client, client_id=ids[1]).city == "Тверь"
    for actor, error in ((ann, RuleBroken), (bob, NotFound), (NOBODY, NeedsLogin)):
        with pytest.raises(error):
            perform(actor, undo_bulk, bulk_id=done.id)


def test_removal_and_restoration_are_taken_back(ann: Actor) -> None:
    ids = clients(ann, 3)
    gone = bulk(ann, "remove", ids)
    assert perform(ann, list_clients).rows == []
    perform(ann, restore_client, client_id=ids[0])
    back = perform(ann, undo_bulk, bulk_id=gone.id)
    assert back.counts == {"changed": 3, "taken": 2, "left": 1}
    assert len(perform(ann, list_clients, q="клиент").rows) == 3  # found by their words again

    bulk(ann, "remove", ids)
    again = bulk(ann, "restore", [*ids, 999])
    assert again.counts == {"changed": 3, "gone": 1}
    perform(ann, change_client, client_id=ids[0], values={"city": "Тверь"})
    assert perform(ann, undo_bulk, bulk_id=again.id).counts == {"changed": 3, "gone": 1, "taken": 2, "left": 1}
    assert [row.id for row in perform(ann, list_clients).rows] == [ids[0]]


@pytest.mark.usefixtures("small_batches")
def test_many_are_changed_by_the_worker_as_they_matched_when_it_was_asked(ann: Actor) -> None:
    ids = clients(ann, 7, status="regular")
    parts = perform(ann, choose_cards, card="client", where=REGULAR)
    assert parts == [",".join(map(str, ids[:4])), ",".join(map(str, ids[4:]))]
    begun = perform(ann, start_bulk, card="client", parts=parts, **CURRENT)
    assert (begun.state, begun.total, statuses(ann)) == ("running", 7, ["regular"] * 7)
    make.client(ann, "Поздний", status="regular")
    perform(ann, change_client, client_id=ids[6], values={"status": "hopeless"})
    assert [each.id for each in perform(ann, list_running_bulk)] == [begun.id]
    work_off()
    done = perform(ann, see_bulk, bulk_id=begun.id)
    assert (done.state, done.done, done.counts, done.may_undo) == ("done", 7, {"changed": 7}, True)
    assert statuses(ann) == ["current"] * 7 + ["regular"]
    assert perform(ann, undo_bulk, bulk_id=begun.id).state == "undoing"
    work_off()
    assert statuses(ann) == ["regular"] * 6 + ["hopeless", "regular"]
    assert rows_kept() == (0, 0)


@pytest.mark.usefixtures("small_batches")
def test_what_has_ended_is_told_even_if_nobody_saw_it_at_work(ann: Actor, bob: Actor) -> None:
    since, ids = clock.now(), clients(ann, 7, status="regular")
    few = bulk(ann, "set", ids[:2], field="status", value="current")
    many = bulk(ann, "set", ids, field="status", value="current")
    assert [each.id for each in perform(ann, list_ended_bulk, since=since)] == [few.id]
    work_off()
    ended = perform(ann, list_ended_bulk, since=since)
    assert [(each.id, each.state, is_left_to_worker(each)) for each in ended] == [
        (many.id, "done", True), (few.id, "done", False),
    ]  # fmt: skip
    perform(ann, undo_bulk, bulk_id=many.id)
    perform(ann, undo_bulk, bulk_id=few.id)
    work_off()
    ended = perform(ann, list_ended_bulk, since=since)
    assert {(each.id, each.state, is_left_to_worker(each)) for each in ended} == {
        (many.id, "undone", True), (few.id, "undone", False),
    }  # fmt: skip
    assert perform(ann, list_ended_bulk, since=clock.now()) == perform(bob, list_ended_bulk, since=since) == []


@pytest.mark.usefixtures("small_batches")
def test_a_change_is_stopped_and_what_is_done_taken_back(ann: Actor, bob: Actor) -> None:
    begun = bulk(ann, ids=clients(ann, 5), field="status", value="current")
    for actor, error in ((bob, NotFound), (NOBODY, NeedsLogin)):
        with pytest.raises(error):
            perform(actor, stop_bulk, bulk_id=begun.id)
    (run,) = [each for each in jobs.claim(database(), "test", 9) if each.name == bulk_changes.JOB]
    perform(ann, bulk_changes.go_on_with_bulk, run=run, bulk_id=begun.id)
    perform(ann, stop_bulk, bulk_id=begun.id)
    assert perform(ann, bulk_changes.go_on_with_bulk, run=run, bulk_id=begun.id) is False
    assert statuses(ann) == ["current", "current", "", "", ""]
    with pytest.raises(RuleBroken):
        perform(ann, stop_bulk, bulk_id=begun.id)
    assert perform(ann, undo_bulk, bulk_id=begun.id).state == "undone"
    assert statuses(ann) == [""] * 5


@pytest.mark.usefixtures("small_batches")
def test_a_worker_that_dies_leaves_nothing_out_and_does_nothing_twice(
    ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = clients(ann, 7, status="regular")
    begun = bulk(ann, ids=ids, field="status", value="current")
    batches = 0

    def dies(tx: Any, row: Any, ids: list[int]) -> None:
        nonlocal batches
        batches += 1
        done(tx, row, ids)
        if batches == 3:  # all of the batch is written, and not yet committed
            raise SystemExit

    done = bulk_changes._do
    monkeypatch.setattr(bulk_changes, "_do", dies)
    (run,) = jobs.claim(database(), "first", 1)
    with pytest.raises(SystemExit):
        bulk_jobs.bulk_job(run)
    assert statuses(ann) == ["current"] * 4 + ["regular"] * 3
    jobs.release(database(), ["first"])
    work_off()
    assert statuses(ann) == ["current"] * 7
    assert perform(ann, see_bulk, bulk_id=begun.id).counts == {"changed": 7}
    facts = [perform(ann, see_timeline, card="client", card_id=each) for each in ids]
    assert [len(told) for told in facts] == [2] * 7


@pytest.mark.usefixtures("small_batches")
def test_who_may_not_any_more_has_the_change_end(ann: Actor, adam: Actor) -> None:
    begun = bulk(ann, "tag", clients(ann, 3), name="опт")
    perform(adam, disable_employee, employee_id=ann.id)
    work_off()
    assert perform(adam, see_bulk, bulk_id=begun.id).state == "failed"


def test_what_was_before_is_forgotten_after_a_day(ann: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    done = bulk(ann, ids=clients(ann, 2), field="status", value="current")
    work_off()
    assert rows_kept() == (0, 1)
    tomorrow = clock.now() + timedelta(hours=24, seconds=5)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    with pytest.raises(RuleBroken, match="24"):
        perform(ann, undo_bulk, bulk_id=done.id)
    work_off()
    assert rows_kept() == (0, 0)
    assert perform(ann, see_bulk, bulk_id=done.id).may_undo is False


def test_each_sees_their_own_changes_and_the_administrator_all(ann: Actor, bob: Actor, adam: Actor) -> None:
    done = bulk(ann, "star", clients(ann, 1))
    assert [each.id for each in perform(ann, list_bulk)] == [done.id]
    assert perform(bob, list_bulk) == []
    assert [(each.employee, each.may_undo) for each in perform(adam, list_bulk)] == [("Анна", False)]
    with pytest.raises(Forbidden):
        perform(adam, undo_bulk, bulk_id=done.id)
    with pytest.raises(NotFound):
        perform(bob, list_left, bulk_id=done.id)


def rows_kept() -> tuple[int, int]:
    """How much is kept of what was chosen, and of what was before."""
    with database().session(writes=False) as session:
        return tuple(session.execute(select(func.count()).select_from(m)).scalar_one() for m in (BulkPart, BulkBatch))


def test_custom_fields_are_given_to_many_and_found_by_at_once(ann: Actor) -> None:
    field()
    ids = clients(ann, 2)
    done = bulk(ann, ids=ids, field="fields.razmer", value=" Очень  большой ")
    assert done.arguments == {"field": "fields.razmer", "value": "Очень большой"}
    assert [row.id for row in perform(ann, list_clients, q="большой").rows] == ids
    told = perform(ann, see_timeline, card="client", card_id=ids[0])[0]
    assert told.details["changes"] == {"fields.razmer": [None, "Очень большой"]}
    perform(ann, change_client, client_id=ids[0], values={"fields": {"razmer": "Малый"}})
    assert perform(ann, undo_bulk, bulk_id=done.id).counts == {"changed": 2, "taken": 1, "left": 1}
    assert [perform(ann, see_client, client_id=each).fields for each in ids] == [{"razmer": "Малый"}, {}]
    limited = replace(ann, read_only={"client": frozenset({"fields.razmer"})})
    with pytest.raises(Forbidden):
        bulk(limited, ids=ids, field="fields.razmer", value="Малый")


def test_days_and_cities_are_given_and_taken_back(ann: Actor) -> None:
    one = make.client(ann, "Раз", first_contact="2026-01-05", city="Тверь")
    ids = [one.id or 0, *clients(ann, 1)]
    for name, value in (("first_contact", "06.02.2026"), ("city", "Орёл")):
        done = bulk(ann, ids=ids, field=name, value=value)
        assert done.counts == {"changed": 2}
        assert len(perform(ann, list_clients, q="орел").rows) == (2 if name == "city" else 0)
        perform(ann, undo_bulk, bulk_id=done.id)
    card = perform(ann, see_client, client_id=one.id)
    assert (card.first_contact, card.city) == (date(2026, 1, 5), "Тверь")
    assert perform(ann, see_client, client_id=ids[1]).first_contact is None


@pytest.mark.parametrize("operation", ["tag", "untag", "group", "ungroup"])
@pytest.mark.parametrize("name", [["a"], {"a": 1}, 5, None, True, ""])
def test_the_name_of_a_tag_or_group_is_a_text(ann: Actor, operation: str, name: Any) -> None:
    client = make.client(ann, "Вектор")
    with pytest.raises(BadInput):
        bulk(ann, operation, [client.id or 0], name=name)
    assert perform(ann, list_tags) == [] and perform(ann, list_groups, card="client") == []


@pytest.mark.parametrize("operation", ["untag", "ungroup"])
def test_what_there_is_not_is_not_made_to_be_taken_off(ann: Actor, operation: str) -> None:
    client = make.client(ann, "Вектор")
    with pytest.raises((NotFound, BadInput)):
        bulk(ann, operation, [client.id or 0], name="опт")
    assert perform(ann, list_tags) == [] and perform(ann, list_groups, card="client") == []

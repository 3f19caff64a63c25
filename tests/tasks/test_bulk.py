"""A task about each of many cards: made by right, told, and taken back where nobody has touched it since."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crm_app.cards.actions.bulk_changes import start_bulk, undo_bulk
from crm_app.cards.actions.comments import add_comment
from crm_app.cards.queries.bulk_changes import list_left
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, RuleBroken
from crm_app.tasks.actions.editing import change_task, close_task
from crm_app.tasks.queries import TaskRow, list_tasks
from tests import make


def asked(actor: Actor, ids: list[int], **arguments: Any) -> Any:
    return perform(actor, start_bulk, card="client", operation="task", arguments=arguments, ids=ids)


def clients(owner: Actor, *names: str) -> list[int]:
    return [make.client(owner, name, "company").id or 0 for name in names]


def of(actor: Actor, client_id: int) -> list[TaskRow]:
    """All tasks about a client."""
    return perform(actor, list_tasks, whose="all", status="all", card="client", card_id=client_id).rows


def test_each_card_gets_a_task_of_its_own(ann: Actor, bob: Actor, olga: Actor) -> None:
    ids = [*clients(ann, "Вектор", "Ока"), *clients(bob, "Чужой")]
    done = asked(ann, [*ids, 999], title=" Поздравить ", responsible_id=str(olga.id), deadline="2026-12-30T10:00:00Z")
    assert done.counts == {"changed": 2, "gone": 2}
    (task,) = of(ann, ids[0])
    assert (task.title, task.responsible_id) == ("Поздравить: Вектор", olga.id)
    assert task.deadline is not None and task.deadline.isoformat() == "2026-12-30T10:00:00+00:00"
    assert {row.title for row in perform(olga, list_tasks).rows} == {"Поздравить: Вектор", "Поздравить: Ока"}


def test_those_that_nobody_has_touched_are_taken_back(ann: Actor) -> None:
    ids = clients(ann, "Вектор", "Ока", "Заря", "Луч")
    done = asked(ann, ids, title="Позвонить")
    tasks = [of(ann, each)[0].id for each in ids]
    perform(ann, change_task, task_id=tasks[0], changes={"title": "Написать"})
    perform(ann, add_comment, card="task", card_id=tasks[1], body="Завтра")
    perform(ann, close_task, task_id=tasks[2])
    assert perform(ann, undo_bulk, bulk_id=done.id).counts == {"changed": 4, "taken": 1, "left": 3}
    assert {each.reason for each in perform(ann, list_left, bulk_id=done.id)} == {"since"}
    assert [len(of(ann, each)) for each in ids] == [1, 1, 1, 0]
    with pytest.raises(RuleBroken):
        perform(ann, undo_bulk, bulk_id=done.id)


@pytest.mark.parametrize(
    "wrong",
    [
        {}, {"title": " "}, {"title": "х" * 301}, {"title": "Т", "responsible_id": True},
        {"title": "Т", "responsible_id": [1]}, {"title": "Т", "responsible_id": "1; DROP"},
        {"title": "Т", "responsible_id": 10**30}, {"title": "Т", "responsible_id": "9" * 5_000},
        {"title": "Т", "deadline": "завтра"}, {"title": "Т", "deadline": "2026-12-30"}, {"title": "Т", "deadline": 5},
    ],
)  # fmt: skip
def test_what_makes_no_task_is_refused(ann: Actor, wrong: dict[str, Any]) -> None:
    ids = clients(ann, "Вектор")
    with pytest.raises(BadInput):
        asked(ann, ids, **wrong)
    assert of(ann, ids[0]) == []


def test_who_may_not_make_tasks_makes_none(ann: Actor) -> None:
    ids = clients(ann, "Вектор")
    still = replace(ann, permissions={key: held for key, held in ann.permissions.items() if key != "task.create"})
    for actor, refusal in ((still, Forbidden), (make.guest(ann), Forbidden), (NOBODY, NeedsLogin)):
        with pytest.raises(refusal):
            asked(actor, ids, title="Позвонить")

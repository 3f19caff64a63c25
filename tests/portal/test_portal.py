"""What a guest sees of a shared task, and what they don't."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

import pytest

from crm_app.cards.actions.comments import add_comment, remove_comment
from crm_app.cards.actions.files import add_file
from crm_app.core import clock
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NotFound
from crm_app.core.files import Kept
from crm_app.portal.queries import (
    SharedTask,
    SharedTaskRow,
    list_closed_shared_tasks,
    list_shared_tasks,
    see_shared_task,
)
from crm_app.tasks.actions.deleting import delete_task
from crm_app.tasks.actions.editing import close_task
from tests import make


def test_a_guest_sees_the_task_and_who_works_on_it(ann: Actor, olga: Actor, greg: Actor) -> None:
    tomorrow = clock.now().replace(microsecond=0) + timedelta(days=1)
    task = make.task(
        ann, "Договор", body="Подписать до пятницы", responsible_id=olga.id, deadline=tomorrow, shared_with=greg
    )
    seen = perform(greg, see_shared_task, task_id=task.id)

    assert seen.row == SharedTaskRow(task.id, "Договор", "open", tomorrow, is_overdue=False, responsible="Ольга")
    assert seen.body == "Подписать до пятницы"
    assert [field.name for field in fields(SharedTask)] == ["row", "body", "comments", "files"]


def test_internal_comments_and_files_stay_internal(ann: Actor, greg: Actor) -> None:
    task = make.task(ann, shared_with=greg)
    perform(ann, add_comment, card="task", card_id=task.id, body="Он торгуется")
    perform(ann, add_comment, card="task", card_id=task.id, body="Добрый день!", is_internal=False)
    perform(greg, add_comment, card="task", card_id=task.id, body="Здравствуйте", is_internal=True)
    for name, is_internal in (("margin.xlsx", True), ("contract.pdf", False)):
        kept = Kept(place=name.replace(".", ""), size=5, digest="", media_type="application/pdf")
        perform(ann, add_file, card="task", card_id=task.id, name=name, kept=kept, is_internal=is_internal)
    seen = perform(greg, see_shared_task, task_id=task.id)

    assert [(said.author, said.is_mine, said.body) for said in seen.comments] == [
        ("Анна", False, "Добрый день!"),
        ("Грег Иванов", True, "Здравствуйте"),
    ]
    assert [file.name for file in seen.files] == ["contract.pdf"]


def test_a_guest_learns_no_name_by_mentioning_numbers(ann: Actor, bob: Actor, greg: Actor) -> None:
    task = make.task(ann, shared_with=greg)
    perform(greg, add_comment, card="task", card_id=task.id, body=f"@[{bob.id}] кто вы?")
    perform(ann, add_comment, card="task", card_id=task.id, body=f"@[{ann.id}] ответит", is_internal=False)
    bodies = [said.body for said in perform(greg, see_shared_task, task_id=task.id).comments]

    assert bodies == [f"@[{bob.id}] кто вы?", "@Анна ответит"]


def test_a_guest_takes_back_their_own_words_only(ann: Actor, greg: Actor) -> None:
    task = make.task(ann, shared_with=greg)
    hers = perform(ann, add_comment, card="task", card_id=task.id, body="Добрый день!", is_internal=False)
    internal = perform(ann, add_comment, card="task", card_id=task.id, body="Между нами")
    his = perform(greg, add_comment, card="task", card_id=task.id, body="Ой")
    perform(greg, remove_comment, comment_id=his.id)
    with pytest.raises(Forbidden):
        perform(greg, remove_comment, comment_id=hers.id)
    with pytest.raises(NotFound):
        perform(greg, remove_comment, comment_id=internal.id)

    assert [said.body for said in perform(greg, see_shared_task, task_id=task.id).comments] == ["Добрый день!"]


def test_open_and_closed_tasks_are_two_lists(ann: Actor, greg: Actor) -> None:
    for title in ("Первая", "Вторая", "Третья"):
        make.task(ann, title, shared_with=greg)
    first = perform(greg, list_shared_tasks, limit=2)
    rest = perform(greg, list_shared_tasks, after=first.next)
    for row in (*first.rows[1:], *rest.rows):
        perform(ann, close_task, task_id=row.id)
    closed = perform(greg, list_closed_shared_tasks, limit=1).rows
    older = perform(greg, list_closed_shared_tasks, before=closed[0].id).rows

    assert [row.title for row in (*first.rows, *rest.rows)] == ["Первая", "Вторая", "Третья"]
    assert [row.title for row in perform(greg, list_shared_tasks).rows] == ["Первая"]
    assert [row.title for row in (*closed, *older)] == ["Третья", "Вторая"]


def test_a_deleted_task_is_gone_for_its_guest(ann: Actor, greg: Actor) -> None:
    task = make.task(ann, shared_with=greg)
    perform(ann, delete_task, task_id=task.id)
    with pytest.raises(NotFound):
        perform(greg, see_shared_task, task_id=task.id)


@pytest.mark.parametrize("ask", [list_shared_tasks, list_closed_shared_tasks, see_shared_task])
def test_the_portal_is_for_guests_alone(ask: object, ann: Actor, adam: Actor) -> None:
    for employee in (ann, adam):
        with pytest.raises(Forbidden):
            perform(employee, ask, **({"task_id": 1} if ask is see_shared_task else {}))


def test_a_place_that_is_none_is_refused(greg: Actor) -> None:
    with pytest.raises(BadInput):
        perform(greg, list_shared_tasks, after="nonsense")

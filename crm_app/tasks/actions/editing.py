"""Tasks are made, changed, given to somebody, closed and reopened."""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime
from typing_extensions import TypedDict

from crm_app.access.models import Employee
from crm_app.cards.actions.changing import check_given
from crm_app.cards.merged import standing
from crm_app.core.door import Tx, action
from crm_app.core.errors import RuleBroken
from crm_app.tasks import rules
from crm_app.tasks.actions.ties import put_tie
from crm_app.tasks.actions.trace import index, told, wake_guests
from crm_app.tasks.events import TaskChanged, TaskClosed, TaskCreated, TaskReopened
from crm_app.tasks.models import Task


class TaskChanges(TypedDict, total=False):
    """What may be changed of a task; what is left out stays as it is. deadline: None takes it away."""

    title: str
    body: str
    responsible_id: int
    deadline: AwareDatetime | None


class CardName(TypedDict):
    """A card that a task is about."""

    card: str
    card_id: int


@action("task.create")
def create_task(
    tx: Tx,
    title: str,
    body: str = "",
    responsible_id: int | None = None,
    deadline: AwareDatetime | None = None,
    about: list[CardName] | None = None,
) -> Task:
    """Ask something of an employee: of oneself where no other is named. about: the cards that it concerns."""
    responsible_id = tx.actor.id if responsible_id is None else responsible_id
    check_given(tx, "task", {"body": body, "responsible_id": responsible_id, "deadline": deadline})
    task = Task(
        title=rules.clean_title(title),
        body=rules.clean_body(body),
        author_id=tx.actor.id,
        responsible_id=responsible_id,
        deadline=deadline,
        created_at=tx.now,
        updated_at=tx.now,
    )
    check_works_here(tx, responsible_id)
    tx.add(task)
    for name in about or []:
        put_tie(tx, task, name["card"], standing(tx, name["card"], name["card_id"]))
    index(tx, task)
    tx.record(TaskCreated(card_id=task.id, responsible_id=responsible_id, **told(tx, task)))
    return task


@action("task.change")
def change_task(tx: Tx, task_id: int, changes: TaskChanges, seen_at: AwareDatetime | None = None) -> Task:
    """Change an open task: its words, its deadline, whom it is given to.

    seen_at: when the task that one has seen was changed last; another's change since then is a conflict.
    """
    task = tx.need(Task, task_id)
    if seen_at is not None and seen_at != task.updated_at:
        raise RuleBroken("core.error.conflict")
    rules.check_open(task.status)
    wanted: dict[str, Any] = dict(changes)
    if "title" in wanted:
        wanted["title"] = rules.clean_title(wanted["title"])
    if "body" in wanted:
        wanted["body"] = rules.clean_body(wanted["body"])
    if "responsible_id" in wanted:
        check_works_here(tx, wanted["responsible_id"])
    differences = {name: [getattr(task, name), value] for name, value in wanted.items() if getattr(task, name) != value}
    if differences:
        for name, (_, value) in differences.items():
            setattr(task, name, value)
        task.updated_at = tx.now
        index(tx, task)
        tx.record(TaskChanged(card_id=task_id, changes=_as_json(differences), **told(tx, task)))
        wake_guests(tx, task_id)
    return task


@action("task.change")
def close_task(tx: Tx, task_id: int, status: str = rules.DONE) -> Task:
    """Close a task: it is done, or cancelled."""
    task = tx.need(Task, task_id)
    rules.check_open(task.status)
    rules.check_closing(status)
    task.status, task.closed_at, task.updated_at = status, tx.now, tx.now
    tx.record(TaskClosed(card_id=task_id, status=status, **told(tx, task)))
    wake_guests(tx, task_id)
    return task


@action("task.change")
def reopen_task(tx: Tx, task_id: int) -> Task:
    """Open a closed task again."""
    task = tx.need(Task, task_id)
    rules.check_closed(task.status)
    task.status, task.closed_at, task.updated_at = rules.OPEN, None, tx.now
    tx.record(TaskReopened(card_id=task_id, **told(tx, task)))
    wake_guests(tx, task_id)
    return task


def check_works_here(tx: Tx, employee_id: int) -> None:
    """Raises RuleBroken where the employee is unknown or can't log in any more."""
    employee = tx.find(Employee, employee_id)
    rules.check_may_be_responsible(employee is not None and employee.disabled_at is None)


def _as_json(differences: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {
        name: [value.isoformat() if hasattr(value, "isoformat") else value for value in pair]
        for name, pair in differences.items()
    }

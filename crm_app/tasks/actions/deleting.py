"""Tasks go to the bin and come back."""

from __future__ import annotations

from crm_app.cards.bins import BinKind, register_bin
from crm_app.cards.hanging import goes_with
from crm_app.cards.rights import check_reached
from crm_app.core import search
from crm_app.core.door import Tx, action
from crm_app.tasks import rules
from crm_app.tasks.actions.trace import index, told, wake_guests
from crm_app.tasks.events import TaskDeleted, TaskRestored
from crm_app.tasks.models import Task, TaskLink


@action("task.delete")
def delete_task(tx: Tx, task_id: int) -> None:
    """Move a task to the bin."""
    task = tx.need(Task, task_id)
    check_reached(tx.actor, "task.delete", task)
    tx.record(TaskDeleted(card_id=task_id, **told(tx, task)))
    wake_guests(tx, task_id)
    task.deleted_at = tx.now
    search.drop(tx.session, "task", [task_id])


@action("task.delete")
def restore_task(tx: Tx, task_id: int) -> Task:
    """Take a task out of the bin."""
    with tx.with_bin():
        task = tx.need(Task, task_id)
        check_reached(tx.actor, "task.delete", task)
        rules.check_in_bin(task.deleted_at)
        task.deleted_at, task.updated_at = None, tx.now
        tx.session.flush()
    index(tx, task)
    tx.record(TaskRestored(card_id=task_id, **told(tx, task)))
    wake_guests(tx, task_id)
    return task


register_bin("task", BinKind(restore_task, delete_task, TaskDeleted))
goes_with(TaskLink, "task_id", "task")
goes_with(TaskLink, "card_id")

"""What follows from what happened to a task: those whom it concerns are told, the one who did it apart."""

from __future__ import annotations

from crm_app.access.models import Employee
from crm_app.cards.actions.notifications import notify
from crm_app.cards.events import CommentAdded
from crm_app.cards.models import Comment
from crm_app.core.door import Tx
from crm_app.core.events import reaction
from crm_app.tasks.events import TaskChanged, TaskClosed, TaskCreated, TaskFact, TaskReopened
from crm_app.tasks.models import Task


@reaction(TaskCreated)
def tell_of_new_task(tx: Tx, fact: TaskCreated) -> None:
    """Tell the employee whom a task was given to."""
    _tell(tx, fact, "tasks.notice.assigned", {fact.responsible_id})


@reaction(TaskChanged)
def tell_of_new_responsible(tx: Tx, fact: TaskChanged) -> None:
    """Tell the employee whom a task was passed on to."""
    pair = (fact.changes or {}).get("responsible_id")
    if pair:
        _tell(tx, fact, "tasks.notice.assigned", {pair[1]})


@reaction(TaskClosed)
def tell_of_close(tx: Tx, fact: TaskClosed) -> None:
    """Tell author and responsible that a task was closed."""
    _tell(tx, fact, f"tasks.notice.{fact.status}", _concerned(tx, fact))


@reaction(TaskReopened)
def tell_of_reopening(tx: Tx, fact: TaskReopened) -> None:
    """Tell author and responsible that a task is open again."""
    _tell(tx, fact, "tasks.notice.reopened", _concerned(tx, fact))


@reaction(CommentAdded)
def tell_author_of_comment(tx: Tx, fact: CommentAdded) -> None:
    """Tell the author of a task of what was said on it; the responsible and those mentioned are told by `cards`."""
    if fact.kind != "task":
        return
    task, comment = tx.find(Task, fact.card_id), tx.find(Comment, fact.comment_id)
    if task is None or comment is None or task.author_id in {task.responsible_id, *fact.mentioned}:
        return
    if (comment.author_kind, comment.author_id) != ("employee", task.author_id):
        notify(
            tx, task.author_id, "cards.notice.comment", "task", fact.card_id, who=comment.author_name, title=task.title
        )


def _concerned(tx: Tx, fact: TaskFact) -> set[int]:
    task = tx.find(Task, fact.card_id)
    return {task.author_id, task.responsible_id} if task is not None else set()


def _tell(tx: Tx, fact: TaskFact, key: str, employee_ids: set[int]) -> None:
    doer = tx.find(Employee, fact.by_id)
    for employee_id in sorted(employee_ids - {fact.by_id}):
        if tx.find(Employee, employee_id) is not None:
            who = doer.name if doer is not None else ""
            notify(tx, employee_id, key, "task", fact.card_id, who=who, title=fact.title)

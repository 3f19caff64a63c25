"""What a task is about: the cards that it is tied to."""

from __future__ import annotations

from sqlalchemy import func, select

from crm_app.cards.kinds import need_card
from crm_app.cards.merged import standing
from crm_app.core.door import Tx, action
from crm_app.tasks import rules
from crm_app.tasks.actions.trace import told
from crm_app.tasks.events import TaskTied, TaskUntied
from crm_app.tasks.models import Task, TaskLink


@action("task.change")
def tie_task(tx: Tx, task_id: int, card: str, card_id: int) -> None:
    """Tie a task to a card that the actor sees: it is shown there too."""
    task = tx.need(Task, task_id)
    tx.check_change(task)
    card_id = standing(tx, card, card_id)
    if put_tie(tx, task, card, card_id):
        task.updated_at = tx.now
        tx.record(TaskTied(card_id=task_id, to=[card, card_id], **told(tx, task)))


@action("task.change")
def untie_task(tx: Tx, task_id: int, card: str, card_id: int) -> None:
    """Take a task off a card."""
    task = tx.need(Task, task_id)
    tx.check_change(task)
    tie = tx.need(TaskLink, (task_id, card, card_id))
    facts = told(tx, task)
    tx.remove(tie)
    task.updated_at = tx.now
    tx.record(TaskUntied(card_id=task_id, from_=[card, card_id], **facts))


def put_tie(tx: Tx, task: Task, card: str, card_id: int) -> bool:
    """Tie a task to a card; False where it is tied already. The caller has checked the change."""
    rules.check_kind_of_tie(card)
    need_card(tx, card, card_id)
    if tx.find(TaskLink, (task.id, card, card_id)) is not None:
        return False
    ties = select(func.count()).select_from(TaskLink).where(TaskLink.task_id == task.id)
    rules.check_links(tx.scalar(ties) + 1)
    tx.add(TaskLink(task_id=task.id, card=card, card_id=card_id))
    return True

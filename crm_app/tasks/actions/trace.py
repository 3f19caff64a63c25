"""What each change of a task leaves behind: its fact, its words in the search, and the guests who look again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from crm_app.cards.models import Share
from crm_app.core import search
from crm_app.core.door import Tx
from crm_app.tasks.models import Task, TaskLink


def told(tx: Tx, task: Task) -> dict[str, Any]:
    """What every fact about a task tells."""
    ties = select(TaskLink.card, TaskLink.card_id).where(TaskLink.task_id == task.id)
    return {
        "title": task.title,
        "by_id": tx.actor.id if tx.actor.is_employee else 0,
        "cards": [[row.card, row.card_id] for row in tx.all(ties)],
    }


def index(tx: Tx, task: Task) -> None:
    """Have a task found by its words."""
    search.put(tx.session, "task", task.id or 0, task.title, task.body)


def wake_guests(tx: Tx, task_id: int) -> None:
    """Have the guests who see a task look again."""
    guests = tx.all(select(Share.guest_id).where(Share.card == "task", Share.card_id == task_id))
    tx.announce(*(f"guest:{guest_id}" for guest_id in guests))

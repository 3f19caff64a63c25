"""Tasks about a card that is made one with another."""

from __future__ import annotations

from crm_app.core.door import Tx
from crm_app.duplicates.ties import tie
from crm_app.tasks.models import TaskLink


def tasks_moved(tx: Tx, ids: list[int]) -> None:
    """Their pages show what they are about."""
    tx.announce("tasks", *(f"task:{task_id}" for task_id in ids))


tie(TaskLink, "card_id", moved=tasks_moved)

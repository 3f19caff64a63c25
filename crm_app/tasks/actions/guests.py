"""What a guest may see of the tasks is opened and closed here, one task at a time."""

from __future__ import annotations

from crm_app.access.models import Guest
from crm_app.cards.actions.shares import share_card, unshare_card
from crm_app.cards.kinds import need_card
from crm_app.core.door import Tx, action
from crm_app.tasks import rules
from crm_app.tasks.models import Task


@action("task.share")
def share_task_with_guest(tx: Tx, task_id: int, guest_id: int) -> None:
    """Open a task to a guest who has access and whose card the actor sees."""
    task = tx.need(Task, task_id)
    tx.check_change(task)
    guest = tx.need(Guest, guest_id)
    need_card(tx, "client", guest.card_id)
    rules.check_has_access(guest.revoked_at is None, guest.name)
    share_card(tx, "task", task_id, guest_id)
    tx.announce(f"guest:{guest_id}")


@action("task.share")
def unshare_task_with_guest(tx: Tx, task_id: int, guest_id: int) -> None:
    """Close a task to a guest."""
    task = tx.need(Task, task_id)
    tx.check_change(task)
    unshare_card(tx, "task", task_id, guest_id)
    tx.announce(f"guest:{guest_id}")

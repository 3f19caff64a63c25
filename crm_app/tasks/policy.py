"""Who sees and changes tasks: their author and their responsible employee, others by scope; a guest, what is shared."""

from __future__ import annotations

from sqlalchemy import exists, false, select

from crm_app.access.roles import grant
from crm_app.cards.kinds import CardKind, register
from crm_app.cards.models import Share
from crm_app.cards.rights import by_reach
from crm_app.core.actor import Actor
from crm_app.core.policy import Condition, exists_visible, policy
from crm_app.tasks.models import Task, TaskLink

grant("task.see", head="department", manager="department", marketer="own")
grant("task.create", head="department", manager="own", marketer="own")
grant("task.change", head="department", manager="own", marketer="own")
grant("task.share", head="department", manager="own")
grant("task.delete", head="department", manager="own", marketer="own")

register(
    CardKind(
        "task", number=3, model=Task, href="/tasks/{id}", title=Task.title, people=("author_id", "responsible_id"),
        guarded=("author_id", "responsible_id", "deadline", "body"),
    )
)  # fmt: skip

_seen, _changed = by_reach("task.see"), by_reach("task.change")


def seen(actor: Actor) -> Condition:
    """Tasks that exist for the actor."""
    if actor.is_guest:
        shared = select(Share.card_id).where(Share.guest_id == actor.id, Share.card == "task")
        return Task.id.in_(shared)
    return _seen(actor)


def _links_seen(actor: Actor) -> Condition:
    if not actor.is_employee:
        return false()
    return exists_visible(Task, TaskLink.task_id, actor)


def _links_changed(actor: Actor) -> Condition:
    condition = _changed(actor)
    if isinstance(condition, bool):
        return condition
    return exists().where(Task.id == TaskLink.task_id, condition).correlate_except(Task)


policy(Task, see=seen, change=_changed)
policy(TaskLink, see=_links_seen, change=_links_changed)

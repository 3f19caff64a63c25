"""Who sees and changes tasks: their author and their responsible employee, others by scope; a guest, what is shared."""

from __future__ import annotations

from sqlalchemy import exists, false, or_, select

from crm_app.access.roles import grant
from crm_app.cards.kinds import CardKind, register
from crm_app.cards.models import Share
from crm_app.core.actor import Actor
from crm_app.core.policy import Condition, exists_visible, policy
from crm_app.tasks.models import Task, TaskLink

grant("task.see", head="department", manager="department", marketer="own")
grant("task.create", head="department", manager="own", marketer="own")
grant("task.change", head="department", manager="own", marketer="own")
grant("task.share", head="department", manager="own")
grant("task.delete", head="department", manager="own", marketer="own")

register(CardKind(key="task", number=3, model=Task, href="/tasks/{id}", title=Task.title))


def seen(actor: Actor) -> Condition:
    """Tasks that exist for the actor."""
    if actor.is_guest:
        shared = select(Share.card_id).where(Share.guest_id == actor.id, Share.card == "task")
        return Task.id.in_(shared)
    return _of_people(actor, "task.see")


def changed(actor: Actor) -> Condition:
    """Tasks that the actor may change."""
    return _of_people(actor, "task.change")


def _of_people(actor: Actor, permission: str) -> Condition:
    scope = actor.scope(permission)
    if not scope or scope == "all":
        return scope == "all"
    people = actor.colleagues if scope == "department" else (actor.id,)
    return or_(Task.author_id.in_(people), Task.responsible_id.in_(people))


def _links_seen(actor: Actor) -> Condition:
    if not actor.is_employee:
        return false()
    return exists_visible(Task, TaskLink.task_id, actor)


def _links_changed(actor: Actor) -> Condition:
    condition = changed(actor)
    if isinstance(condition, bool):
        return condition
    return exists().where(Task.id == TaskLink.task_id, condition).correlate_except(Task)


policy(Task, see=seen, change=changed)
policy(TaskLink, see=_links_seen, change=_links_changed)

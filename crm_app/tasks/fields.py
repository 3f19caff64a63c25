"""What lists of tasks can be filtered and sorted by."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, select

from crm_app.cards.columns import Columns, register_columns
from crm_app.cards.filter_fields import employee_field, fields_of_every_card, in_index, text_fields
from crm_app.cards.filters import FilterField
from crm_app.cards.lists import CardList, register_list
from crm_app.cards.next_steps import next_step
from crm_app.clients.models import Client
from crm_app.core import i18n
from crm_app.core.door import Tx
from crm_app.core.folding import fold
from crm_app.core.paging import Order
from crm_app.core.policy import visible
from crm_app.tasks import rules
from crm_app.tasks.models import Task, TaskLink

SORTS: dict[str, tuple[Any, ...]] = {
    "deadline": (Task.deadline,),
    "status": (Task.status,),
    "created_at": (Task.created_at,),
    "updated_at": (Task.updated_at,),
}
BY_DEADLINE = Order("deadline", (Task.deadline, Task.id))


def _status_name(tx: Tx, value: Any) -> str:
    return i18n.text(f"tasks.status.{value}", tx.actor.locale) if value in rules.STATUSES else str(value)


def _statuses(tx: Tx) -> list[tuple[str, str]]:
    return [(status, _status_name(tx, status)) for status in rules.STATUSES]


def _about_client(tx: Tx, words: str | None) -> ColumnElement[bool]:
    """Tasks about a client that the reader sees, by a part of its name."""
    clients = select(Client.id).where(visible(Client, tx.actor))
    if words is not None:
        clients = clients.where(Client.sort_name.contains(fold(words), autoescape=True))
    return Task.id.in_(select(TaskLink.task_id).where(TaskLink.card == "client", TaskLink.card_id.in_(clients)))


def _tasks_of_deals() -> tuple[Any, Select[Any]]:
    """A deal with a task that is open has a next step."""
    column: Any = TaskLink.card_id
    linked = select(column).join(Task, Task.id == TaskLink.task_id)
    return column, linked.where(TaskLink.card == "deal", Task.status == rules.OPEN)


next_step("deal", _tasks_of_deals)

FILTERS: dict[str, FilterField] = {
    "title": FilterField("text", "field.task.title", Task.title, search=in_index("task", Task.id)),
    **text_fields("task", Task, ("body",), long=("body",)),
    "status": FilterField("choice", "field.task.status", Task.status, name_of=_status_name, options=_statuses),
    "author_id": employee_field(Task.author_id, "field.task.author_id"),
    "responsible_id": employee_field(Task.responsible_id, "field.task.responsible_id"),
    "client": FilterField("set", "tasks.client", holds=_about_client, by_part=True, needs="client.see"),
    "deadline": FilterField("moment", "field.task.deadline", Task.deadline),
    "created_at": FilterField("moment", "field.task.created_at", Task.created_at),
    "updated_at": FilterField("moment", "field.task.updated_at", Task.updated_at),
    "closed_at": FilterField("moment", "field.task.closed_at", Task.closed_at),
    **fields_of_every_card("task", Task.id),
}

register_list(CardList("task", "/tasks", "task.see", FILTERS))

_FACES = {
    "done": "tasks.close", "title": "field.task.title", "about": "tasks.about",
    "responsible": "field.task.responsible_id", "author": "field.task.author_id", "deadline": "field.task.deadline",
    "status": "field.task.status", "created_at": "field.task.created_at",
}  # fmt: skip
register_columns("task", Columns(_FACES, ("updated_at", "closed_at"), SORTS, spare=("author",), always="title"))

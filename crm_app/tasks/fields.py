"""What lists of tasks can be filtered by."""

from __future__ import annotations

from typing import Any

from crm_app.cards.filter_fields import employee_field, in_index, search_field, star_field, tag_field
from crm_app.cards.filters import FilterField
from crm_app.core import i18n
from crm_app.core.door import Tx
from crm_app.tasks import rules
from crm_app.tasks.models import Task


def _status_name(tx: Tx, value: Any) -> str:
    return i18n.text(f"tasks.status.{value}", tx.actor.locale) if value in rules.STATUSES else str(value)


FILTERS: dict[str, FilterField] = {
    "title": FilterField("text", "field.task.title", Task.title, search=in_index("task", Task.id)),
    "status": FilterField("choice", "field.task.status", Task.status, name_of=_status_name),
    "author_id": employee_field(Task.author_id, "field.task.author_id"),
    "responsible_id": employee_field(Task.responsible_id, "field.task.responsible_id"),
    "deadline": FilterField("moment", "field.task.deadline", Task.deadline),
    "created_at": FilterField("moment", "field.task.created_at", Task.created_at),
    "updated_at": FilterField("moment", "field.task.updated_at", Task.updated_at),
    "closed_at": FilterField("moment", "field.task.closed_at", Task.closed_at),
    "tags": tag_field("task", Task.id),
    "star": star_field("task", Task.id),
    "text": search_field("task", Task.id),
}

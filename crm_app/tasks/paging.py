"""The order of every list of tasks, by deadline with those without one last, and a place in it."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from crm_app.core.errors import BadInput
from crm_app.tasks.models import Task

_deadline: Any = Task.deadline
_id: Any = Task.id

ORDER = (_deadline.is_(None), _deadline, _id)


def cursor(deadline: datetime | None, task_id: int) -> str:
    """The place of a task in the order, as a word for addresses."""
    place = [deadline.isoformat() if deadline else None, task_id]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def behind(word: str) -> ColumnElement[bool]:
    """The condition that a task comes after a place. Raises BadInput for a word that is no place."""
    deadline, task_id = _read(word)
    if deadline is None:
        return and_(_deadline.is_(None), _id > task_id)
    return or_(_deadline > deadline, and_(_deadline == deadline, _id > task_id), _deadline.is_(None))


def _read(word: str) -> tuple[datetime | None, int]:
    try:
        deadline, task_id = json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
        moment = datetime.fromisoformat(deadline) if deadline is not None else None
        if type(task_id) is not int or (moment is not None and moment.tzinfo is None):
            raise ValueError(word)
    except (ValueError, TypeError, binascii.Error):
        raise BadInput("core.error.bad_arguments", fields="after") from None
    return moment, task_id

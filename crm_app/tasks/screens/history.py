"""Lines of a task's timeline: what happened, in the reader's words, with old and new values."""

from __future__ import annotations

from typing import TypedDict

from crm_app.cards.queries import TimelineRow
from crm_app.core.i18n import text

ICONS = {
    "TaskCreated": "plus",
    "TaskClosed": "check",
    "TaskReopened": "arrow-right",
    "TaskDeleted": "trash-2",
    "CommentAdded": "message-square",
    "FileAdded": "file",
    "FileRemoved": "trash-2",
    "TagsChanged": "tag",
    "SharedWithGuest": "user",
    "UnsharedWithGuest": "ban",
}


class EventLine(TypedDict):
    """One line: who is "" where the sentence names them; detail names the fields that changed."""

    id: int
    icon: str
    who: str
    what: str
    detail: str
    at: str


def event_line(row: TimelineRow, locale: str) -> EventLine:
    """A fact of the timeline as the browser gets it."""
    changes = row.details.get("changes") or {}
    what = text(f"fact.{row.name}", locale, **{**row.details, "who": row.actor_name})
    return {
        "id": row.id,
        "icon": ICONS.get(row.name, "pencil"),
        "who": "" if row.actor_name and row.actor_name in what else row.actor_name,
        "what": what,
        "detail": ", ".join(text(f"field.task.{field}", locale) for field in changes),
        "at": row.at.isoformat(),
    }

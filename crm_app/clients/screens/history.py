"""Lines of a client's timeline: what happened, in the reader's words, with old and new values."""

from __future__ import annotations

from typing import Any, TypedDict

from crm_app.cards.queries import TimelineRow
from crm_app.clients import rules
from crm_app.core.i18n import text
from crm_app.core.money import Money
from crm_app.core.phones import show_phone

ICONS = {
    "ClientAdded": "plus", "ClientRemoved": "trash-2", "ClientRestored": "arrow-right",
    "CommentAdded": "message-square", "FileAdded": "file", "FileRemoved": "trash-2", "TagsChanged": "tag",
    "GuestInvited": "user", "GuestRevoked": "ban", "SharedWithGuest": "user", "UnsharedWithGuest": "ban",
}  # fmt: skip


MONEY = frozenset({"revenue", "amount", "price"})
"""Fields that a fact tells in minor units."""


class ChangeLine(TypedDict):
    """One field that changed, as people read it."""

    field: str
    old: str
    new: str


class EventLine(TypedDict):
    """One line of the timeline; who is "" where nobody is known."""

    id: int
    icon: str
    who: str
    what: str
    at: str
    changes: list[ChangeLine]


def event_line(row: TimelineRow, locale: str, employees: dict[int, str]) -> EventLine:
    """A fact of the timeline as the browser gets it. employees: names by id, for changes of who is responsible."""
    changes = row.details.get("changes") or {}
    what = text(f"fact.{row.name}", locale, **{**_plain(row.details), "who": row.actor_name})
    return {
        "id": row.id,
        "icon": ICONS.get(row.name, "pencil"),
        "who": "" if row.actor_name and row.actor_name in what else row.actor_name,
        "what": what,
        "at": row.at.isoformat(),
        "changes": [
            {
                "field": text(f"field.{row.card}.{field}", locale),
                "old": _shown(field, pair[0], locale, employees),
                "new": _shown(field, pair[1], locale, employees),
            }
            for field, pair in changes.items()
        ],
    }


def _plain(details: dict[str, Any]) -> dict[str, Any]:
    return {name: ", ".join(map(str, value)) if isinstance(value, list) else value for name, value in details.items()}


def _shown(field: str, value: Any, locale: str, employees: dict[int, str]) -> str:
    if value is None or value == "" or value == []:
        return "—"
    if field in rules.WORDS:
        return rules.word_label(field, str(value), locale)
    if field == "responsible_id":
        return employees.get(value, str(value))
    if field in MONEY:
        return Money(int(value)).format(locale or "ru")
    if field == "kind":
        return text(f"clients.kind.{value}", locale)
    if isinstance(value, list):
        return ", ".join(show_phone(part) if field == "phones" else str(part) for part in value)
    return str(value)

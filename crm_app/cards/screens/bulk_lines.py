"""Changes of many cards as the browser gets them: what was done, in the reader's words, and what has come of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from crm_app.access.queries import name_employees
from crm_app.access.screens.base import Screen, Undo, Way
from crm_app.cards.actions.bulk_changes import undo_bulk
from crm_app.cards.bulk_rules import AT_WORK, CHANGED, LEFT, NOT_YOURS, REFUSED, RUNNING, TAKEN, UNDOING, UNDONE
from crm_app.cards.field_queries import told_fields
from crm_app.cards.field_rules import PREFIX
from crm_app.cards.queries.bulk_changes import BulkState, list_left
from crm_app.cards.screens.history import Custom, is_employee, words_of
from crm_app.core.i18n import text

TONES = {
    "running": "info", "undoing": "info", "done": "good", "stopped": "warn", "failed": "bad", "undone": "none"
}  # fmt: skip


class BulkLine(TypedDict):
    """One change of many cards. who: "" where it is one's own; counts: in words; left: cards that were left alone."""

    id: int
    what: str
    of: str
    who: str
    state: str
    tone: str
    error: str
    outcome: str
    done: int
    total: int
    is_at_work: bool
    may_undo: bool
    left: int
    at: str


async def bulk_lines(screen: Screen, changes: list[BulkState]) -> list[BulkLine]:
    """Changes with their values told in the reader's words."""
    given = [(change.card, change.arguments) for change in changes if change.operation == "set"]
    ids = [a["value"] for card, a in given if is_employee(card, a["field"]) and isinstance(a["value"], int)]
    names = await screen._ask(name_employees, ids=ids) if ids else {}
    own = [{a["field"].removeprefix(PREFIX): a["value"]} for _, a in given if a["field"].startswith(PREFIX)]
    cards = sorted({card for card, a in given if a["field"].startswith(PREFIX)})
    fields, called = await screen._ask(told_fields, cards=cards, values=own) if own else ([], {})
    custom = Custom({(field.card, field.full): field for field in fields}, called)
    return [_line(change, screen._locale, names, custom) for change in changes]


async def tell_outcome(screen: Screen, change: Any) -> None:
    """Show in the corner what has come of a change; its button takes it back. change: the row, or its state."""
    counts, undo = change.counts, Undo(undo_bulk, {"bulk_id": change.id})
    changed, left = counts.get(CHANGED, 0), counts.get(NOT_YOURS, 0) + counts.get(REFUSED, 0)
    if change.state == RUNNING:
        await screen._toast("cards.bulk.begun", level="info", n=change.total)
    elif change.state == UNDONE:
        taken, kept = counts.get(TAKEN, 0), counts.get(LEFT, 0)
        way = _way_to_left(screen, change.id) if kept else None
        await screen._toast("cards.bulk.undone_but" if kept else "cards.bulk.undone", way=way, n=taken, left=kept)
    elif change.state != UNDOING and counts.get(REFUSED, 0):
        await _tell_refused(screen, change, undo if changed else None, changed, left)
    elif change.state != UNDOING and not changed:
        await screen._toast("cards.bulk.none", level="info")
    elif change.state != UNDOING:
        await screen._toast("cards.bulk.done_but" if left else "cards.bulk.done", undo=undo, n=changed, left=left)


async def _tell_refused(screen: Screen, change: Any, undo: Undo | None, changed: int, left: int) -> None:
    """How many a rule refused, the first of them with its reasons, and the way to all."""
    first = await screen._ask(list_left, bulk_id=change.id, limit=1)
    why = "".join(f"{each.title} \u2014 {'; '.join(each.why)}" for each in first)
    key = "cards.bulk.moved_but" if change.operation == "move" else "cards.bulk.refused"
    way = _way_to_left(screen, change.id)
    await screen._toast(key, level="warn", undo=undo, way=way, n=changed, left=left, why=why)


def _way_to_left(screen: Screen, bulk_id: int) -> Way:
    return Way(f"/bulk?left={bulk_id}", text("cards.bulk.why", screen._locale))


def _line(change: BulkState, locale: str, employees: Mapping[int, str], custom: Custom) -> BulkLine:
    counts = change.counts
    told = [text(f"cards.bulk.count.{name}", locale, n=n) for name, n in counts.items() if n]
    return {
        "id": change.id,
        "what": _what(change, locale, employees, custom),
        "of": text(f"cards.bulk.of.{change.card}", locale),
        "who": "" if change.is_mine else change.employee,
        "state": text(f"cards.bulk.state.{change.state}", locale),
        "tone": TONES[change.state],
        "error": text(change.error, locale, **change.error_params) if change.error else "",
        "outcome": ", ".join(told),
        "done": counts.get(TAKEN, 0) + counts.get(LEFT, 0) if change.state == UNDOING else change.done,
        "total": counts.get(CHANGED, 0) if change.state == UNDOING else change.total,
        "is_at_work": change.is_mine and change.state in AT_WORK,
        "may_undo": change.may_undo,
        "left": counts.get(LEFT, 0) + counts.get(REFUSED, 0),
        "at": change.created_at.isoformat(),
    }


def _what(change: BulkState, locale: str, employees: Mapping[int, str], custom: Custom) -> str:
    if change.operation != "set":
        return text(f"cards.bulk.what.{change.operation}", locale, name=change.arguments.get("name", ""))
    field, value = change.arguments["field"], change.arguments["value"]
    label, shown = words_of(change.card, field, value, locale, employees, custom)
    return text("cards.bulk.what.set" if shown else "cards.bulk.what.clear", locale, field=label, value=shown)

"""Lines of a card's timeline: what happened, in the reader's words, with the old and the new value of each field.

Each feature tells once how the fields of its cards are read: `shape_fields("deal", amount="money")`. Money, days and
moments travel as they are stored: the browser writes them in the reader's language and time zone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypedDict

from babel.dates import format_date

from crm_app.cards.events import AddedFact, ChangedFact, RemovedFact, RestoredFact
from crm_app.cards.field_rules import PREFIX, Definition
from crm_app.cards.field_values import Names, show_value
from crm_app.cards.queries.every_card import TimelineRow
from crm_app.core.events import Fact
from crm_app.core.i18n import text
from crm_app.core.money import DEFAULT_CURRENCY, Money

FieldShape = Literal["text", "money", "day", "moment", "employee", "picture"] | Callable[[Any, str], str]
"""How a stored value is read; a function takes the value and the reader's language."""

ICONS = {
    "ContactLinked": "user", "ContactUnlinked": "ban",
    "LeadBecameContact": "user", "LeadBecameClient": "user", "LeadBecameDeal": "arrow-right", "ConversionUndone": "ban",
    "LeadMoved": "arrow-right", "LeadTouched": "phone",
    "DealAdded": "plus", "DealMoved": "arrow-right", "DealOrderOverridden": "triangle-alert",
    "DealApprovalAsked": "clock", "DealApprovalLate": "triangle-alert", "DealApprovalGiven": "check",
    "DealApprovalRefused": "ban", "DealApprovalVoided": "triangle-alert", "DealApprovalWithdrawn": "ban",
    "DealApprovalEnded": "ban",
    "DealCarriedOver": "arrow-right", "LeadCarriedOver": "arrow-right",
    "DealDeleted": "trash-2", "DealRestored": "arrow-right",
    "DealItemAdded": "plus", "DealItemRemoved": "trash-2", "DealItemsReordered": "arrow-right",
    "DealActionPlanned": "clock", "DealActionDone": "check",
    "DealActionDropped": "ban",
    "TaskCreated": "plus", "TaskClosed": "check", "TaskReopened": "arrow-right", "TaskDeleted": "trash-2",
    "TaskRestored": "arrow-right",
    "CommentAdded": "message-square", "FileAdded": "file", "FileRemoved": "trash-2", "TagsChanged": "tag",
    "CardsLinked": "link", "CardsUnlinked": "ban",
    "FollowerAdded": "bell", "FollowerRemoved": "ban",
    "CardsMerged": "users", "CardSplit": "arrow-right", "ValuesLeft": "ban",
    "ScenarioBegan": "arrow-right", "ScenarioFailed": "triangle-alert", "ScenarioStopped": "ban",
    "GuestInvited": "user", "GuestRevoked": "ban", "SharedWithGuest": "user", "UnsharedWithGuest": "ban",
}  # fmt: skip
ICONS_OF_KINDS: dict[type[Fact], str] = {AddedFact: "plus", RemovedFact: "trash-2", RestoredFact: "arrow-right"}

DOORS = ("api", "import", "form", "bulk", "worker", "cli", "scenario")
"""Doors that are told: whoever came by the screen is told by their name alone."""
_SHOWN_BY_BROWSER = ("money", "day", "moment", "picture")
_CUSTOM_SHAPES = {"money": "money", "date": "day", "datetime": "moment"}
_shapes: dict[str, Mapping[str, FieldShape]] = {}


class ChangeLine(TypedDict):
    """One field that changed; "" is nothing. shape: "money", "day", "moment" or "picture" where the browser shows them.

    name: what the field is stored by; fact_id: of the change, 0 for one that is not set back.
    """

    fact_id: int
    name: str
    field: str
    shape: str
    old: str
    new: str
    currency: str


class EventLine(TypedDict):
    """One line of the timeline; who is "" where the sentence names them, and where nobody is known.

    door: by what door it came, "" for the screen; is_change: of fields of this very card.
    """

    id: int
    door: str
    is_change: bool
    icon: str
    who: str
    what: str
    at: str
    changes: list[ChangeLine]


@dataclass(frozen=True)
class Custom:
    """What a timeline has to know of custom fields. fields: by card and full name; names: of what values refer to."""

    fields: Mapping[tuple[str, str], Definition]
    names: Names


def custom_in(rows: list[TimelineRow]) -> set[str]:
    """Kinds of card of whose custom fields changes tell."""
    return {row.card for row in rows if any(field.startswith(PREFIX) for field in _changes(row))}


def values_in(rows: list[TimelineRow]) -> list[dict[str, Any]]:
    """The values of custom fields that changes tell of, by key."""
    changed = [{name.removeprefix(PREFIX): pair for name, pair in _changes(row).items()} for row in rows]
    return [{key: pair[side] for key, pair in values.items()} for values in changed for side in (0, 1)]


def shape_fields(card: str, **shapes: FieldShape) -> None:
    """Tell how the fields of a kind of card are read on timelines; those that are not named are text."""
    _shapes[card] = shapes


def event_line(row: TimelineRow, locale: str, employees: Mapping[int, str], custom: Custom | None = None) -> EventLine:
    """A fact of the timeline as the browser gets it. employees: names by id."""
    return {
        "id": row.id,
        "door": _door(row.via, locale),
        "is_change": _is_change(row),
        "icon": _icon(row.name),
        "who": row.actor_name,
        "what": text(f"fact.{row.name}", locale, **_plain(row.details)),
        "at": row.at.isoformat(),
        "changes": [
            _custom_line(row, custom.fields[row.card, field], custom.names, old, new, locale)
            if custom and (row.card, field) in custom.fields
            else _change_line(row, field, old, new, locale, employees)
            for field, (old, new) in _changes(row).items()
        ],
    }


def _door(via: str, locale: str) -> str:
    """By what door it came, in words; behind a colon stands which one of its kind: "scenario:7"."""
    kind = via.partition(":")[0]
    return text(f"cards.door.{kind}", locale) if kind in DOORS else ""


def employees_in(rows: list[TimelineRow]) -> list[int]:
    """Ids of the employees whom changes tell of."""
    pairs = [(row.card, field, pair) for row in rows for field, pair in _changes(row).items()]
    return sorted(
        {value for card, field, pair in pairs if is_employee(card, field) for value in pair if isinstance(value, int)}
    )


def is_employee(card: str, field: str) -> bool:
    """Whether the values of a field are ids of employees."""
    return _shapes.get(card, {}).get(field) == "employee"


def is_picture(card: str, field: str) -> bool:
    """Whether the values of a field are digests of pictures."""
    return _shapes.get(card, {}).get(field) == "picture"


def words_of(
    card: str, field: str, value: Any, locale: str, employees: Mapping[int, str], custom: Custom, currency: str = ""
) -> tuple[str, str]:
    """What a field is called, and a value of it in the reader's words; "" for none. currency: of the card's amounts."""
    own = custom.fields.get((card, field))
    if own is not None:
        return own.name(locale), show_value(own, value, locale, custom.names)
    shape = _shapes.get(card, {}).get(field, "text")
    label = text(f"field.{card}.{field}", locale)
    if shape == "money" and isinstance(value, int):
        return label, Money(value, currency or DEFAULT_CURRENCY).format(locale or "ru")
    if shape == "day" and value:
        return label, format_date(date.fromisoformat(value), "medium", locale or "ru")
    return label, _shown(shape, value, locale, employees)


def _is_change(row: TimelineRow) -> bool:
    return issubclass(Fact.registry.get(row.name, Fact), ChangedFact)


def _changes(row: TimelineRow) -> dict[str, list[Any]]:
    return row.details.get("changes") or {}


def _plain(details: dict[str, Any]) -> dict[str, Any]:
    return {name: ", ".join(map(str, value)) if isinstance(value, list) else value for name, value in details.items()}


def _change_line(
    row: TimelineRow, field: str, old: Any, new: Any, locale: str, employees: Mapping[int, str]
) -> ChangeLine:
    shape = _shapes.get(row.card, {}).get(field, "text")
    return {
        "fact_id": row.id if _is_change(row) else 0,
        "name": field,
        "field": text(f"field.{row.card}.{field}", locale),
        "shape": shape if shape in _SHOWN_BY_BROWSER else "text",
        "old": _shown(shape, old, locale, employees),
        "new": _shown(shape, new, locale, employees),
        "currency": row.currency or DEFAULT_CURRENCY,
    }


def _custom_line(row: TimelineRow, definition: Definition, names: Names, old: Any, new: Any, locale: str) -> ChangeLine:
    shape = _CUSTOM_SHAPES.get(definition.kind, "text")
    old, new = (
        show_value(definition, value, locale, names) if shape == "text" else ("" if value is None else str(value))
        for value in (old, new)
    )
    return {
        "fact_id": row.id if _is_change(row) else 0, "name": definition.full, "field": definition.name(locale),
        "shape": shape, "old": old, "new": new, "currency": definition.currency,
    }  # fmt: skip


def _shown(shape: FieldShape, value: Any, locale: str, employees: Mapping[int, str]) -> str:
    if value is None or value == "" or value == []:
        return ""
    if callable(shape):
        return shape(value, locale)
    if isinstance(value, bool):
        return text("cards.yes" if value else "cards.no", locale)
    if shape == "employee":
        return employees.get(value, str(value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _icon(name: str) -> str:
    kind = Fact.registry.get(name, Fact)
    of_kind = (icon for each, icon in ICONS_OF_KINDS.items() if issubclass(kind, each))
    return ICONS.get(name) or next(of_kind, "pencil")

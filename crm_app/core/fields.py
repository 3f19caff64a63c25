"""Field rights on what leaves the door: a hidden field is blank in every row that a query gives.

Rows are dataclasses (or models) that name their kind of card in `__card__`; lists, tuples and dicts of them are walked.
A hidden name with a dot, "fields.size", is one key of a field that is a dictionary.

Cards of some kinds stand in places, and a field may be hidden in some of these alone: a row tells its place by the
attribute that is named like the column in PLACES, or by the one that its `__place__` names. One that tells no place
loses whatever is hidden in any. In SQL such a field is asked about by `is_open` and `where_open`: docs/decisions/0107.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, get_args, get_type_hints

from sqlalchemy import ColumnElement, case, null, true, type_coerce

from crm_app.core.actor import Actor

PLACES: dict[str, Any] = {}
"""By kind of card, the column that tells where a card stands."""

_BLANKS: dict[type, Any] = {str: "", int: 0, float: 0.0, bool: False, list: [], dict: {}}


def mask(actor: Actor, outcome: Any) -> Any:
    """The same outcome without what the actor may not see."""
    if not actor.hidden and not actor.hidden_at:
        return outcome
    if isinstance(outcome, list):
        return [mask(actor, part) for part in outcome]
    if isinstance(outcome, tuple) and not hasattr(outcome, "_fields"):
        return tuple(mask(actor, part) for part in outcome)
    if isinstance(outcome, dict):
        return {key: mask(actor, part) for key, part in outcome.items()}
    if is_dataclass(outcome) and not isinstance(outcome, type):
        return _mask_row(actor, outcome)
    return outcome


def unseen(actor: Actor, card: str, row: Any) -> frozenset[str]:
    """Names of the fields that are hidden from an actor on a card. row: what tells its place, see above."""
    return actor.hidden_in(card, place_of(card, row))


def place_of(card: str, row: Any) -> int | None:
    """Where the card of a row stands; None where the row does not tell."""
    if card not in PLACES:
        return None
    place = getattr(row, getattr(type(row), "__place__", PLACES[card].key), None)
    return place if isinstance(place, int) and place else None


def closed_places(actor: Actor, card: str, field: str) -> list[int]:
    """The places in which a field is hidden from an actor who sees it elsewhere."""
    return sorted(place for place, names in actor.hidden_at.get(card, {}).items() if field in names)


def is_open(actor: Actor, card: str, field: str) -> ColumnElement[bool]:
    """The condition that a field of a card is not hidden from an actor where the card stands."""
    closed = closed_places(actor, card, field)
    return PLACES[card].not_in(closed) if closed else true()


def where_open(actor: Actor, card: str, field: str, column: Any) -> Any:
    """A column as an actor may know it: blank on cards where its field is hidden from them."""
    closed = closed_places(actor, card, field)
    if not closed:
        return column
    known = case((PLACES[card].in_(closed), null()), else_=column)
    return type_coerce(known, column.type).label(f"open_{column.key}")


def _mask_row(actor: Actor, row: Any) -> Any:
    hidden = unseen(actor, getattr(row, "__card__", ""), row)
    changed = {}
    for field in fields(row):
        value = getattr(row, field.name)
        blank = (
            _blank_of(type(row), field.name, value)
            if field.name in hidden
            else _without_parts(field.name, value, hidden)
        )
        blank = mask(actor, blank) if blank is value else blank
        if blank is not value:
            changed[field.name] = blank
    return replace(row, **changed) if changed else row


def _blank_of(shape: Any, name: str, value: Any) -> Any:
    """What stands for a hidden value: what an empty one of its field looks like, so that it says nothing, not "0"."""
    return None if name in _may_be_none(shape) else _BLANKS.get(type(value))


@cache
def _may_be_none(shape: Any) -> frozenset[str]:
    return frozenset(name for name, hint in get_type_hints(shape).items() if type(None) in get_args(hint))


def _without_parts(name: str, value: Any, hidden: frozenset[str]) -> Any:
    if not isinstance(value, dict) or not any(f"{name}.{key}" in hidden for key in value):
        return value
    return {key: part for key, part in value.items() if f"{name}.{key}" not in hidden}

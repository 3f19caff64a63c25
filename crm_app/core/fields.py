"""Field rights on what leaves the door: a hidden field is blank in every row that a query gives.

Rows are dataclasses (or models) that name their kind of card in `__card__`; lists, tuples and dicts of them are walked.
A hidden name with a dot, "fields.size", is one key of a field that is a dictionary.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, get_args, get_type_hints

from crm_app.core.actor import Actor

_BLANKS: dict[type, Any] = {str: "", int: 0, float: 0.0, bool: False, list: [], dict: {}}


def mask(actor: Actor, outcome: Any) -> Any:
    """The same outcome without what the actor may not see."""
    if not actor.hidden:
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


def _mask_row(actor: Actor, row: Any) -> Any:
    hidden = actor.hidden.get(getattr(row, "__card__", ""), frozenset())
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

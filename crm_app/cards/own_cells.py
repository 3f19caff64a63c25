"""The company's own fields in workbooks: a cell each, behind those that every card of the kind has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from crm_app.cards.field_queries import told_fields
from crm_app.cards.field_rules import Definition
from crm_app.cards.field_values import Names, show_value
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.money import Money
from crm_app.core.sheets import Value


def own_cells(
    actor: Actor, card: str, own: Sequence[Definition], rows: Sequence[dict[str, Any]], locale: str
) -> list[list[Value]]:
    """The cells of a page of cards, for each card in the order of the fields. rows: what each holds, by key."""
    if not own:
        return [[] for _ in rows]
    names = perform(actor, told_fields, cards=[card], values=list(rows))[1]
    return [[_cell(field, values, names, locale) for field in own] for values in rows]


def _cell(field: Definition, values: dict[str, Any], names: Names, locale: str) -> Value:
    """Numbers, money and days as such, so that sheets reckon with them; the others in words."""
    value = values.get(field.key)
    if value is None:
        return None
    if field.kind == "money":
        return Money(value, field.currency)
    if field.kind == "date":
        return date.fromisoformat(value)
    if field.kind in ("number", "formula") and isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return show_value(field, value, locale, names)

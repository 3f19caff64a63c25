"""Computed fields in lists and in indexes: their formulas as SQL over the table of a kind of card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Double

from crm_app.cards.field_rules import Definition
from crm_app.cards.formula_sql import Expression, Table, expression
from crm_app.cards.kinds import KINDS
from crm_app.core.computing import Computed, DayNumber
from crm_app.core.db import Moment, database


def expression_of(field: Definition, fields: Iterable[Definition], prefix: str = "") -> Expression | None:
    """A computed field as SQL of the database in use; None where lists can't be asked for it.

    fields: all of its kind of card. prefix: "client." where other tables are asked too, "" in an index.
    """
    kind = KINDS[field.card]
    model: Any = kind.model
    moments = frozenset(name for name in kind.computed_of if isinstance(getattr(model, name).type, Moment))
    return expression(field, fields, Table(database().is_sqlite, kind.computed_of, moments, prefix))


def value_of(model: Any, field: Definition, fields: Sequence[Definition]) -> tuple[Any, str] | None:
    """A computed field's value in a query and its kind: "number", "day" or "flag"; None where there is none in SQL."""
    found = expression_of(field, fields, f"{model.__tablename__}.")
    if found is None:
        return None
    return Computed(model.fields, found.sql, DayNumber() if found.kind == "day" else Double()), found.kind


def indexed(fields: Sequence[Definition]) -> dict[int, str]:
    """What the indexes of computed fields are over, by the field's id. fields: all of a kind of card."""
    found = {each.id: expression_of(each, fields) for each in fields if each.kind == "formula"}
    return {field_id: each.sql for field_id, each in found.items() if each is not None}

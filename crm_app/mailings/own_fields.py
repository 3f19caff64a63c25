"""The company's own fields of clients as merge fields: which there are for whom, and how they read in a letter."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from crm_app.cards.custom_fields import definitions, is_seen, names_of, needed_columns, referred, telling, values_of
from crm_app.cards.field_rules import Definition
from crm_app.cards.field_values import Names, is_empty, show_value
from crm_app.core import i18n
from crm_app.core.door import Tx
from crm_app.core.settings import settings
from crm_app.messages.merge import is_own

NOT_WRITTEN = frozenset({"client", "file"})
"""Kinds that stand in no letter: what they name is another card, which the sender may not be allowed to see."""
_KNOWN = ("name", "city")
_CODE_BEFORE_DIGIT = re.compile(r"(?<=[A-Z])(?=\d)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def usable_fields(tx: Tx) -> list[Definition]:
    """The fields that letters of the actor may name: none that is hidden from them, or computed of what is."""
    fields = definitions(tx, "client")
    gone = telling(tx, fields)
    return [f for f in fields if is_seen(tx.actor, f) and f.key not in gone and f.kind not in NOT_WRITTEN]


class OwnValues:
    """What clients have in the own fields that a letter names. Costs nothing where it names none.

    names: merge fields of the letter, whichever they are; those that the actor may not use are left out.
    """

    def __init__(self, tx: Tx, names: Collection[str], locale: str) -> None:
        self._tx = tx
        self._locale = locale
        self._fields = [f for f in usable_fields(tx) if f.full in names] if any(map(is_own, names)) else []
        self.columns: list[Any] = needed_columns(tx, "client", _KNOWN) if self._fields else []
        """What to select, beside recipients.COLUMNS."""

    def read(self, rows: Sequence[Any]) -> list[dict[str, str]]:
        """Merge values in words for rows of clients, in their order."""
        if not self._fields:
            return [{}] * len(rows)
        found = [values_of(self._tx, "client", row) for row in rows]
        names = names_of(self._tx, referred(self._fields, found))
        return [
            {field.full: words(field, values.get(field.key), self._locale, names) for field in self._fields}
            for values in found
        ]


def words(field: Definition, value: Any, locale: str, names: Names | None = None) -> str:
    """A value as it is written to a person: "5 ноября 2026 г.", "1 250,5". Moments are told in the company's zone."""
    if is_empty(value):
        return ""
    if isinstance(value, bool):
        return i18n.text("cards.yes" if value else "cards.no", locale)
    if field.kind in ("number", "formula") and isinstance(value, int | float):
        return format_decimal(value, locale=locale)
    if field.kind == "date" or (field.kind == "formula" and _DAY.fullmatch(value)):
        return format_date(date.fromisoformat(value), "long", locale)
    if field.kind == "datetime":
        at = datetime.fromisoformat(value).astimezone(settings().timezone)
        return f"{format_date(at, 'long', locale)}, {format_time(at, 'HH:mm', locale=locale)}"
    told = show_value(field, value, locale, names)
    return _CODE_BEFORE_DIGIT.sub("\xa0", told) if field.kind == "money" else told

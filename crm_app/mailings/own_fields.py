"""The company's own fields as merge fields: which cards of a kind have for whom, and how they read in a letter."""

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
from crm_app.mailings.recipients import RecipientKind
from crm_app.mailings.rules import Card
from crm_app.messages.merge import is_own

NOT_WRITTEN = frozenset({"client", "file"})
"""Kinds that stand in no letter: what they name is another card, which the sender may not be allowed to see."""
_CODE_BEFORE_DIGIT = re.compile(r"(?<=[A-Z])(?=\d)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def usable_fields(tx: Tx, card: Card) -> list[Definition]:
    """The fields that letters of the actor to cards of a kind may name: none that is hidden from them, or computed of
    what is.
    """
    fields = definitions(tx, card)
    gone = telling(tx, fields)
    return [f for f in fields if is_seen(tx.actor, f) and f.key not in gone and f.kind not in NOT_WRITTEN]


class OwnValues:
    """What cards of a kind have in the own fields that a letter names. Costs nothing where it names none.

    names: merge fields of the letter, whichever they are; those that the actor may not use are left out.
    """

    def __init__(self, tx: Tx, kind: RecipientKind, names: Collection[str], locale: str) -> None:
        self._tx = tx
        self._card = kind.card
        self._locale = locale
        fields = usable_fields(tx, kind.card) if any(map(is_own, names)) else []
        self._fields = [field for field in fields if field.full in names]
        self.columns: list[Any] = needed_columns(tx, kind.card, kind.known) if self._fields else []
        """What to select, beside `RecipientKind.values_for`."""

    def read(self, rows: Sequence[Any]) -> list[dict[str, str]]:
        """Merge values in words for rows of cards, in their order."""
        if not self._fields:
            return [{}] * len(rows)
        found = [values_of(self._tx, self._card, row) for row in rows]
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

"""Filters in words, in the language of who reads: "Статус: Постоянный и Добавлен: за последние 30 дней"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from crm_app.cards import moments
from crm_app.cards.filters import Clause, Fields, Filter, Walker
from crm_app.core import i18n
from crm_app.core.door import Tx

_FROM_TODAY = re.compile(r"today([+-])(\d{1,4})", re.ASCII)
_SOME_DAYS = re.compile(r"(last|next|over)_(\d{1,4})_days(?:_ago)?", re.ASCII)
_WITH_WORDS = frozenset({"date", "moment"})


def describe(tx: Tx, filter_: Filter | None, fields: Fields, card: str = "") -> str:
    """A filter in words, in the actor's language. Raises BadInput as compile_filter does, bad values apart."""
    return _Describer(tx, fields, tx.actor.hidden.get(card, frozenset())).group(filter_, 0)


@contextmanager
def speaking(tx: Tx, locale: str) -> Iterator[None]:
    """Have words be found in another language than the actor's, for what is kept in all of them."""
    actor = tx.actor
    tx.actor = replace(actor, locale=locale)
    try:
        yield
    finally:
        tx.actor = actor


class _Describer(Walker):
    def joined(self, how: str, parts: list[str], depth: int) -> str:
        if how == "none" and parts:
            return i18n.text("cards.filter.none", self.tx.actor.locale, words=self._joined("any", parts))
        words = self._joined(how, parts)
        return f"({words})" if depth and len(parts) > 1 else words

    def _joined(self, how: str, parts: list[str]) -> str:
        return f" {i18n.text(f'cards.filter.{how}', self.tx.actor.locale)} ".join(parts)

    def clause(self, clause: Clause) -> str:
        locale, kind = self.tx.actor.locale, clause.field.kind
        label = i18n.text(clause.field.label, locale)
        if kind == "flag":
            is_held = clause.value is (clause.op == "eq")
            return label if is_held else i18n.text("cards.filter.flag_not", locale, field=label)
        if kind == "happening":
            return self._happening(clause, label)
        if clause.op == "empty":
            value = i18n.text("cards.filter.no" if clause.value is False else "cards.filter.yes", locale)
            return i18n.text("cards.filter.op_empty", locale, field=label, value=value)
        if kind in _WITH_WORDS:
            by_day = clause.op not in ("in", "yearly")
            value = say_day(clause.value, locale) if by_day else say_period(clause.value, locale)
            return i18n.text(f"cards.filter.{'day' if by_day else 'op'}_{clause.op}", locale, field=label, value=value)
        value = ", ".join(self._name(clause, one) for one in _as_list(clause.value))
        return i18n.text(f"cards.filter.op_{clause.op}", locale, field=label, value=value)

    def _happening(self, clause: Clause, label: str) -> str:
        locale, op = self.tx.actor.locale, clause.op
        if op == "empty":
            return i18n.text(f"cards.filter.{'ever' if clause.value is False else 'never'}", locale, field=label)
        key = {"in": "op_in", "ne": "was_not", "last": "was_last"}[op]
        return i18n.text(f"cards.filter.{key}", locale, field=label, value=say_period(clause.value, locale))

    def _name(self, clause: Clause, value: Any) -> str:
        if clause.field.name_of is None:
            return str(value)
        try:
            return clause.field.name_of(self.tx, value)
        except (TypeError, ValueError):  # not what such a field holds: a filter that nobody has checked
            return str(value)


def say_day(value: Any, locale: str) -> str:
    """A day or a moment as filters name it, in words; what is none as it stands."""
    text = str(value)
    if text == "today":
        return i18n.text("ui.filter.period.today", locale)
    if found := _FROM_TODAY.fullmatch(text):
        key = "ui.filter.day_after" if found[1] == "+" else "ui.filter.day_before"
        return i18n.text(key, locale, n=int(found[2]))
    try:
        if "T" in text:
            return datetime.fromisoformat(text).strftime("%d.%m.%Y %H:%M")
        return date.fromisoformat(text).strftime("%d.%m.%Y")
    except ValueError:
        return text


def say_period(value: Any, locale: str) -> str:
    """A period in words, to be read behind a field: "за последние 30 дней"; what is none as it stands."""
    text = str(value)
    if some := _SOME_DAYS.fullmatch(text):
        return i18n.text(f"ui.filter.period.{some[1]}_days", locale, n=int(some[2]))
    if text in moments.NAMED:
        return i18n.text(f"ui.filter.period.{text}", locale)
    first, dots, last = text.partition("..")
    if not dots:
        return text
    key = "between" if first and last else "since" if first else "until"
    return i18n.text(f"ui.filter.period.{key}", locale, first=say_day(first, locale), last=say_day(last, locale))


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

"""Filters of lists: the JSON that sits in the address, in a saved filter and in a mailing, made into a condition.

`{"all"|"any"|"none": [{"field": "status", "op": "eq", "value": "regular"}, …]}`, nested as you like. Each kind of card
tells which fields it has; a field that is unknown, or hidden from the reader, is refused by name. Days and periods are
named as in moments.py.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import InvalidOperation
from typing import Any, Literal, cast

from sqlalchemy import Boolean, ColumnElement, and_, false, func, not_, or_, select, true

from crm_app.cards import moments
from crm_app.cards.filter_values import as_list, is_filled, one_number, one_text, read_id
from crm_app.core.blanks import is_blank
from crm_app.core.db import database, folded
from crm_app.core.door import Tx
from crm_app.core.errors import BadInput
from crm_app.core.fields import closed_places, is_open
from crm_app.core.folding import fold
from crm_app.core.many import are_many
from crm_app.core.year_days import year_day

FieldKind = Literal[
    "text", "words", "code", "choice", "number", "money", "date", "moment", "employee", "card", "flag", "set",
    "happening",
]  # fmt: skip
Filter = dict[str, Any]

OPS: dict[str, tuple[str, ...]] = {
    "text": ("contains", "starts", "eq", "ne", "in", "empty"),
    "words": ("contains", "empty"),
    "code": ("eq", "starts", "ne", "in", "empty"),
    "choice": ("eq", "ne", "in", "empty"),
    "number": ("eq", "ne", "lt", "le", "gt", "ge", "in", "empty"),
    "money": ("eq", "ne", "lt", "le", "gt", "ge", "in", "empty"),
    "date": ("eq", "ne", "lt", "le", "gt", "ge", "in", "yearly", "empty"),
    "moment": ("eq", "ne", "lt", "le", "gt", "ge", "in", "empty"),
    "employee": ("eq", "ne", "in", "empty"),
    "card": ("eq", "ne", "in", "empty"),
    "flag": ("eq", "ne"),
    "set": ("has", "ne", "in", "contains", "empty"),
    "happening": ("in", "ne", "last", "empty"),
}
"""What can be asked of a field, by its kind; of a happening: once in a period, never in it, for the last time in it;
"yearly": whether the day and month of a date are in a period, whatever its year."""

GROUPS = ("all", "any", "none")
"""How conditions are put together: each of them, one at least, not one."""

DEEPEST, MOST_CLAUSES = 5, 50
_LAST = chr(0x10FFFF)
"""Comes after every sign that texts have."""
ME = "me"
"""As the value of an employee field: whoever asks."""


@dataclass(frozen=True)
class FilterField:
    """One field that lists can be filtered by.

    column: where it is stored. holds: for a "set" or a "flag", the condition that the card has a value (None: any
    value at all); for a "happening", that there was one in a moments.Span (None: ever). is_folded: the column holds
    folded text. blank: what stands in the column of a text or a choice where nothing is known; known_by: what tells it
    instead of the column. search: narrows "contains" down by the search index; has_blanks: an index of core/blanks.py
    tells whether the text is there; is_sorted: one that begins with the column does, and serves beginnings.
    name_of: how a value is called by
    people. options: what there is to choose from, value and name. by_part: a value of the set is asked for by a part
    of it. is_offered: whether the screens offer it to people. needs: a permission without which there is no such field,
    where other cards answer: for who sees none of them, nobody would have any.
    """

    kind: FieldKind
    label: str
    column: Any = None
    holds: Callable[[Tx, Any], ColumnElement[bool]] | None = None
    is_folded: bool = False
    blank: str | None = ""
    known_by: Any = None
    search: Callable[[Tx, str], ColumnElement[bool]] | None = None
    has_blanks: bool = False
    is_sorted: bool = False
    name_of: Callable[[Tx, Any], str] | None = None
    options: Callable[[Tx], list[tuple[str, str]]] | None = None
    by_part: bool = False
    is_offered: bool = True
    needs: str = ""


Fields = Mapping[str, FilterField]


@dataclass(frozen=True)
class Clause:
    """One condition, read."""

    name: str
    field: FilterField
    op: str
    value: Any


def compile_filter(tx: Tx, filter_: Filter | None, fields: Fields, card: str = "") -> ColumnElement[bool]:
    """The condition of a filter. card: the kind of card, for what is hidden from the actor.

    Raises BadInput for an unknown or hidden field, an operation that the field doesn't have, or a value of a wrong
    type, naming it; for a filter that is too deep or too long; and for anything that is no filter.
    """
    return _Compiler(tx, fields, tx.actor.hidden.get(card, frozenset()), card).group(filter_, 0)


def is_there_for(tx: Tx, field: FilterField) -> bool:
    """Whether the actor may ask about a field at all."""
    return not field.needs or tx.actor.may(field.needs)


def fields_of(filter_: Filter | None, depth: int = 0) -> set[str]:
    """Names of the fields that a filter asks about; of one that has not been checked, those that can be made out."""
    if not isinstance(filter_, dict) or depth > DEEPEST:
        return set()
    inner = next((filter_[how] for how in GROUPS if filter_.get(how)), None)
    if isinstance(inner, list):
        return set().union(*(fields_of(part, depth + 1) for part in inner)) if inner else set()
    return {filter_["field"]} if isinstance(filter_.get("field"), str) else set()


class Walker(ABC):
    """Walks a filter, checking its shape; what is made of groups and clauses is told by the subclasses."""

    def __init__(self, tx: Tx, fields: Fields, hidden: frozenset[str], card: str = "") -> None:
        self.tx = tx
        self.fields = fields
        self.hidden = hidden
        self.card = card
        self._clauses = 0

    def group(self, part: Any, depth: int) -> Any:
        if part is None or part == {}:
            return self.joined("all", [], depth)
        if not isinstance(part, dict) or depth > DEEPEST:
            raise BadInput("cards.error.filter_shape")
        if "field" in part:
            return self.clause(self._read(part))
        (how, parts), *others = part.items()
        if how not in GROUPS or others or not isinstance(parts, list):
            raise BadInput("cards.error.filter_shape")
        return self.joined(how, [self.group(inner, depth + 1) for inner in parts], depth)

    def _read(self, part: dict[str, Any]) -> Clause:
        self._clauses += 1
        if self._clauses > MOST_CLAUSES:
            raise BadInput("cards.error.filter_long", most=MOST_CLAUSES)
        name, op = part["field"], part.get("op", "eq")
        field = self.fields.get(name) if isinstance(name, str) and name not in self.hidden else None
        if field is None or not is_there_for(self.tx, field) or part.keys() - {"field", "op", "value"}:
            raise BadInput("cards.error.filter_field", field="filter", name=str(name)[:60])
        if op not in OPS[field.kind]:
            raise BadInput("cards.error.filter_op", field="filter", name=name, op=str(op)[:20])
        return Clause(name, field, op, part.get("value"))

    @abstractmethod
    def joined(self, how: str, parts: list[Any], depth: int) -> Any:
        """Several parts as one. how: one of GROUPS."""

    @abstractmethod
    def clause(self, clause: Clause) -> Any:
        """One condition."""


class _Compiler(Walker):
    def joined(self, how: str, parts: list[ColumnElement[bool]], depth: int) -> ColumnElement[bool]:
        if how == "all":
            return and_(true(), *parts)
        if not parts:
            return true()
        return not_(or_(*map(_known, parts))) if how == "none" else or_(false(), *parts)

    def clause(self, clause: Clause) -> ColumnElement[bool]:
        try:
            condition = _CONDITIONS[clause.field.kind](self.tx, clause)
            # where the field is hidden the condition does not hold, whatever stands there
            return and_(condition, *self._where_open(clause.name))
        except (TypeError, ValueError, InvalidOperation, OverflowError):
            raise BadInput("cards.error.filter_value", field="filter", name=clause.name) from None

    def _where_open(self, name: str) -> list[ColumnElement[bool]]:
        return [is_open(self.tx.actor, self.card, name)] if closed_places(self.tx.actor, self.card, name) else []


# ---- the conditions of each kind of field ----------------------------------------------------------------------------


def _text(tx: Tx, clause: Clause) -> ColumnElement[bool]:
    field, column = clause.field, clause.field.column
    if clause.op == "empty":
        return _empty_text(tx, clause)
    if clause.op in ("contains", "starts"):
        return _in_part(tx, clause)
    texts = [fold(text) if field.is_folded else text for text in map(one_text, as_list(clause.value))]
    asked = _compare(column, clause.op, texts)
    has_index = field.is_sorted or field.is_folded or field.blank is None
    if field.search is None or has_index or clause.op == "ne":
        return asked
    return and_(asked, or_(false(), *(field.search(tx, fold(each)) for each in texts)))


def _in_part(tx: Tx, clause: Clause) -> ColumnElement[bool]:
    """What a text contains, or begins with. Where no index has its parts, one leads to the texts that are there."""
    field, column = clause.field, clause.field.column
    words, text = fold(one_text(clause.value)), column if field.is_folded else folded(column)
    inside = getattr(text, "startswith" if clause.op == "starts" else "contains")(words, autoescape=True)
    if field.search is not None:
        return and_(field.search(tx, words), inside)
    return and_(column > "", inside) if field.is_sorted and words else inside


def _empty_text(tx: Tx, clause: Clause) -> ColumnElement[bool]:
    field, wants_any = clause.field, is_filled(clause.value)
    if field.has_blanks:
        by_index = is_blank(field.column) == (0 if wants_any else 1)
    elif field.is_sorted:
        by_index = field.column > "" if wants_any else field.column == ""
    else:
        return _empty(field.column if field.known_by is None else field.known_by, field.blank, clause.value)
    # SQLite would collect and sort half of the cards, instead of meeting a page of them in the order of the list
    way = select(field.column).where(by_index)
    if not database().is_sqlite or not are_many(tx.session, way, clause.name, str(field.column), wants_any):
        return by_index
    is_empty = field.column.concat("") == ""
    return not_(is_empty) if wants_any else is_empty


def _code(tx: Tx, clause: Clause) -> ColumnElement[bool]:
    """A number or a word that is compared sign by sign."""
    column = clause.field.column
    if clause.op == "empty":
        return _empty_text(tx, clause)
    if clause.op == "starts":
        head = one_text(clause.value)
        return and_(column >= head, column < head + _LAST) if head else true()
    return _compare(column, clause.op, [one_text(value) for value in as_list(clause.value)])


def _choice(_tx: Tx, clause: Clause) -> ColumnElement[bool]:
    if clause.op == "empty":
        return _empty(clause.field.column, clause.field.blank, clause.value)
    return _compare(clause.field.column, clause.op, [one_text(value) for value in as_list(clause.value)])


def _number(_tx: Tx, clause: Clause) -> ColumnElement[bool]:
    if clause.op == "empty":
        return _empty(clause.field.column, None, clause.value)
    scale = 100 if clause.field.kind == "money" else 1
    return _compare(clause.field.column, clause.op, [one_number(value) * scale for value in as_list(clause.value)])


def _date(tx: Tx, clause: Clause) -> ColumnElement[bool]:
    if clause.op == "empty":
        return _empty(clause.field.column, None, clause.value)
    column = clause.field.column
    if clause.op == "in":
        first, last = moments.read_period(clause.value, _today(tx))
        return and_(*([column >= first] if first else []), *([column <= last] if last else []))
    if clause.op == "yearly":
        kept = moments.read_yearly(clause.value, _today(tx))
        return or_(*(year_day(column).between(start, end) for start, end in kept))
    return _compare(column, clause.op, [moments.read_day(clause.value, _today(tx))])


def _moment(tx: Tx, clause: Clause) -> ColumnElement[bool]:
    """A day stands for all of it, as the actor's clock shows it; a moment for itself."""
    column = clause.field.column
    if clause.op == "empty":
        return _empty(column, None, clause.value)
    if clause.op == "in":
        return within(column, moments.period_span(clause.value, _today(tx), moments.zone_of(tx.actor)))
    start, end = moments.read_span(clause.value, _today(tx), moments.zone_of(tx.actor))
    if start == end:
        return _compare(column, clause.op, [start])
    on_it = and_(column >= start, column < end)
    asked = {"eq": on_it, "ne": or_(column.is_(None), not_(on_it)), "lt": column < start, "le": column < end}
    return asked.get(clause.op, column >= end if clause.op == "gt" else column >= start)


def _employee(tx: Tx, clause: Clause) -> ColumnElement[bool]:
    if clause.op == "empty":
        return _empty(clause.field.column, None, clause.value)
    ids = [tx.actor.id if value == ME else read_id(value) for value in as_list(clause.value)]
    return _compare(clause.field.column, clause.op, ids)


def _card(_tx: Tx, clause: Clause) -> ColumnElement[bool]:
    if clause.op == "empty":
        return _empty(clause.field.column, None, clause.value)
    return _compare(clause.field.column, clause.op, [read_id(value) for value in as_list(clause.value)])


def _flag(tx: Tx, clause: Clause) -> ColumnElement[bool]:
    if not isinstance(clause.value, bool):
        raise TypeError
    is_meant = clause.value is (clause.op == "eq")
    if clause.field.holds is None:
        return cast("ColumnElement[bool]", clause.field.column.is_(is_meant))
    condition = clause.field.holds(tx, True)
    return condition if is_meant else not_(_known(condition))


def _set(tx: Tx, clause: Clause) -> ColumnElement[bool]:
    assert clause.field.holds is not None
    if clause.op == "empty":
        has_any = clause.field.holds(tx, None)
        return has_any if is_filled(clause.value) else not_(_known(has_any))
    has = or_(false(), *(clause.field.holds(tx, one_text(value)) for value in as_list(clause.value)))
    return not_(_known(has)) if clause.op == "ne" else has


def _happening(tx: Tx, clause: Clause) -> ColumnElement[bool]:
    holds = clause.field.holds
    assert holds is not None
    if clause.op == "empty":
        ever = holds(tx, None)
        return ever if is_filled(clause.value) else not_(_known(ever))
    start, end = moments.period_span(clause.value, _today(tx), moments.zone_of(tx.actor))
    if clause.op == "last" and end is not None:
        return and_(holds(tx, (start, end)), not_(_known(holds(tx, (end, None)))))
    was = holds(tx, (start, end))
    return not_(_known(was)) if clause.op == "ne" else was


_CONDITIONS: dict[str, Callable[[Tx, Clause], ColumnElement[bool]]] = {
    "text": _text, "words": _text, "code": _code, "choice": _choice, "number": _number, "money": _number, "date": _date,
    "moment": _moment, "employee": _employee, "card": _card, "flag": _flag, "set": _set,
    "happening": _happening,
}  # fmt: skip


def within(column: Any, span: moments.Span) -> ColumnElement[bool]:
    """That a moment is in a span."""
    start, end = span
    return and_(true(), *([column >= start] if start else []), *([column < end] if end else []))


def _known(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition, false where the database does not know: what is unknown is not what was asked for."""
    return func.coalesce(condition, false(), type_=Boolean)


def _compare(column: Any, op: str, values: list[Any]) -> ColumnElement[bool]:
    if op == "in":
        return column.in_(values)
    if op == "ne":
        return and_(true(), *(column.is_distinct_from(value) for value in values))
    (value,) = values
    if op == "eq":
        return column == value
    return {"lt": column < value, "le": column <= value, "gt": column > value, "ge": column >= value}[op]


def _empty(column: Any, blank: str | None, value: Any) -> ColumnElement[bool]:
    is_empty = column.is_(None) if blank is None else column == blank
    return not_(is_empty) if is_filled(value) else is_empty


def _today(tx: Tx) -> date:
    return tx.now.astimezone(moments.zone_of(tx.actor)).date()

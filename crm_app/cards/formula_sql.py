"""Formulas as expressions of SQL, over which an index may be: lists are filtered and sorted by computed fields.

An expression says what formulas.compute says, to the digit; where a formula can't be said so, there is none, and its
field is in no filter: powers, remainders, and results that are texts. Nothing is stored beside what a formula is
computed of, so nothing can be out of date, whichever way a card is written.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from crm_app.cards import formulas
from crm_app.cards.field_rules import Definition
from crm_app.core.computing import DECIMALS, LARGEST, SMALLEST
from crm_app.core.json_values import checked_key

Kind = Literal["number", "day", "flag", "text"]
LONGEST = 20_000
_KINDS: dict[str, Kind] = {
    "text": "text", "long_text": "text", "link": "text", "choice": "text", "number": "number", "money": "number",
    "date": "day", "datetime": "day", "yes_no": "flag",
}  # fmt: skip


class _NoSuch(Exception):
    """SQL has no expression for it."""


@dataclass(frozen=True)
class Expression:
    """A formula in SQL. kind: of its result."""

    sql: str
    kind: Kind


@dataclass(frozen=True)
class Table:
    """Where the cards are. columns: what formulas may use of a card itself, name → kind, and of those the moments;
    prefix: "client." where other tables are asked too, "" in an index.
    """

    is_sqlite: bool
    columns: Mapping[str, str]
    moments: frozenset[str]
    prefix: str = ""


def expression(field: Definition, fields: Iterable[Definition], table: Table) -> Expression | None:
    """What a computed field is in SQL, None where it can't be said. fields: all of its kind of card."""
    writer = _Writer({each.key: each for each in fields}, table)
    try:
        found = writer.formula(field)
    except (_NoSuch, RecursionError):
        return None
    if found.kind == "text" or len(found.sql) > LONGEST:
        return None
    return _within_pipelines(_finished(found, is_sqlite=table.is_sqlite), field, table)


def _finished(found: Expression, *, is_sqlite: bool) -> Expression:
    if found.kind == "number":
        return Expression(f"crm_round({found.sql}, {_number(DECIMALS)})", "number")
    if found.kind == "flag" and not is_sqlite:
        return Expression(f"({found.sql})::int", "flag")
    return found


def _within_pipelines(found: Expression, field: Definition, table: Table) -> Expression:
    """A field of some pipelines is on no card of another."""
    if not field.pipelines:
        return found
    ways = ", ".join(str(int(each)) for each in field.pipelines)
    return Expression(f"CASE WHEN {table.prefix}pipeline_id IN ({ways}) THEN {found.sql} END", found.kind)


class _Writer:
    def __init__(self, fields: Mapping[str, Definition], table: Table) -> None:
        self._fields, self._table = fields, table
        self._under_way: list[str] = []
        self._writers: dict[type[ast.AST], Callable[[Any], Expression]] = {
            ast.Constant: self._constant, ast.Name: self._name, ast.UnaryOp: self._unary, ast.BinOp: self._binary,
            ast.BoolOp: self._boolean, ast.Compare: self._comparison, ast.IfExp: self._choice, ast.Call: self._call,
        }  # fmt: skip

    def formula(self, field: Definition) -> Expression:
        if field.key in self._under_way:
            raise _NoSuch
        self._under_way.append(field.key)
        found = self.node(formulas.parsed(field.formula).body)
        self._under_way.pop()
        return _checked(found)

    def node(self, node: ast.AST) -> Expression:
        write = self._writers.get(type(node))
        if write is None:
            raise _NoSuch
        found = write(node)
        if len(found.sql) > LONGEST:
            raise _NoSuch
        return found

    def _constant(self, node: ast.Constant) -> Expression:
        value = node.value
        if isinstance(value, bool):
            return Expression("(1 = 1)" if value else "(1 = 0)", "flag")
        if isinstance(value, int | float):
            if not (value == 0 or SMALLEST <= abs(value) < LARGEST):
                raise _NoSuch
            return Expression(_number(value), "number")
        return Expression(_quoted(str(value)), "text")

    def _name(self, node: ast.Name) -> Expression:
        field = self._fields.get(node.id)
        if field is None:
            return self._column(node.id)
        if field.kind == "formula":
            return self.formula(field)
        return self._stored(field)

    def _column(self, name: str) -> Expression:
        kind, column = self._table.columns.get(name), f"{self._table.prefix}{checked_key(name)}"
        if kind == "money":
            return Expression(f"({_double(column)} / {_number(100)})", "number")
        if kind == "date" and self._table.is_sqlite:
            return Expression(f"crm_day({column})", "day")
        if kind == "date":
            day = f"({column} AT TIME ZONE 'UTC')::date" if name in self._table.moments else column
            return Expression(_double(f"({day} - date '0001-01-01' + 1)"), "day")
        if kind == "text":
            return Expression(f"NULLIF({column}, ''){self._plainly}", "text")
        raise _NoSuch

    @property
    def _plainly(self) -> str:
        return "" if self._table.is_sqlite else ' COLLATE "C"'

    def _stored(self, field: Definition) -> Expression:
        kind = _KINDS.get(field.kind)
        if kind is None:
            raise _NoSuch
        column, key = f"{self._table.prefix}fields", checked_key(field.key)
        value = f"json_extract({column}, '$.{key}')" if self._table.is_sqlite else f"({column} ->> '{key}')"
        if kind == "number":
            number = _double(value)
            return Expression(f"({number} / {_number(100)})" if field.kind == "money" else number, "number")
        if kind == "day":
            return Expression(f"crm_day({value})", "day")
        if kind == "flag":
            return Expression(value if self._table.is_sqlite else f"{value}::boolean", "flag")
        text = Expression(f"(NULLIF({value}, ''){self._plainly})", "text")
        return _named(text, field) if field.kind == "choice" else text

    def _unary(self, node: ast.UnaryOp) -> Expression:
        operand = self.node(node.operand)
        if isinstance(node.op, ast.Not):
            return Expression(f"(NOT {_truth(operand).sql})", "flag")
        number = _as_number(operand)
        return Expression(f"(- {number.sql})", "number") if isinstance(node.op, ast.USub) else number

    def _binary(self, node: ast.BinOp) -> Expression:
        left, right = self.node(node.left), self.node(node.right)
        if left.kind == "day":
            return _from_day(left, right, node.op)
        if left.kind == right.kind == "text" and isinstance(node.op, ast.Add):
            return Expression(f"crm_text({left.sql} || {right.sql})", "text")
        a, b = _as_number(left).sql, _as_number(right).sql
        if isinstance(node.op, ast.Div):
            return Expression(f"crm_div({a}, {b})", "number")
        sign = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}.get(type(node.op))
        if sign is None:
            raise _NoSuch
        return Expression(f"crm_num({a} {sign} {b})", "number")

    def _boolean(self, node: ast.BoolOp) -> Expression:
        parts = [self.node(each) for each in node.values]
        if any(each.kind != "flag" for each in parts):
            raise _NoSuch  # it gives what was said last, not whether it is so
        return _all_of(parts) if isinstance(node.op, ast.And) else _any_of(parts)

    def _comparison(self, node: ast.Compare) -> Expression:
        sides = [self.node(each) for each in (node.left, *node.comparators)]
        return _all_of([_compared(a, b, op) for a, b, op in zip(sides, sides[1:], node.ops, strict=False)])

    def _choice(self, node: ast.IfExp) -> Expression:
        test, then, other = _truth(self.node(node.test)), self.node(node.body), self.node(node.orelse)
        if then.kind != other.kind:
            then, other = _as_number(then), _as_number(other)
        return Expression(f"CASE WHEN {test.sql} THEN {then.sql} WHEN NOT {test.sql} THEN {other.sql} END", then.kind)

    def _call(self, node: ast.Call) -> Expression:
        assert isinstance(node.func, ast.Name)
        name, given = node.func.id, [self.node(each) for each in node.args]
        if name in _PARTS and [each.kind for each in given] == ["day"]:
            return Expression(f"{_PARTS[name]}({given[0].sql})", "number")
        if name in ("min", "max") and len(given) > 1:
            return _least(name, given)
        numbers = [_as_number(each).sql for each in given]
        if name == "abs" and len(numbers) == 1:
            return Expression(f"abs({numbers[0]})", "number")
        if name == "round" and len(numbers) in (1, 2):
            digits = numbers[1] if len(numbers) > 1 else _number(0)
            return Expression(f"crm_round({numbers[0]}, {digits})", "number")
        raise _NoSuch


_PARTS = {"year": "crm_year", "month": "crm_month", "day": "crm_month_day"}
_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Eq: "=", ast.NotEq: "<>", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip


def _number(value: float) -> str:
    return _double(repr(float(value)))


def _double(sql: str) -> str:
    return f"CAST({sql} AS DOUBLE PRECISION)"


def _quoted(text: str) -> str:
    if not text.isprintable():
        raise _NoSuch
    return "'" + text.replace("'", "''") + "'"


def _named(key: Expression, field: Definition) -> Expression:
    """The name of a choice, by which formulas know it."""
    names = [
        f"WHEN {_quoted(str(option['key']))} THEN {_quoted(field.option_name(option['key'], 'ru'))}"
        for option in field.options
    ]
    return Expression(f"CASE {key.sql} {' '.join(names)} ELSE {key.sql} END", "text") if names else key


def _as_number(one: Expression) -> Expression:
    if one.kind == "flag":
        return Expression(f"crm_bit({one.sql})", "number")
    if one.kind != "number":
        raise _NoSuch
    return one


def _truth(one: Expression) -> Expression:
    if one.kind == "flag":
        return one
    return Expression(f"({_as_number(one).sql} <> 0)", "flag")


def _checked(one: Expression) -> Expression:
    return Expression(f"crm_num({one.sql})", "number") if one.kind == "number" else one


def _from_day(left: Expression, right: Expression, op: ast.operator) -> Expression:
    is_minus = isinstance(op, ast.Sub)
    if not is_minus and not isinstance(op, ast.Add):
        raise _NoSuch
    if is_minus and right.kind == "day":
        return Expression(f"({left.sql} - {right.sql})", "number")
    days = _as_number(right).sql
    return Expression(f"crm_shift({left.sql}, {f'(- {days})' if is_minus else days})", "day")


def _compared(left: Expression, right: Expression, op: ast.cmpop) -> Expression:
    sign = _SIGNS.get(type(op))
    if left.kind != right.kind or left.kind == "flag":
        left, right = _as_number(left), _as_number(right)
    if sign is None:
        raise _NoSuch
    return Expression(f"({left.sql} {sign} {right.sql})", "flag")


def _all_of(parts: list[Expression]) -> Expression:
    """As Python goes: what comes behind a "no" is not looked at, be it unknown."""
    *others, last = parts
    sql = last.sql
    for each in reversed(others):
        sql = f"CASE WHEN {each.sql} THEN {sql} WHEN NOT {each.sql} THEN (1 = 0) END"
    return Expression(sql, "flag")


def _any_of(parts: list[Expression]) -> Expression:
    *others, last = parts
    sql = last.sql
    for each in reversed(others):
        sql = f"CASE WHEN {each.sql} THEN (1 = 1) WHEN NOT {each.sql} THEN {sql} END"
    return Expression(sql, "flag")


def _least(name: str, given: list[Expression]) -> Expression:
    is_of_days = all(each.kind == "day" for each in given)
    first, *others = given if is_of_days else [_as_number(each) for each in given]
    sql = first.sql
    for each in others:
        sql = f"crm_{name}({sql}, {each.sql})"
    return Expression(sql, "day" if is_of_days else "number")

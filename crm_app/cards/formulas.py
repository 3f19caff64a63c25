"""Fields that are computed of others when a card is read: "price * amount * (1 - discount / 100)".

A formula knows numbers, texts and days; the card's other fields by their keys, or by their names in brackets:
"[Площадь] * [Цена за метр]". It is small on purpose: no attributes, no loops, nothing that takes long. Where a field
that it needs is empty, and where something is divided by nothing, it is empty too.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from simpleeval import InvalidExpression, SimpleEval

from crm_app.cards.field_rules import Definition
from crm_app.core.computing import DECIMALS, LONGEST_TEXT, checked, digits_of, rounded
from crm_app.core.errors import BadInput, RuleBroken
from crm_app.core.folding import fold

LONGEST, MOST_NODES, DEEPEST = 500, 120, 20
LARGEST_POWER = 64

_IN_BRACKETS = re.compile(r"\[([^\[\]]{1,60})\]")
_SAMPLES: dict[str, Any] = {
    "text": "a", "long_text": "a", "number": 2.0, "money": 200, "date": "2026-01-02",
    "datetime": "2026-01-02T03:04:05Z", "yes_no": True, "choice": "a", "link": "a",
}  # fmt: skip
"""A stored value of each kind that a formula may use: with these it is tried when it is defined."""


class _Blank(Exception):
    """Something that the formula needs is empty."""


def with_keys(formula: str, names: Mapping[str, str]) -> str:
    """A formula with keys for names in brackets. names: folded name → key. Raises BadInput for an unknown one."""

    def key(found: re.Match[str]) -> str:
        name = fold(found[1])
        if name not in names:
            raise BadInput("cards.error.formula_name", field="formula", name=found[1])
        return names[name]

    return _IN_BRACKETS.sub(key, formula.strip())


def usable(field: Definition) -> bool:
    """Whether formulas may use a field."""
    return field.kind in _SAMPLES or field.kind == "formula"


def check(field: Definition, others: Iterable[Definition], card_fields: Mapping[str, str]) -> None:
    """Raises BadInput for a formula that can't be: malformed, of unknown names, of itself, or of what doesn't fit.

    card_fields: what formulas may use of the card itself, name → kind.
    """
    names = names_in(field.formula)
    if any(isinstance(node, _NO_COMPARISON) for node in ast.walk(parsed(field.formula))):
        raise BadInput("cards.error.formula_shape", field="formula")
    known = {other.key: other for other in others if usable(other)}
    for name in sorted(names - known.keys() - card_fields.keys()):
        raise BadInput("cards.error.formula_name", field="formula", name=name)
    if field.key in _all_names(field, known):
        raise BadInput("cards.error.formula_cycle", field="formula", name=field.names)
    fields = [*known.values(), field]
    stored = {key: _SAMPLES[other.kind] for key, other in known.items() if other.kind in _SAMPLES}
    row = {name: _SAMPLES[kind] for name, kind in card_fields.items()}
    try:
        _Computer(fields, stored, row, card_fields).value(field.key)
    except _Blank:
        return
    except (InvalidExpression, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        raise BadInput("cards.error.formula_fits", field="formula", what=str(error)[:100]) from None


def check_unused(field: Definition, others: Iterable[Definition]) -> None:
    """Raises RuleBroken where another field is computed of this one."""
    for other in others:
        if other.kind == "formula" and field.key in names_in(other.formula):
            raise RuleBroken("cards.error.field_in_formula", name=field.names, formula=other.names)


def compute(
    fields: Iterable[Definition], stored: Mapping[str, Any], row: Mapping[str, Any], card_fields: Mapping[str, str]
) -> dict[str, Any]:
    """Values of the computed fields that are not empty, by key. row: the card's own fields, as they are stored."""
    computer = _Computer(fields, stored, row, card_fields)
    found: dict[str, Any] = {}
    for field in computer.fields.values():
        if field.kind == "formula":
            try:
                found[field.key] = _plain(computer.value(field.key))
            except (_Blank, InvalidExpression, TypeError, ValueError, ArithmeticError, RecursionError):
                continue  # a field of it is empty, or is no more what it was
    return found


def depends_on(field: Definition, fields: Iterable[Definition], names: Iterable[str]) -> bool:
    """Whether a computed field shows one of the fields of these names, through others too."""
    known = {other.key: other for other in fields}
    return bool(_all_names(field, known) & set(names))


@lru_cache(maxsize=1024)
def parsed(formula: str) -> ast.Expression:
    """A formula taken apart. Raises BadInput for what is none."""
    if len(formula) > LONGEST:
        raise BadInput("cards.error.formula_long", field="formula", longest=LONGEST)
    try:
        tree = ast.parse(formula, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadInput("cards.error.formula_shape", field="formula") from None
    nodes = list(ast.walk(tree))
    if len(nodes) > MOST_NODES or _depth(tree) > DEEPEST:
        raise BadInput("cards.error.formula_long", field="formula", longest=LONGEST)
    for node in nodes:
        if not _is_allowed(node):
            raise BadInput("cards.error.formula_shape", field="formula")
    return tree


_ALLOWED = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Load, ast.Name, ast.operator,
    ast.unaryop, ast.boolop, ast.cmpop,
)  # fmt: skip


_NO_COMPARISON = (ast.In, ast.NotIn, ast.Is, ast.IsNot)
"""Refused when a formula is defined; one that was stored with it is empty where it comes to that."""


def _is_allowed(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return type(node.value) in (int, float, str, bool)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS and not node.keywords
    return isinstance(node, _ALLOWED)


def _depth(node: ast.AST) -> int:
    return 1 + max((_depth(child) for child in ast.iter_child_nodes(node)), default=0)


@lru_cache(maxsize=1024)
def names_in(formula: str) -> frozenset[str]:
    """The names that a formula uses. Raises BadInput for what is none."""
    tree = parsed(formula)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called)


def _all_names(field: Definition, known: Mapping[str, Definition]) -> set[str]:
    """The names that a formula uses, and those that the formulas among them use."""
    found: set[str] = set()
    waiting = [field]
    while waiting:
        for name in names_in(waiting.pop().formula) - found:
            found.add(name)
            if name in known and known[name].kind == "formula":
                waiting.append(known[name])
    return found


class _Computer:
    """Computes fields of one card; what others are computed of is computed once."""

    def __init__(
        self, fields: Iterable[Definition], stored: Mapping[str, Any], row: Mapping[str, Any], kinds: Mapping[str, str]
    ) -> None:
        self.fields = {field.key: field for field in fields}
        self._stored, self._row, self._kinds = stored, row, kinds
        self._done: dict[str, Any] = {}

    def value(self, name: str) -> Any:
        if name not in self._done:
            self._done[name] = self._find(name)
        return self._done[name]

    def _find(self, name: str) -> Any:
        field = self.fields.get(name)
        if field is not None and field.kind == "formula":
            return _evaluate(field.formula, self)
        if field is None:
            return _as_operand(self._kinds.get(name, ""), self._row.get(name))
        stored = self._stored.get(name)
        return _as_operand(field.kind, field.option_name(stored, "ru") if field.kind == "choice" and stored else stored)

    def __getitem__(self, name: str) -> Any:
        return self.value(name)


def _as_operand(kind: str, value: Any) -> Any:
    if value is None or value == "":
        raise _Blank
    if kind == "money":
        return value / 100
    if kind in ("date", "datetime") and isinstance(value, str):
        return datetime.fromisoformat(value).date()
    return value.date() if isinstance(value, datetime) else value


def _evaluate(formula: str, names: _Computer) -> Any:
    evaluator = SimpleEval(operators=_OPERATORS, functions=FUNCTIONS, names=names)
    outcome = evaluator.eval(formula, previously_parsed=parsed(formula).body)
    return _checked(outcome)


def _checked(value: Any) -> Any:
    if isinstance(value, bool | date):
        return value
    if isinstance(value, timedelta):
        return value.days
    if isinstance(value, int | float) and (number := checked(value)) is not None:
        return number
    if isinstance(value, str) and len(value) <= LONGEST_TEXT:
        return value
    raise ValueError("too large")


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        number = rounded(value, DECIMALS)
        return int(number) if number.is_integer() else number
    return value


def _add(left: Any, right: Any) -> Any:
    if isinstance(left, str) != isinstance(right, str):
        raise TypeError("text + number")
    return _checked(_shifted(left, right, 1) if isinstance(left, date) else left + right)


def _subtract(left: Any, right: Any) -> Any:
    if isinstance(left, date):
        return (left - right).days if isinstance(right, date) else _shifted(left, right, -1)
    return _checked(left - right)


def _shifted(day: date, days: Any, sign: int) -> date:
    return day + timedelta(days=sign * days)


def _numbers(compute_: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def run(left: Any, right: Any) -> Any:
        if not isinstance(left, int | float) or not isinstance(right, int | float):
            raise TypeError("not a number")
        try:
            return _checked(compute_(left, right))
        except ZeroDivisionError:
            raise _Blank from None

    return run


def _no_comparison(_left: Any, _right: Any) -> Any:
    raise TypeError("not a comparison")


def _power(base: float, exponent: float) -> Any:
    if abs(exponent) > LARGEST_POWER:
        raise ValueError("too large")
    outcome = float(base) ** float(exponent)
    if isinstance(outcome, complex):
        raise ValueError("no root")
    return outcome


_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: _add, ast.Sub: _subtract, ast.Mult: _numbers(operator.mul), ast.Div: _numbers(operator.truediv),
    ast.FloorDiv: _numbers(operator.floordiv), ast.Mod: _numbers(operator.mod), ast.Pow: _numbers(_power),
    ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Not: operator.not_, ast.Eq: operator.eq,
    ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    **dict.fromkeys(_NO_COMPARISON, _no_comparison),
}  # fmt: skip


def _round(number: float, digits: int = 0) -> float:
    return rounded(number + 0.0, digits_of(digits))


def _day(value: Any) -> date:
    if not isinstance(value, date):
        raise TypeError("not a day")
    return value


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "round": _round,
    "abs": lambda number: abs(number),
    "min": lambda *numbers: min(numbers),
    "max": lambda *numbers: max(numbers),
    "year": lambda day: _day(day).year,
    "month": lambda day: _day(day).month,
    "day": lambda day: _day(day).day,
}
"""What formulas may call."""

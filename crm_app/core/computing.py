"""What computed fields are computed with inside SQL: the same functions in Python, for SQLite, and in PostgreSQL.

Each is of numbers that may be NULL and gives a number that may be NULL, never an error: an index over an expression of
them must not refuse a row. Days are their numbers, as date.toordinal counts them.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import Double, literal_column
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator

LARGEST, SMALLEST = 10.0**15, 10.0**-30
"""What is not smaller than the one is no number any more, what is smaller than the other is nothing."""
DECIMALS = 6
"""As many digits behind the point as a computed number has."""
LONGEST_TEXT = 2_000
_LAST_DAY = date.max.toordinal()


class DayNumber(TypeDecorator[Any]):
    """A day as its number."""

    impl = Double
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return float(value.toordinal()) if isinstance(value, date) else value


class Computed(GenericFunction[Any]):
    """An expression of these functions over the columns of a table. column: one of them; sql: the expression."""

    inherit_cache = True

    def __init__(self, column: Any, sql: str, type_: Any) -> None:
        super().__init__(column, literal_column(sql), type_=type_)


@compiles(Computed)
def _computed(element: Computed, compiler: Any, **options: Any) -> str:
    _, sql = element.clauses
    return f"({compiler.process(sql, **options)})"


def rounded(number: float, digits: int) -> float:
    """A number with so many digits behind the point, half of the last one upwards, as people reckon: 2.675 is 2.68."""
    if not math.isfinite(number):
        return number
    return float(Decimal(f"{number:.15g}").quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def checked(number: float) -> float | None:
    """The number, 0 for next to nothing, None for one that is too large."""
    if not abs(number) < LARGEST:
        return None
    return number if abs(number) >= SMALLEST else 0.0


def digits_of(digits: float) -> int:
    """How many digits are meant: a whole number from 0 to six."""
    return max(0, min(int(digits), DECIMALS))


def _divided(number: float, by: float) -> float | None:
    return None if by == 0 else checked(number / by)


def _day(text: str) -> float | None:
    try:
        return float(date.fromisoformat(text[:10]).toordinal())
    except ValueError:
        return None


def _shifted(day: float, days: float) -> float | None:
    moved = day + math.floor(days)
    return moved if 1 <= moved <= _LAST_DAY else None


def _text(text: str) -> str | None:
    return text if len(text) <= LONGEST_TEXT else None


_IN_PYTHON: dict[str, tuple[int, Callable[..., Any]]] = {
    "crm_num": (1, checked),
    "crm_bit": (1, float),
    "crm_div": (2, _divided),
    "crm_round": (2, lambda number, digits: rounded(number, digits_of(digits))),
    "crm_min": (2, min),
    "crm_max": (2, max),
    "crm_day": (1, _day),
    "crm_shift": (2, _shifted),
    "crm_year": (1, lambda day: float(date.fromordinal(int(day)).year)),
    "crm_month": (1, lambda day: float(date.fromordinal(int(day)).month)),
    "crm_month_day": (1, lambda day: float(date.fromordinal(int(day)).day)),
    "crm_text": (1, _text),
}
_F8 = "double precision"
_ORIGIN = "(date '0001-01-01' + (x::int - 1))"
# Of pg_catalog alone: where PostgreSQL builds an index it looks for functions nowhere else.
_IN_POSTGRESQL: dict[str, tuple[str, str, str]] = {
    "crm_num": (f"x {_F8}", _F8, "RETURN CASE WHEN abs(x) >= 1e15 THEN NULL WHEN abs(x) < 1e-30 THEN 0 ELSE x END;"),
    "crm_bit": ("x boolean", _F8, f"RETURN x::int::{_F8};"),
    "crm_div": (
        f"x {_F8}, y {_F8}", _F8,
        ("IF y = 0 THEN RETURN NULL; END IF; x := x / y; "
        "RETURN CASE WHEN abs(x) >= 1e15 THEN NULL WHEN abs(x) < 1e-30 THEN 0 ELSE x END;"),
    ),
    "crm_round": (
        f"x {_F8}, y {_F8}", _F8, f"RETURN round(x::numeric, greatest(0, least(trunc(y)::int, {DECIMALS})))::{_F8};",
    ),
    "crm_min": (f"x {_F8}, y {_F8}", _F8, "RETURN least(x, y);"),
    "crm_max": (f"x {_F8}, y {_F8}", _F8, "RETURN greatest(x, y);"),
    "crm_day": (
        "x text", _F8,
        ("RETURN make_date(left(x, 4)::int, substr(x, 6, 2)::int, substr(x, 9, 2)::int) - date '0001-01-01' + 1; "
        "EXCEPTION WHEN datetime_field_overflow OR invalid_text_representation THEN RETURN NULL;"),
    ),
    "crm_shift": (
        f"x {_F8}, y {_F8}", _F8,
        f"x := x + floor(y); RETURN CASE WHEN x BETWEEN 1 AND {_LAST_DAY} THEN x END;",
    ),
    "crm_year": (f"x {_F8}", _F8, f"RETURN extract(year FROM {_ORIGIN});"),
    "crm_month": (f"x {_F8}", _F8, f"RETURN extract(month FROM {_ORIGIN});"),
    "crm_month_day": (f"x {_F8}", _F8, f"RETURN extract(day FROM {_ORIGIN});"),
    "crm_text": ("x text", "text", f"RETURN CASE WHEN length(x) <= {LONGEST_TEXT} THEN x END;"),
}  # fmt: skip


def teach(raw: sqlite3.Connection) -> None:
    """Let a connection of SQLite know the functions."""
    for name, (takes, function) in _IN_PYTHON.items():
        raw.create_function(name, takes, _of_known(function), deterministic=True)


def _of_known(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *given: None if None in given else function(*given)


def ensure(connection: Connection) -> None:
    """Make the functions that PostgreSQL lacks."""
    if connection.dialect.name == "sqlite":
        return
    found = connection.exec_driver_sql("SELECT proname FROM pg_proc WHERE proname LIKE 'crm\\_%%'")
    known = {row[0] for row in found}
    for name, (takes, gives, body) in _IN_POSTGRESQL.items():
        if name not in known:
            connection.exec_driver_sql(
                f"CREATE FUNCTION {name}({takes}) RETURNS {gives} LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE "
                f"AS $$ BEGIN {body} END $$"
            )

"""Rows by many keys at once: one statement, built once, however many keys are looked for.

`IN (?, ?, …)` is another statement for each number of keys: SQLAlchemy builds it anew, and the database reads it anew.
Here the keys are one value, a list that the database takes apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, String, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Keys(TypeDecorator[Iterable[Any]]):
    """A list as one value: JSON for SQLite, an array for PostgreSQL. of: the type of each key."""

    impl = String
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name != "postgresql":
            return String()
        from sqlalchemy.dialects.postgresql import ARRAY  # imported where that database is

        return ARRAY(self.of)

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> Any:
        keys = list(value or ())
        return keys if dialect.name == "postgresql" else json.dumps(keys, ensure_ascii=False)


class _apart(GenericFunction[Any]):  # noqa: N801
    type = String()
    inherit_cache = True


@compiles(_apart, "sqlite")
def _apart_sqlite(element: _apart, compiler: Any, **options: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **options)}))"  # noqa: S608  no value


@compiles(_apart)
def _apart_postgresql(element: _apart, compiler: Any, **options: Any) -> str:
    return f"(SELECT unnest({compiler.process(element.clauses, **options)}))"


def among(column: Any, name: str) -> ColumnElement[bool]:
    """The condition that a column holds one of the keys that `tx.all(statement, NAME=keys)` brings."""
    of = BigInteger() if isinstance(column.type, Integer) else String()
    found: ColumnElement[bool] = column.op("IN", is_comparison=True)(_apart(bindparam(name, type_=_Keys(of))))
    return found

"""Values inside a JSON column: as expressions that both databases can filter and sort by, and the indexes over them.

A key is a name of small Latin letters, digits and underscores, so that it may stand in SQL as it is: an index serves an
expression only where its key is written out. Nothing else is ever written into SQL here.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Double, String, literal_column
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator

from crm_app.core import computing, year_days
from crm_app.core.dates import instant_text

LONGEST_SORTED = 100
"""Letters of a long text by which it is known to be there: an index of PostgreSQL takes no long ones."""

PREFIX = "ix_value_"
"""What the names of these indexes begin with: no model tells of them."""

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)


class Day(TypeDecorator[Any]):
    """A day as JSON holds it: "2026-11-22"."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return value.isoformat() if isinstance(value, date) else value


class Instant(TypeDecorator[Any]):
    """A moment as JSON holds it: "2026-11-22T10:00:00Z", to the second."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return instant_text(value) if isinstance(value, datetime) else value


class Within(GenericFunction[Any]):
    """The value under a key of a JSON column; NULL where there is none. The subclasses say what it is read as."""

    inherit_cache = True
    sqlite: ClassVar[str]
    postgresql: ClassVar[str]

    def __init__(self, column: Any, key: str, type_: Any = None) -> None:
        super().__init__(column, literal_column(checked_key(key)), type_=type_ or self.type)

    @classmethod
    def sql(cls, dialect: str, column: str, key: str) -> str:
        """The expression as one database has it; an index is written the same way."""
        return (cls.sqlite if dialect == "sqlite" else cls.postgresql).format(column=column, key=key)


class TextWithin(Within):
    type = String()
    inherit_cache = True
    sqlite = "json_extract({column}, '$.{key}')"
    postgresql = "(({column} ->> '{key}') COLLATE \"C\")"


class HeadWithin(Within):
    """The beginning of a long text."""

    type = String()
    inherit_cache = True
    sqlite = f"substr(json_extract({{column}}, '$.{{key}}'), 1, {LONGEST_SORTED})"
    postgresql = f"(left({{column}} ->> '{{key}}', {LONGEST_SORTED}) COLLATE \"C\")"


class NumberWithin(Within):
    type = Double()
    inherit_cache = True
    sqlite = "json_extract({column}, '$.{key}')"
    postgresql = "(({column} ->> '{key}')::double precision)"


class FlagWithin(Within):
    """Yes or no, as a number: 1 or 0."""

    type = Double()
    inherit_cache = True
    sqlite = "json_extract({column}, '$.{key}')"
    postgresql = "(({column} ->> '{key}')::boolean::int)"


class ListWithin(Within):
    """Several texts. Only `has_within` reads it."""

    type = String()
    inherit_cache = True
    sqlite = "json_extract({column}, '$.{key}')"
    postgresql = "({column} -> '{key}')"


class has_within(GenericFunction[bool]):  # noqa: N801
    """Whether a list within JSON has a text: `has_within(ListWithin(column, key), text)`. Never NULL."""

    inherit_cache = True


@compiles(Within)
def _within(element: Within, compiler: Any, **options: Any) -> str:
    column, key = element.clauses
    return element.sql(compiler.dialect.name, compiler.process(column, **options), key.name)


@compiles(has_within, "sqlite")
def _has_within_sqlite(element: has_within, compiler: Any, **options: Any) -> str:
    listed, text = (compiler.process(part, **options) for part in element.clauses)
    return f"({listed} IS NOT NULL AND instr({listed}, '\"' || {text} || '\"') > 0)"


@compiles(has_within)
def _has_within_postgresql(element: has_within, compiler: Any, **options: Any) -> str:
    listed, text = (compiler.process(part, **options) for part in element.clauses)
    return f"({listed} IS NOT NULL AND {listed} @> jsonb_build_array({text}))"


def checked_key(key: str) -> str:
    """The key, if it may stand in SQL. Raises ValueError."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a key: {key!r}")
    return key


def create_index(connection: Connection, number: int, table: str, column: str, key: str, kind: type[Within]) -> None:
    """Make the index over what is under a key; nothing happens where it exists. number: by which it is dropped again.

    Raises ValueError for odd names.
    """
    dialect = connection.dialect.name
    expression = kind.sql(dialect, _checked_name(column), checked_key(key))
    of = f"({expression}, id)"
    if kind is HeadWithin or (kind is ListWithin and dialect == "sqlite"):
        of = f"({expression}) WHERE {expression} IS NOT NULL"
    elif kind is ListWithin:
        of = f"USING gin ({expression})"
    connection.exec_driver_sql(f"CREATE INDEX IF NOT EXISTS {PREFIX}{number:d} ON {_checked_name(table)} {of}")


def create_yearly_index(connection: Connection, number: int, table: str, column: str, key: str) -> None:
    """Make the index over the day and the month of a date under a key; nothing happens where it exists."""
    computing.ensure(connection)
    dialect = connection.dialect.name
    day = year_days.of_text(dialect, TextWithin.sql(dialect, _checked_name(column), checked_key(key)))
    name = f"{PREFIX}{number:d}{year_days.ENDING}"
    connection.exec_driver_sql(f"CREATE INDEX IF NOT EXISTS {name} ON {_checked_name(table)} ({day}, id)")


def create_computed_index(connection: Connection, number: int, table: str, sql: str) -> None:
    """Make the index over a computed value; nothing happens where it exists. sql: as cards/formula_sql.py writes it."""
    computing.ensure(connection)
    made = f"CREATE INDEX IF NOT EXISTS {PREFIX}{number:d} ON {_checked_name(table)} (({sql}), id)"
    # without parameters a % in it is no place for one
    connection.exec_driver_sql(made, execution_options={"no_parameters": True})


def indexes(connection: Connection) -> list[str]:
    """Names of all these indexes that there are."""
    names, table = ("name", "sqlite_master") if connection.dialect.name == "sqlite" else ("indexname", "pg_indexes")
    found = connection.exec_driver_sql(f"SELECT {names} FROM {table}")  # noqa: S608  two words of our own
    return sorted(row[0] for row in found if row[0].startswith(PREFIX))


def drop_index(connection: Connection, number: int) -> None:
    """Take the indexes of a field away; nothing happens where there are none."""
    for ending in ("", year_days.ENDING):
        connection.exec_driver_sql(f"DROP INDEX IF EXISTS {PREFIX}{number:d}{ending}")


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a name: {name!r}")
    return name

"""Every table of a database as plain rows that fit either kind of database, and back.

The tables are described by the database itself, not by the models: a copy can be of an older version. A row is a list
of JSON values in the order of the columns.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    cast,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.engine import Connection
from sqlalchemy.types import UserDefinedType
from sqlmodel import SQLModel

from crm_app.core.commands import CommandFailed
from crm_app.core.db import Json

BATCH = 1_000
INDEX = "search_entry"
NOT_COPIED = frozenset({"alembic_version", "worker_beat"})
"""What is told otherwise, and who lives right now."""


class RawJson(UserDefinedType[str]):
    """A JSON column as the text that it is: so that null, numbers and order of keys stay as they are."""

    cache_ok = True

    def __init__(self, is_sqlite: bool) -> None:
        self.is_sqlite = is_sqlite

    def get_col_spec(self, **_: Any) -> str:
        return "JSON" if self.is_sqlite else "JSONB"

    def column_expression(self, column: Any) -> Any:
        return column if self.is_sqlite else cast(column, Text)

    def bind_expression(self, bindvalue: Any) -> Any:
        return bindvalue if self.is_sqlite else cast(bindvalue, Json)


def tables_of(connection: Connection) -> list[Table]:
    """The tables, those that others refer to first; the search index is the last."""
    metadata, is_sqlite = described(connection), connection.dialect.name == "sqlite"
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type = RawJson(is_sqlite)
    index = Table(INDEX, MetaData(), Column("rowid", BigInteger, primary_key=True), Column("body", Text))
    return [*(table for table in metadata.sorted_tables if table.name not in NOT_COPIED), index]


def described(connection: Connection) -> MetaData:
    """All tables but the search index, as the database describes them."""
    metadata = MetaData()
    names = [name for name in inspect(connection).get_table_names() if not name.startswith(INDEX)]
    metadata.reflect(connection, only=names)
    return metadata


def rows_of(connection: Connection, table: Table) -> Iterator[list[Any]]:
    """Every row of a table, read a batch at a time."""
    statement = select(table).execution_options(yield_per=BATCH)
    for row in connection.execute(statement):
        yield [_plain(value) for value in row]


def put_rows(connection: Connection, table: Table, columns: list[str], rows: Iterable[list[Any]]) -> int:
    """Write rows into a table, and give their number. Raises CommandFailed where the columns are not the table's."""
    if not set(columns) <= set(table.columns.keys()):
        raise CommandFailed(f"The archive's table {table.name} has other columns than this program knows.")
    types = [_reader(table.columns[name], is_sqlite=connection.dialect.name == "sqlite") for name in columns]
    pending, written = iter(rows), 0
    while batch := list(islice(pending, BATCH)):
        values = [
            {
                name: None if value is None else read(value)
                for name, read, value in zip(columns, types, row, strict=True)
            }
            for row in batch
        ]
        connection.execute(insert(table), values)
        written += len(batch)
    return written


def drop_all(connection: Connection) -> set[str]:
    """Take everything of ours out of the database, within the transaction of the connection.

    Gives the names of the tables that stay: they are another program's.
    """
    names = [table.name for table in reversed(described(connection).sorted_tables)]
    found = [name for name in names if _is_ours(name)]
    _drop(connection, found)
    return {*names} - {*found}


def _is_ours(name: str) -> bool:
    return name in SQLModel.metadata.tables or name == "alembic_version"


def _drop(connection: Connection, found: list[str]) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        # those that refer to others first: SQLite looks at references while it drops, and stumbles over lost tables
        for name in found:
            connection.execute(text(f'DROP TABLE "{name}"'))
        connection.execute(text(f"DROP TABLE IF EXISTS {INDEX}"))
        return
    called = (
        "SELECT DISTINCT t.tgfoid::regprocedure::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE NOT t.tgisinternal AND c.relname = ANY(:names)"
    )
    functions = list(connection.execute(text(called), {"names": found}).scalars())
    for name in [*found, INDEX]:
        connection.execute(text(f'DROP TABLE IF EXISTS "{name}" CASCADE'))
    for function in functions:
        connection.execute(text(f"DROP FUNCTION {function}"))


def references_later(connection: Connection) -> None:
    """Have references looked at when all rows are there: rows may name later ones, also of their own table."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        return
    _alter_references(connection, "DEFERRABLE INITIALLY DEFERRED")


def references_now(connection: Connection) -> None:
    """Look at them, and at each from now on as before; ids go on after the last ones."""
    if connection.dialect.name == "sqlite":
        return
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    _alter_references(connection, "NOT DEFERRABLE")
    for table in tables_of(connection):
        for column in table.primary_key.columns:
            sequence = func.pg_get_serial_sequence(f'"{table.name}"', column.name)
            last = select(func.max(column)).scalar_subquery()
            if connection.execute(select(sequence)).scalar() and connection.execute(select(last)).scalar():
                connection.execute(select(func.setval(sequence, last)))


def _alter_references(connection: Connection, how: str) -> None:
    inspector = inspect(connection)
    for table in filter(_is_ours, inspector.get_table_names()):
        for reference in inspector.get_foreign_keys(table):
            connection.execute(text(f'ALTER TABLE "{table}" ALTER CONSTRAINT "{reference["name"]}" {how}'))


def _plain(value: Any) -> Any:
    """A value of the database as one of JSON."""
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value


def _reader(column: Column[Any], *, is_sqlite: bool) -> Any:
    """How a value of JSON becomes one of a column."""
    kind = column.type
    if isinstance(kind, DateTime):
        return lambda value: datetime.fromisoformat(value).replace(tzinfo=None if is_sqlite else UTC)
    if isinstance(kind, Date):
        return date.fromisoformat
    if isinstance(kind, LargeBinary):
        return base64.b64decode
    if isinstance(kind, Boolean):
        return bool
    if isinstance(kind, Numeric) and kind.asdecimal:
        return Decimal
    return lambda value: value

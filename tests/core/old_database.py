"""A database as the first version left it, with rows in every table that it had."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    insert,
    inspect,
)
from sqlalchemy.engine import Connection

from crm_app.core import migrations, tables
from crm_app.core.db import Database

ROWS = 300
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


def make_old(database: Database) -> str:
    """Bring an empty database to the first version, and fill it. Gives the version's name."""
    first = ScriptDirectory.from_config(migrations._config()).get_base() or ""
    with migrations.alone(database) as connection:
        migrations.upgrade(connection, first)
        fill(connection)
    return first


def fill(connection: Connection) -> None:
    """Rows in every table; those that it refers to have been filled before it."""
    tables.references_later(connection)
    metadata = MetaData()
    names = [name for name in inspect(connection).get_table_names() if not name.startswith(tables.INDEX)]
    metadata.reflect(connection, only=names)
    for table in metadata.sorted_tables:
        if table.name != "alembic_version":
            writers = {column.name: _writer(table, column) for column in table.columns}
            rows = [{name: write(number) for name, write in writers.items()} for number in range(1, ROWS + 1)]
            connection.execute(insert(table), rows)
    index = tables.tables_of(connection)[-1]
    words = [{"rowid": (1 << 40) + number, "body": f"вектор {number}"} for number in range(1, ROWS + 1)]
    connection.execute(insert(index).values(rowid=bindparam("rowid"), body=bindparam("body")), words)
    tables.references_now(connection)


def _writer(table: Table, column: Column[Any]) -> Callable[[int], Any]:
    """What a column holds in its n-th row: no two rows alike, so that every kind of key is kept."""
    kind = column.type
    if isinstance(kind, JSON):
        return lambda number: {"number": number, "words": ["ё", None, 1.5]}
    if isinstance(kind, Boolean):
        return lambda number: number % 2 == 0
    if isinstance(kind, DateTime):
        return lambda number: BEGINNING + timedelta(minutes=number)
    if isinstance(kind, Date):
        return lambda number: date(2026, 1, 1) + timedelta(days=number)
    if isinstance(kind, LargeBinary):
        return lambda number: bytes([number % 256, 0, 255])
    if isinstance(kind, Float):
        return lambda number: number / 8
    if isinstance(kind, Integer):
        return lambda number: number
    assert isinstance(kind, String), (table.name, column.name, kind)
    return lambda number: f"{column.name} {number} «ё» '%"


def held(database: Database) -> dict[str, dict[str, list[Any]]]:
    """table → column → its values, in order of the first key."""
    found: dict[str, dict[str, list[Any]]] = {}
    with database.reader.begin() as connection:
        for table in tables.tables_of(connection):
            rows = sorted(tables.rows_of(connection, table), key=str)
            names = table.columns.keys()
            found[table.name] = {name: sorted(map(str, (row[i] for row in rows))) for i, name in enumerate(names)}
    return found

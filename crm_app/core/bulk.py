"""Many new rows at once, in the driver's own words.

SQLAlchemy looks at every value of every row, which costs more than the database does with it. Here the statement is
compiled once, and only columns whose type asks for it (times, JSON) are touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, TableClause, insert
from sqlalchemy.engine import Connection, Dialect

from crm_app.core.driver import execute_many

Row = Mapping[str, Any]
Process = Callable[[Any], Any]


def insert_many(connection: Connection, table: TableClause, rows: list[dict[str, Any]]) -> None:
    """Insert rows of the same columns. Columns that are left out get their default."""
    if rows:
        words = _words(connection.dialect, table, tuple(rows[0]))
        execute_many(connection, words.sql, words.parameters(rows))


class _Words:
    """An INSERT as the driver takes it: values by place (SQLite) or by name (PostgreSQL)."""

    def __init__(self, dialect: Dialect, table: TableClause, names: tuple[str, ...]) -> None:
        compiled: Any = insert(table).inline().compile(dialect=dialect, column_keys=list(names))
        self.sql = str(compiled)
        self._left_out = {column.name: _default(column) for column in compiled.insert_prefetch}
        self._places: list[str] | None = compiled.positiontup if compiled.positional else None
        self._processes = {name: _again(process) for name, process in compiled._bind_processors.items()}

    def parameters(self, rows: Iterable[Row]) -> list[Any]:
        """The values of all rows, each in the database's own type."""
        if self._left_out:
            rows = [{**self._left_out, **row} for row in rows]
        if self._places is None:
            made = self._processes.items()
            return [{**row, **{name: process(row[name]) for name, process in made}} for row in rows]
        pick = itemgetter(*self._places)
        by_place = [(self._places.index(name), process) for name, process in self._processes.items()]
        return [_processed([*pick(row)], by_place) for row in rows] if by_place else [pick(row) for row in rows]


def _default(column: Column[Any]) -> Any:
    assert column.default and column.default.is_scalar, f"{column} is made anew for each row: name it"
    return column.default.arg  # type: ignore[attr-defined]


def _processed(values: list[Any], by_place: list[tuple[int, Process]]) -> tuple[Any, ...]:
    for place, process in by_place:
        values[place] = process(values[place])
    return tuple(values)


def _again(process: Process) -> Process:
    """The same, but the very value that came last time is not worked on again: rows of a batch share their times."""
    last: tuple[Any, Any] = (_again, None)

    def remembering(value: Any) -> Any:
        nonlocal last
        known, made = last
        if known is value and not isinstance(value, dict | list):  # those may have changed meanwhile
            return made
        made = process(value)
        last = value, made
        return made

    return remembering


@lru_cache(maxsize=256)
def _words(dialect: Dialect, table: TableClause, names: tuple[str, ...]) -> _Words:
    return _Words(dialect, table, names)

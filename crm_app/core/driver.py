"""What is said to the database's driver itself, on a connection of SQLAlchemy and in its transaction.

SQLAlchemy writes the SQL and makes the driver's errors its own; what it does for each execution is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

Process = Callable[[Any], Any]


def fetch(connection: Connection, sql: str, parameters: Any = ()) -> tuple[list[Any], Sequence[Any]]:
    """What the driver finds, and its description of the columns. Raises SQLAlchemy's errors."""
    with _errors(connection, sql, parameters):
        raw: Any = connection.connection.driver_connection
        cursor = raw.execute(sql, parameters)
        return cursor.fetchall(), cursor.description


def execute(connection: Connection, sql: str, parameters: Any = ()) -> None:
    """Have the driver do what finds nothing. Raises SQLAlchemy's errors."""
    with _errors(connection, sql, parameters):
        raw: Any = connection.connection.driver_connection
        raw.execute(sql, parameters)


def execute_many(connection: Connection, sql: str, rows: Sequence[Any]) -> None:
    """The same for each of many rows."""
    with _errors(connection, sql, rows):
        raw: Any = connection.connection.driver_connection
        raw.cursor().executemany(sql, rows)


def processed(value: Any, process: Process | None) -> Any:
    """A value as the driver takes or gives it."""
    return value if process is None else process(value)


@contextmanager
def _errors(connection: Connection, sql: str, parameters: Any) -> Iterator[None]:
    """The driver's errors as SQLAlchemy's. A connection that is lost is not given to anybody again."""
    dialect = connection.dialect
    try:
        yield
    except dialect.loaded_dbapi.Error as error:
        is_lost = dialect.is_disconnect(error, connection.connection.driver_connection, None)
        if is_lost:
            connection.invalidate(error)
        base = cast("type[Exception]", dialect.loaded_dbapi.Error)
        wrapped = DBAPIError.instance(sql, parameters, error, base, connection_invalidated=is_lost, dialect=dialect)
        raise wrapped from error

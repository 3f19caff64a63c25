"""Notes that can't wait: many tiny transactions over one connection, each committed before the next thing happens.

The door is made for what people do; a mailing notes twelve hundred outcomes a second, one by one, so that a process
that dies at any moment has told of every letter but the one in its hand. Beside the door only this place commits.
It takes statements that change single rows, made by code alone, and knows no actor: docs/decisions/0040-journal.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ClauseElement
from sqlalchemy.engine import Connection

from crm_app.core.db import Database

Note = tuple[ClauseElement, dict[str, Any]]


class Journal:
    """An open connection. Belongs to one thread."""

    def __init__(self, database: Database, connection: Connection) -> None:
        self._database = database
        self._connection = connection
        self._known: dict[ClauseElement, _Words] = {}

    def write(self, *notes: Note) -> bool:
        """Commit all of them, or none where one finds no row to change: False then."""
        with self._database.turn(), self._connection.begin() as transaction:
            for statement, values in notes:
                words = self._known.get(statement)
                if words is None:
                    words = self._known[statement] = _Words(self._connection, statement, list(values))
                if self._connection.exec_driver_sql(words.sql, words.parameters(values)).rowcount == 0:
                    transaction.rollback()
                    return False
        return True


class _Words:
    """A statement in the driver's own words, found once: finding them costs more than the note itself."""

    def __init__(self, connection: Connection, statement: ClauseElement, names: list[str]) -> None:
        self._compiled: Any = statement.compile(connection, column_keys=names)
        self.sql = str(self._compiled)

    def parameters(self, values: dict[str, Any]) -> Any:
        """The values as the driver takes them: by place or by name, each in the database's own type."""
        processors = self._compiled._bind_processors
        told = self._compiled.construct_params(values)
        ready = {name: processors[name](value) if name in processors else value for name, value in told.items()}
        return tuple(ready[name] for name in self._compiled.positiontup) if self._compiled.positional else ready


@contextmanager
def open_journal(database: Database) -> Iterator[Journal]:
    """A journal for the length of the block.

    PostgreSQL is not waited for until its disk has turned: a process that dies loses nothing by that. Only when the
    machine itself loses power may the last half second be missing, as on SQLite.
    """
    connection = database.writer.connect()
    try:
        if not database.is_sqlite:
            connection.detach()
            connection.exec_driver_sql("SET synchronous_commit = off")
            connection.commit()
        yield Journal(database, connection)
    finally:
        connection.close()

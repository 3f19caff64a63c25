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
from sqlalchemy.exc import DBAPIError

from crm_app.core.db import Database, begin_writing

Note = tuple[ClauseElement, dict[str, Any]]


class Journal:
    """An open connection. Belongs to one thread."""

    def __init__(self, database: Database, connection: Connection) -> None:
        self._database = database
        self._connection = connection
        self._errors: type[Exception] = connection.dialect.loaded_dbapi.Error
        self._known: dict[ClauseElement, _Words] = {}

    def write(self, *notes: Note) -> bool:
        """Commit all of them, or none where one finds no row to change: False then. Raises DBAPIError."""
        with self._database.turn():
            raw: Any = self._connection.connection.dbapi_connection
            try:
                return self._write(raw, notes)
            except self._errors as error:
                self._connection.invalidate(error)  # the next note opens it anew
                raise DBAPIError.instance(None, None, error, self._errors) from error

    def _write(self, raw: Any, notes: tuple[Note, ...]) -> bool:
        """Past SQLAlchemy, which would take three times as long as the database."""
        if self._database.is_sqlite:
            begin_writing(raw)
        for statement, values in notes:
            words = self._known.get(statement)
            if words is None:
                words = self._known[statement] = _Words(self._connection, statement, list(values))
            if raw.execute(words.sql, words.parameters(values)).rowcount == 0:
                raw.rollback()
                return False
        raw.commit()
        return True


class _Words:
    """A statement in the driver's own words, found once: finding them costs more than the note itself."""

    def __init__(self, connection: Connection, statement: ClauseElement, names: list[str]) -> None:
        compiled: Any = statement.compile(connection, column_keys=names)
        self.sql = str(compiled)
        self._processors = compiled._bind_processors
        self._places = compiled.positiontup if compiled.positional else None
        self._fixed = {name: self._ready(name, v) for name, v in compiled.params.items() if name not in names}

    def parameters(self, values: dict[str, Any]) -> Any:
        """The values as the driver takes them: by place or by name, each in the database's own type."""
        ready = {**self._fixed, **{name: self._ready(name, value) for name, value in values.items()}}
        return tuple(map(ready.__getitem__, self._places)) if self._places else ready

    def _ready(self, name: str, value: Any) -> Any:
        process = self._processors.get(name)
        return process(value) if process else value


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

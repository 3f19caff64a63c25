"""Notes that can't wait: many tiny transactions over one connection, each committed before the next thing happens.

The door is made for what people do; a mailing notes twelve hundred outcomes a second, one by one, so that a process
that dies at any moment has told of every letter but the one in its hand. Beside the door only this place commits.
It takes statements that change single rows, made by code alone, and knows no actor: docs/decisions/0040-journal.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.engine import Connection

from crm_app.core.db import Database

Note = tuple[Executable, dict[str, Any]]


class Journal:
    """An open connection. Belongs to one thread."""

    def __init__(self, database: Database, connection: Connection) -> None:
        self._database = database
        self._connection = connection

    def write(self, *notes: Note) -> bool:
        """Commit all of them, or none where one finds no row to change: False then."""
        with self._database.turn(), self._connection.begin() as transaction:
            for statement, values in notes:
                if self._connection.execute(statement, values).rowcount == 0:
                    transaction.rollback()
                    return False
        return True


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

"""What a database is asked, and how it goes about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
from sqlalchemy import event

from crm_app.core.db import Database


def statements_of(database: Database, work: Callable[[], object], *, writes: bool = False) -> list[str]:
    """The statements that some reading comes to, with their values, as the database itself hears them.

    writes: those of transactions that write, what they read among them.
    """
    engine = database.writer if writes else database.reader
    heard: list[str] = []

    class Heard(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            heard.append(psycopg.ClientCursor(self.connection).mogrify(query, params))
            return super().execute(query, params, **options)

    def listen(raw: Any, *_: Any) -> None:
        if database.is_sqlite:
            raw.set_trace_callback(heard.append)
        else:
            raw.cursor_factory = Heard

    def stop(raw: Any, *_: Any) -> None:
        if database.is_sqlite:
            raw.set_trace_callback(None)
        else:
            raw.cursor_factory = psycopg.Cursor

    event.listen(engine, "checkout", listen)
    event.listen(engine, "checkin", stop)
    try:
        work()
    finally:
        event.remove(engine, "checkout", listen)
        event.remove(engine, "checkin", stop)
    return heard


def plan_of(database: Database, statement: str, *, as_it_is: bool = False) -> str:
    """How a statement would be gone about, a line for each step; PostgreSQL, as if no table were small.

    as_it_is: by what PostgreSQL knows of its tables, for tests that fill them.
    """
    with database.reader.connect() as connection:
        if not database.is_sqlite:
            if not as_it_is:
                connection.exec_driver_sql("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
            return "\n".join(line[0] for line in connection.exec_driver_sql("EXPLAIN " + statement.replace("%", "%%")))
        connection.exec_driver_sql("SELECT 1 FROM sqlite_master")  # an explanation alone uses an old schema
        lines = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
        return "\n".join(str(line[3]) for line in lines)

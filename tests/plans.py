"""What SQLite is asked, and how it goes about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from crm_app.core.db import Database


def statements_of(database: Database, work: Callable[[], object]) -> list[str]:
    """The statements that some reading comes to, with their values, as SQLite itself hears them."""
    heard: list[str] = []

    def listen(raw: Any, *_: Any) -> None:
        raw.set_trace_callback(heard.append)

    event.listen(database.reader, "checkout", listen)
    event.listen(database.reader, "checkin", _stop)
    try:
        work()
    finally:
        event.remove(database.reader, "checkout", listen)
        event.remove(database.reader, "checkin", _stop)
    return heard


def _stop(raw: Any, *_: Any) -> None:
    raw.set_trace_callback(None)


def plan_of(database: Database, statement: str) -> str:
    """How a statement would be gone about, a line for each step."""
    with database.reader.connect() as connection:
        connection.exec_driver_sql("SELECT 1 FROM sqlite_master")  # an explanation alone uses an old schema
        lines = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
        return "\n".join(str(line[3]) for line in lines)

"""The planner is told how the tables have grown."""

from __future__ import annotations

from sqlalchemy import text

from crm_app.core.db import Database


def test_the_planner_knows_the_tables_after_a_study(database: Database) -> None:
    known = "SELECT stat FROM sqlite_stat1 WHERE tbl = 'employee'"
    if not database.is_sqlite:
        known = "SELECT reltuples FROM pg_class WHERE relname = 'employee' AND reltuples > 0"
    database.study()
    with database.reader.connect() as connection:
        assert connection.execute(text(known)).first() is not None

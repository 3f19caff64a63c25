"""Whole tables, to be compared before a merge and after the split."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, text
from sqlmodel import SQLModel

from crm_app.core.db import Database

OF_THE_MERGE = {"announcement", "card_merge", "card_pair", "job"}
"""Tables that tell of merging itself."""
GROWING = {"fact": "id", "fact_link": "fact_id"}
"""The history goes on: what stood there has to stand there as it did."""


def whole(database: Database, last_fact: int = 2**40) -> dict[str, list[Any]]:
    """Every row of every table, the search index too, as the database gives it; of the history, what is not later."""
    with database.reader.connect() as connection:
        found: dict[str, list[Any]] = {}
        for table in SQLModel.metadata.sorted_tables:
            if table.name not in OF_THE_MERGE:
                statement = select(table)
                if table.name in GROWING:
                    statement = statement.where(table.c[GROWING[table.name]] <= last_fact)
                found[table.name] = sorted(map(repr, connection.execute(statement)))
        found["search_entry"] = sorted(map(repr, connection.execute(text("SELECT rowid, body FROM search_entry"))))
        return found


def last_fact(database: Database) -> int:
    """The id of the latest fact."""
    with database.reader.connect() as connection:
        return int(connection.execute(text("SELECT max(id) FROM fact")).scalar_one())


def different(one: dict[str, list[Any]], other: dict[str, list[Any]]) -> dict[str, tuple[list[Any], list[Any]]]:
    """Tables that are not the same, with the rows that only one of the two has."""
    return {
        name: ([row for row in rows if row not in other[name]], [row for row in other[name] if row not in rows])
        for name, rows in one.items()
        if rows != other[name]
    }

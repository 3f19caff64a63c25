"""Ids for many new rows, drawn beforehand: rows that are asked for their ids after the insert go in one by one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from crm_app.core.driver import fetch


def draw_ids(session: Session, model: Any, count: int) -> list[int]:
    """So many ids of a table whose key is `id`, ascending.

    On SQLite they hold until the end of the transaction, whose lock keeps others from writing meanwhile.
    """
    connection, table = session.connection(), model.__table__
    if connection.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, "id")
        return list(
            connection.execute(select(func.nextval(sequence)).select_from(func.generate_series(1, count))).scalars()
        )
    ((last,),), _ = fetch(connection, f"SELECT max(id) FROM {table.name}")  # noqa: S608  a table of ours
    first = (last or 0) + 1
    return list(range(first, first + count))

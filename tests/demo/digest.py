"""Every row of a database in one number, without what must differ between installations."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import Table, select, text
from sqlmodel import SQLModel

from crm_app.core.db import Database

OWN = {"announcement", "job", "worker_beat", "password"}
"""Tables of this installation alone: its passwords, its processes."""


def digest(database: Database) -> str:
    """SHA-256 over all rows, in the order of their keys."""
    total = hashlib.sha256()
    with database.reader.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            if table.name not in OWN:
                for row in connection.execute(_all(table)).mappings():
                    total.update(_line(table.name, dict(row)))
        for found in connection.execute(text("SELECT rowid, body FROM search_entry ORDER BY rowid")):
            total.update(_line("search_entry", {"id": found[0], "body": found[1]}))
    return total.hexdigest()


def _all(table: Table) -> Any:
    rows = select(table).order_by(*table.primary_key.columns)
    return rows.where(table.c.key != "installation_id") if table.name == "setting" else rows


def _line(name: str, row: dict[str, Any]) -> bytes:
    return json.dumps([name, row], default=str, sort_keys=True, ensure_ascii=False).encode()

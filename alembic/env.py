"""Runs migrations on the connection that crm_app/core/migrations.py hands over, or on the settings' database."""

from __future__ import annotations

from sqlalchemy.engine import Connection
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from alembic import context
from crm_app import features
from crm_app.core import db
from crm_app.core.db import Database
from crm_app.core.migrations import is_ours
from crm_app.core.settings import settings

features.load()


def render(kind: str, thing: object, _context: object) -> str | bool:
    """Write our own column types by their names, which stay true on both databases."""
    if kind == "type":
        for name, known in (("Json", db.Json), ("BigId", db.BigId), ("Sorted", db.Sorted)):
            if thing is known:
                return f"db.{name}"
        if isinstance(thing, db.Moment):
            return "db.Moment()"
        if isinstance(thing, AutoString):
            return f"sa.String(length={thing.length})" if thing.length else "sa.String()"
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.told_in_full(SQLModel.metadata),
        compare_type=True,
        render_as_batch=True,
        include_object=is_ours,
        render_item=render,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with Database(settings().database_url).writer.begin() as own:
        run(own)

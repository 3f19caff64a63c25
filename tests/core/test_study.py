"""The planner is told how the tables have grown."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import insert, text

from crm_app.clients.models import Client
from crm_app.clients.queries import list_clients
from crm_app.core.actor import SYSTEM, Actor
from crm_app.core.db import Database
from crm_app.core.door import Tx, action, perform
from tests.plans import plan_of, statements_of


def test_the_planner_knows_the_tables_after_a_study(database: Database) -> None:
    known = "SELECT stat FROM sqlite_stat1 WHERE tbl = 'employee'"
    if not database.is_sqlite:
        known = "SELECT reltuples FROM pg_class WHERE relname = 'employee' AND reltuples > 0"
    database.study()
    with database.reader.connect() as connection:
        assert connection.execute(text(known)).first() is not None


@action("test.fill")
def fill_clients(tx: Tx, owners: list[int]) -> None:
    values = {"kind": "company", "type": "customer", "status": "current", "fields": {}}
    tx.run(
        insert(Client),
        [
            {"name": f"Клиент {n}", "sort_name": f"клиент {n}", "responsible_id": owners[n % len(owners)], **values}
            | {"created_at": tx.now, "updated_at": tx.now + timedelta(seconds=n)}
            for n in range(5_000)
        ],
    )


def test_connections_that_are_open_learn_who_has_how_many_clients(database: Database, ann: Actor, olga: Actor) -> None:
    """Half of the clients are no reason to sort them all, where an index gives them in the order that is asked for."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL keeps its own figures")
    perform(SYSTEM, fill_clients, owners=[ann.id, olga.id])
    asked = partial(perform, olga, list_clients, sort="-updated_at")
    asked()  # the reader's connection is open
    database.study()
    statement = next(each for each in statements_of(database, asked) if "FROM client \n" in each)
    assert "ix_client_updated" in plan_of(database, statement)

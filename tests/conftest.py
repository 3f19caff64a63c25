"""A real database for every test that touches one, of both kinds, and the same cast of people in each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlmodel import SQLModel

from crm_app import features
from crm_app.core import db, policy, search
from tests import people
from tests.servers import postgres_url

features.load()
policy.check_complete()

KINDS = ("sqlite", "postgresql")


@pytest.fixture(scope="session", params=KINDS)
def _database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[db.Database]:
    if request.param == "sqlite":
        database = db.Database(f"sqlite:///{tmp_path_factory.mktemp('db')}/test.db")
    else:
        database = db.Database(postgres_url())
    db.use(database)
    with database.writer.begin() as connection:
        SQLModel.metadata.create_all(connection)
        search.create(connection)
    yield database
    database.dispose()


@pytest.fixture
def database(_database: db.Database) -> db.Database:
    """An empty database with the cast in it; each test runs once on SQLite and once on PostgreSQL."""
    db.use(_database)
    _empty(_database)
    people.settle()
    return _database


def _empty(database: db.Database) -> None:
    """Delete every row and start ids anew: far cheaper than TRUNCATE, which makes new files."""
    names = [table.name for table in reversed(SQLModel.metadata.sorted_tables)] + ["search_entry"]
    with database.writer.begin() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for name in names:
            connection.exec_driver_sql(f'DELETE FROM "{name}"')
        if not database.is_sqlite:
            connection.exec_driver_sql("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")


@pytest.fixture
def ann(database: db.Database) -> people.Actor:
    return people.actor("ann")


@pytest.fixture
def bob(database: db.Database) -> people.Actor:
    return people.actor("bob")


@pytest.fixture
def mary(database: db.Database) -> people.Actor:
    return people.actor("mary")


@pytest.fixture
def olga(database: db.Database) -> people.Actor:
    return people.actor("olga")


@pytest.fixture
def adam(database: db.Database) -> people.Actor:
    return people.actor("adam")


@pytest.fixture
def greg(ann: people.Actor) -> people.Actor:
    """A guest on a card of Ann's."""
    from tests import make

    return make.guest(ann)

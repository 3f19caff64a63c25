"""A real database for every test that touches one, of both kinds, and the same cast of people in each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select
from sqlmodel import SQLModel

from crm_app import features
from crm_app.access import sessions
from crm_app.core import db, json_values, policy, search
from crm_app.core.settings import forget_settings
from tests import people
from tests.servers import postgres_url

features.load()
policy.check_complete()

KINDS = ("sqlite", "postgresql")
LONGEST = ("tests/faults/", "tests/security/test_sockets", "tests/flows/test_drags")
SHOW_ALL = ("tests/flows/test_custom_fields", "tests/flows/test_every_page", "tests/flows/test_pipelines")
"""Their pages show what other tests have made too: with forty pipelines one page alone took minutes to be judged."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: two processes share the tests, and neither should wait for the other's last one."""
    ranks = [*LONGEST, *SHOW_ALL]
    items.sort(key=lambda item: next((rank for rank, part in enumerate(ranks) if part in item.nodeid), len(ranks)))


@pytest.fixture(scope="session", params=KINDS)
def _database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[db.Database]:
    if request.param == "sqlite":
        database = db.Database(f"sqlite:///{tmp_path_factory.mktemp('db')}/test.db")
    else:
        database = db.Database(postgres_url())
    db.use(database)
    with database.writer.begin() as connection:
        db.told_in_full(SQLModel.metadata).create_all(connection)
        search.create(connection)
    yield database
    database.dispose()


@pytest.fixture
def database(_database: db.Database) -> db.Database:
    """A database with the cast in it and nothing else; each test runs once on SQLite and once on PostgreSQL."""
    db.use(_database)
    if _database not in _KNOWN:
        _KNOWN[_database] = Beginning(_database)
    _KNOWN[_database].restore()
    sessions.forget_all({"sessions"})
    return _database


class Beginning:
    """What stands in a database before a test: made once through the door, put back row by row for every test."""

    def __init__(self, database: db.Database) -> None:
        self.database = database
        tables = SQLModel.metadata.sorted_tables
        self.emptied = [f'DELETE FROM "{table.name}"' for table in reversed(tables)] + ["DELETE FROM search_entry"]
        self.empty()
        people.settle()
        kept = [table for table in tables if table.name != "job"]  # what follows from the set-up is not waited for
        with database.writer.begin() as connection:
            found = ((table, connection.execute(select(table)).mappings().all()) for table in kept)
            self.rows = [(table, [dict(row) for row in rows]) for table, rows in found if rows]
            if not database.is_sqlite:
                self._keep(connection)

    def _keep(self, connection: Connection) -> None:
        """Keep the rows in PostgreSQL, so that one statement puts them back: sent one by one they cost a hundredth."""
        connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS beginning")
        self.put_back = []
        for table, rows in self.rows:
            name = table.name
            connection.exec_driver_sql(f'CREATE TABLE beginning."{name}" AS SELECT * FROM public."{name}"')
            self.put_back.append(f'INSERT INTO public."{name}" SELECT * FROM beginning."{name}"')
            if "id" in table.c and isinstance(rows[0]["id"], int):
                last = max(row["id"] for row in rows)
                self.put_back.append(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {last})")

    def restore(self) -> None:
        """Delete every row and put the first ones back; ids go on after theirs."""
        if not self.database.is_sqlite:
            self.empty(*self.put_back)
            return
        self.empty()
        with self.database.writer.begin() as connection:
            for table, rows in self.rows:
                connection.execute(insert(table), rows)

    def empty(self, *then: str) -> None:
        """Delete every row and start ids anew: far cheaper than TRUNCATE, which makes new files."""
        with self.database.writer.begin() as connection:
            for name in json_values.indexes(connection):
                connection.exec_driver_sql(f"DROP INDEX {name}")
            if self.database.is_sqlite:
                for statement in self.emptied:
                    connection.exec_driver_sql(statement)
                return
            ids = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
            quick = "SET LOCAL session_replication_role = replica"
            connection.exec_driver_sql("; ".join([quick, *self.emptied, ids, *then]))


_KNOWN: dict[db.Database, Beginning] = {}


def wipe(database: db.Database) -> None:
    """Delete every row, the cast too: as before a first start."""
    _KNOWN[database].empty()


class NewInstallation:
    """Makes installations with nothing in them, and each the one that commands and the door work with.

    `new_installation()` gives the data folder; `again(folder)` goes back to one of them.
    """

    def __init__(self, kind: str, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.kind, self._folder, self._patch = kind, folder, patch
        self.databases: dict[Path, db.Database] = {}

    def __call__(self, kind: str = "") -> Path:
        data = self._folder / f"installation-{len(self.databases)}"
        sqlite = f"sqlite:///{data}/crm.db"
        self.databases[data] = db.Database(sqlite if (kind or self.kind) == "sqlite" else postgres_url())
        self.again(data)
        return data

    def again(self, data: Path) -> None:
        for name, value in (("DATA", str(data)), ("DATABASE_URL", self.databases[data].url), ("LOCALE", "en")):
            self._patch.setenv(f"CRM_{name}", value)
        forget_settings()
        sessions.forget_all({"sessions"})
        db.use(self.databases[data])


@pytest.fixture(params=KINDS)
def new_installation(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[NewInstallation]:
    """Makes installations, of either kind of database."""
    made = NewInstallation(request.param, tmp_path, monkeypatch)
    yield made
    for database in made.databases.values():
        database.dispose()
    monkeypatch.undo()
    forget_settings()


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

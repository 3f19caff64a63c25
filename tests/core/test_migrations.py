"""Migrations make what the models describe, once, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import insert, inspect, text
from sqlalchemy.exc import DBAPIError

from alembic import command
from crm_app.core import clock, migrations
from crm_app.core.commands import CommandFailed
from crm_app.core.db import Database
from crm_app.core.events import FactRow
from crm_app.core.migrations import current, differences, is_current, migrate
from tests.servers import postgres_url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Database:
    if request.param == "sqlite":
        return Database(f"sqlite:///{tmp_path}/empty.db")
    return Database(postgres_url())


def test_migrations_make_what_the_models_describe(empty: Database, tmp_path: Path) -> None:
    assert migrate(empty, tmp_path / "backups")
    with empty.writer.begin() as connection:
        assert differences(connection) == []
    assert "search_entry" in inspect(empty.writer).get_table_names()


def test_a_second_migration_has_nothing_to_do(empty: Database, tmp_path: Path) -> None:
    migrate(empty, tmp_path / "backups")
    assert is_current(empty)
    assert migrate(empty, tmp_path / "backups") == []
    assert not (tmp_path / "backups").exists()


def test_a_fact_can_be_neither_changed_nor_deleted(empty: Database, tmp_path: Path) -> None:
    migrate(empty, tmp_path / "backups")
    fact = {"at": clock.now(), "name": "DealMoved", "actor_kind": "employee", "via": "screen", "details": {}}
    with empty.writer.begin() as connection:
        connection.execute(insert(FactRow.__table__), [{**fact, "card": "", "card_id": 0, "actor_id": 1}])
    for statement in ("UPDATE fact SET actor_id = 2", "DELETE FROM fact"):
        with pytest.raises(DBAPIError, match="facts are kept"), empty.writer.begin() as connection:
            connection.execute(text(statement))


def test_a_migration_that_fails_changes_nothing_and_says_so(empty: Database, tmp_path: Path) -> None:
    migrate(empty, tmp_path / "backups")
    with empty.writer.begin() as connection:
        before = ScriptDirectory.from_config(migrations._config()).get_base()
        connection.execute(text("UPDATE alembic_version SET version_num = :base"), {"base": before})
    with pytest.raises(CommandFailed, match="nothing was changed"):
        migrate(empty, tmp_path / "backups")  # its tables are there already
    assert current(empty) == before
    if empty.is_sqlite:
        assert list((tmp_path / "backups").glob("before-*.db"))


def test_a_database_of_a_newer_program_is_refused(empty: Database, tmp_path: Path) -> None:
    migrate(empty, tmp_path / "backups")
    with empty.writer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'of-tomorrow'"))
    with pytest.raises(CommandFailed, match="newer"):
        migrate(empty, tmp_path / "backups")


def test_rows_of_the_first_version_are_there_after_all_migrations(empty: Database, tmp_path: Path) -> None:
    script = ScriptDirectory.from_config(migrations._config())
    with empty.writer.begin() as connection:
        config = migrations._config()
        config.attributes["connection"] = connection
        command.upgrade(config, script.get_base() or "")
        connection.execute(text("INSERT INTO department (id, name) VALUES (1, 'Продажи')"))
        connection.execute(text("INSERT INTO role (id, key, name, permissions) VALUES (1, 'manager', 'М', '{}')"))
    assert migrate(empty, tmp_path / "backups")
    with empty.reader.connect() as connection:
        assert connection.execute(text("SELECT name FROM department")).scalar_one() == "Продажи"
        assert connection.execute(text("SELECT key FROM role")).scalar_one() == "manager"

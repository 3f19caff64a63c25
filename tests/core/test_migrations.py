"""Migrations make what the models describe, once, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect

from crm_app.core.db import Database
from crm_app.core.migrations import differences, is_current, migrate
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

"""The database of the first version, full of rows, under the program of today: all is there, or nothing changes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from crm_app.core import restores
from crm_app.core.commands import CommandFailed
from crm_app.core.db import Database
from crm_app.core.migrations import current, differences, is_current, migrate
from crm_app.core.settings import settings
from tests.core.old_database import ROWS, held, make_old
from tests.servers import postgres_url

GONE = {("import_row", "cells")}
"""Columns that a later version has no use for."""
MOVED = {
    ("client_phone", "client_id"): ("card_phone", "card_id"), ("client_phone", "number"): ("card_phone", "number"),
    ("client_phone", "position"): ("card_phone", "position"), ("client_email", "client_id"): ("card_email", "card_id"),
    ("client_email", "address"): ("card_email", "address"), ("client_email", "position"): ("card_email", "position"),
    ("import_row", "client_id"): ("import_row", "card_id"),
}  # fmt: skip
"""Columns that stand elsewhere since: phones, addresses and imports are of every kind of card."""
RENUMBERED = {("search_entry", "rowid"), ("search_entry", "body")}
"""Rows of the search index: they stand the other way round, and tell of addresses and notes too."""


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path}/old.db" if request.param == "sqlite" else postgres_url())
    make_old(database)
    return database


def test_every_row_of_the_first_version_is_there_today(old: Database, tmp_path: Path) -> None:
    before = held(old)
    assert len(before) > 25 and all(len(values) == ROWS for columns in before.values() for values in columns.values())
    migrate(old, tmp_path / "backups")
    after = held(old)
    kept = {(table, name) for table, columns in before.items() for name in columns} - GONE
    today = {old: MOVED.get(old, old) for old in kept}
    assert {(table, name) for table, columns in after.items() for name in columns} >= {*today.values()}
    changed = {old for old, (table, name) in today.items() if after[table][name] != before[old[0]][old[1]]}
    assert changed == RENUMBERED and len(set(after["search_entry"]["rowid"])) == ROWS
    with old.writer.begin() as connection:
        assert is_current(old) and differences(connection) == []
    assert len(list((tmp_path / "backups").glob("before-*"))) == 1


def test_a_failure_in_the_middle_takes_all_of_it_back_and_names_the_copy(old: Database, tmp_path: Path) -> None:
    version, before = current(old), held(old)
    with old.writer.begin() as connection:  # in the way of a later migration, when the earlier ones are through
        connection.execute(text("CREATE TABLE mailing (id INTEGER PRIMARY KEY)"))
    with pytest.raises(CommandFailed, match=r"nothing was changed: .*mailing.* A copy from before lies in ") as failure:
        migrate(old, tmp_path / "backups")
    assert "\n" not in str(failure.value)
    (copy,) = (tmp_path / "backups").iterdir()
    assert str(failure.value).endswith(f"lies in {copy}.")
    with old.writer.begin() as connection:
        connection.execute(text("DROP TABLE mailing"))
    assert current(old) == version and held(old) == before
    found = held(brought_back(copy, tmp_path))
    found.pop("mailing", None)
    assert found == before


def brought_back(copy: Path, folder: Path) -> Database:
    """The copy as a database: SQLite's is one, the other is an archive."""
    if copy.suffix == ".db":
        with closing(sqlite3.connect(copy)) as opened:
            assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return Database(f"sqlite:///{copy}")
    database = Database(postgres_url())
    chosen = replace(settings(), data=folder / "restored", secret_file=folder / "secret")
    restores.restore(copy, database, chosen, folder / "files")
    return database

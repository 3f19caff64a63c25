"""Notes beside the door: all of them or none, and a database that was away is found again."""

from __future__ import annotations

import pytest
from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from crm_app.core import clock
from crm_app.core.db import Database
from crm_app.core.jobs import WorkerBeat
from crm_app.core.journal import Note, open_journal

TABLE = WorkerBeat.__table__  # type: ignore[attr-defined]
_ADD = insert(TABLE).inline()
_SEEN = update(TABLE).where(TABLE.c.holder == bindparam("who")).values(seen_at=bindparam("at"))


def added(holder: str) -> Note:
    return _ADD, {"holder": holder, "started_at": clock.now(), "seen_at": clock.now()}


def seen(holder: str) -> Note:
    return _SEEN, {"who": holder, "at": clock.now()}


def holders(database: Database) -> list[str]:
    with database.session(writes=False) as session:
        return sorted(session.execute(select(TABLE.c.holder)).scalars())


def test_notes_are_kept_together_or_not_at_all(database: Database) -> None:
    with open_journal(database) as journal:
        assert journal.write(added("one"), seen("one"))
        assert not journal.write(added("two"), seen("nobody"))
        assert journal.write(added("three"))
    assert holders(database) == ["one", "three"]


def test_what_the_database_refuses_leaves_nothing_and_the_next_note_is_kept(database: Database) -> None:
    with open_journal(database) as journal:
        assert journal.write(added("one"))
        with pytest.raises(IntegrityError):
            journal.write(added("two"), added("one"))
        assert journal.write(added("three"))
    assert holders(database) == ["one", "three"]


def test_a_connection_that_was_lost_is_opened_anew(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("a file has no connection to lose")
    with open_journal(database) as journal:
        assert journal.write(added("one"))
        with database.writer.connect() as other:
            others = "pid <> pg_backend_pid() AND datname = current_database()"
            other.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))
        with pytest.raises(OperationalError):
            journal.write(added("two"))
        assert journal.write(added("three"))
    assert holders(database) == ["one", "three"]

"""The search index while much is written: its parts are left as they come, then merged; all is found all the time."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from sqlalchemy import text

from crm_app.core import search
from crm_app.core.actor import Actor
from crm_app.core.db import database


def write(ids: Iterable[int]) -> None:
    """Cards in the index, each by a transaction of its own."""
    for card_id in ids:
        with database().session(writes=True) as session:
            search.put(session, "client", card_id, f"Ромашка {card_id}")
            session.commit()


def found() -> int:
    with database().session(writes=False) as session:
        return len(search.latest(session, "client", "ромашка", 1000))


def parts() -> int:
    """Of how many parts the index of SQLite is made."""
    with database().session(writes=False) as session:
        return session.connection().execute(text("SELECT count(DISTINCT segid) FROM search_entry_idx")).scalar_one()


def test_everything_is_found_before_and_after_the_index_is_put_in_order(adam: Actor) -> None:
    with database().session(writes=True) as session:
        search.put_off_order(session)
        session.commit()
    write(range(1, 31))
    assert found() == 30
    search.put_in_order(database(), for_good=False)
    write(range(31, 61))
    assert found() == 60
    search.put_in_order(database())
    assert found() == 60


def test_parts_are_left_as_they_come_until_they_are_put_in_order(adam: Actor) -> None:
    if not database().is_sqlite:
        pytest.skip("PostgreSQL keeps its index in order by itself")
    with database().session(writes=True) as session:
        search.put_off_order(session)
        session.commit()
    write(range(1, 31))
    assert parts() >= 30
    search.put_in_order(database())
    assert parts() == 1
    write(range(31, 61))
    assert parts() < 20, "new ones are merged by themselves again"

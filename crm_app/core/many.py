"""Whether a question has very many answers: by that alone it is decided which way through the rows to go."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session

MANY = 3_000
"""From so many rows on, they are met with in the order of a list, and not gone to one by one."""
MOST_REMEMBERED, REMEMBERED_SECONDS = 1_000, 60
_KNOWN: dict[tuple[Any, ...], tuple[float, bool]] = {}


def are_many(session: Session, rows: Select[Any], *about: Any) -> bool:
    """Whether a statement, which an index must serve, gives very many rows: remembered for a minute.

    about: by which the statement is known again. It is asked past the policies, so that nobody may be told the answer.
    """
    key = (session.get_bind().engine.url.database or "", *about)
    until, known = _KNOWN.get(key, (0.0, False))
    if time.monotonic() < until:
        return known
    few = rows.limit(MANY).subquery()
    known = session.connection().execute(select(func.count()).select_from(few)).scalar_one() == MANY
    if len(_KNOWN) >= MOST_REMEMBERED:
        _KNOWN.clear()
    _KNOWN[key] = time.monotonic() + REMEMBERED_SECONDS, known
    return known

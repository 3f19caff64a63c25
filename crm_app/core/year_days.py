"""The day and the month of a date, whatever its year, as one number inside SQL: 229 is the 29th of February."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Date, Index, Integer, column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from crm_app.core.computing import DayNumber

ENDING = "_yearly"
"""How the names of these indexes end."""


class year_day(GenericFunction[int]):  # noqa: N801
    """Month * 100 + day of a date, stored as such or as ISO text; NULL where there is none. An index may be over it."""

    type = Integer()
    inherit_cache = True


def year_day_index(table: str, name: str) -> Index:
    """What finds the rows of a table by the day and month of one of its dates. name: of the column."""
    return Index(f"ix_{table}_{name}{ENDING}", year_day(column(name, Date)), "id")


def _of_number(day: str) -> str:
    return f"(crm_month({day}) * 100 + crm_month_day({day}))"


@compiles(year_day, "sqlite")
def _in_sqlite(element: year_day, compiler: Any, **options: Any) -> str:
    (stored,) = element.clauses
    day = compiler.process(stored, **options)
    if isinstance(stored.type, DayNumber):
        return _of_number(day)
    return of_text("sqlite", day)


@compiles(year_day)
def _in_postgresql(element: year_day, compiler: Any, **options: Any) -> str:
    (stored,) = element.clauses
    day = compiler.process(stored, **options)
    if isinstance(stored.type, DayNumber):
        return _of_number(day)
    if isinstance(stored.type, Date):
        return f"((EXTRACT(month FROM {day}) * 100 + EXTRACT(day FROM {day}))::int)"
    return of_text("postgresql", day)


def of_text(dialect: str, day: str) -> str:
    """The expression over one of SQL that gives ISO text, for an index too."""
    if dialect == "sqlite":
        return f"(CAST(substr({day}, 6, 2) || substr({day}, 9, 2) AS INTEGER))"
    return _of_number(f"crm_day({day})")  # a cast would refuse a row whose text is no date

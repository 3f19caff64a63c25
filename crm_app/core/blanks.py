"""Whether a text is there at all, as a number inside SQL: an index over that is small, however long the texts are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Index, Integer, String, column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from crm_app.core.db import Json

ENDING = "_blank"
"""How the names of these indexes end."""


class is_blank(GenericFunction[int]):  # noqa: N801
    """1 of an empty text or list, 0 of any other. An index may be over it."""

    type = Integer()
    inherit_cache = True


_NOTHING = {False: "", True: "[]"}


def is_list(stored: Any) -> bool:
    """Whether a column holds JSON."""
    return isinstance(stored.type, JSON)


def blank_index(table: str, name: str, *, is_list: bool = False) -> Index:
    """What finds the rows whose text, or list in JSON, is empty, and those whose is not. name: of the column."""
    return Index(f"ix_{table}_{name}{ENDING}", is_blank(column(name, Json if is_list else String)), "id")


@compiles(is_blank, "sqlite")
def _in_sqlite(element: is_blank, compiler: Any, **options: Any) -> str:
    (stored,) = element.clauses
    return f"({compiler.process(stored, **options)} = '{_NOTHING[is_list(stored)]}')"


@compiles(is_blank)
def _in_postgresql(element: is_blank, compiler: Any, **options: Any) -> str:
    (stored,) = element.clauses
    return f"(({compiler.process(stored, **options)} = '{_NOTHING[is_list(stored)]}')::int)"

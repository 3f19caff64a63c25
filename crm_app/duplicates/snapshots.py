"""What a merge remembers, so that a split restores both cards to the byte: rows as JSON, and back.

A snapshot holds "before" and "after", the row of the card that stays; "ways", its phones and addresses before and
after; "moved", by tie the keys of the rows that changed hands; "changed", other rows of which something was written
anew; "guests", two of them that have changed places.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pydantic_core
from pydantic import TypeAdapter
from sqlmodel import SQLModel

FIELDS = "fields."


def row_json(row: SQLModel) -> dict[str, Any]:
    """All columns of a row, as JSON."""
    return {name: plain(getattr(row, name)) for name in type(row).model_fields}


def plain(value: Any) -> Any:
    """A value as JSON; a copy of it, if it is one that could be changed."""
    return pydantic_core.to_jsonable_python(value)


def stored(model: type[SQLModel], column: str, value: Any) -> Any:
    """A value out of a snapshot, as its column has it."""
    return _adapter(model, column).validate_python(value)


def read(row: Any, name: str) -> Any:
    """A column of a row, or one custom field: "fields.size". As JSON."""
    if name.startswith(FIELDS):
        return plain(row.fields.get(name.removeprefix(FIELDS)))
    return plain(getattr(row, name))


def write(row: Any, name: str, value: Any) -> None:
    """Set what `read` reads; a custom field of which nothing is said is not there."""
    if not name.startswith(FIELDS):
        setattr(row, name, stored(type(row), name, value))
        return
    key = name.removeprefix(FIELDS)
    rest = {each: held for each, held in row.fields.items() if each != key}
    row.fields = rest if value is None else {**row.fields, key: value}


@cache
def _adapter(model: type[SQLModel], column: str) -> TypeAdapter[Any]:
    kind: Any = model.model_fields[column].annotation
    return TypeAdapter(kind)

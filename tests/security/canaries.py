"""Marked words in every field of every table, and where they turn up again.

`plant` puts one row of its own into every table there is, now and in future, with a canary in each text and JSON column
and internal where a row can be. What a guest is meant to see is not planted here.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Integer, LargeBinary, Numeric, Table, func, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import SQLModel

from crm_app.core import clock

CANARY = re.compile(r"CANARY-[\w.-]+|[\w.]+@test\.example|argon2", re.IGNORECASE)
"""A planted word, an employee's address, or a password's hash."""


def plant(connection: Connection, *, task_id: int, links: dict[str, int]) -> list[str]:
    """Plant a row into every table; those that can belong to a card belong to the task. Gives the planted tables.

    links: table → id that a foreign key to it takes.
    """
    planted = []
    for table in SQLModel.metadata.sorted_tables:
        values = {column.name: _value(table, column, task_id, links) for column in table.columns if _wanted(column)}
        connection.execute(insert(table).values(**values))
        planted.append(table.name)
    return planted


def found_in(thing: Any) -> set[str]:
    """The canaries that come back in an answer: in texts, rows, lists and whatever they are made of."""
    return {match for text in _texts(thing) for match in CANARY.findall(text)}


def dump(connection: Connection) -> dict[str, set[str]]:
    """Every row of every table, for a comparison before and after."""
    return {
        table.name: {repr(tuple(row)) for row in connection.execute(select(table))}
        for table in SQLModel.metadata.sorted_tables
    }


def highest_id(connection: Connection) -> int:
    """The highest id of any table: what a guest would count up to."""
    tables = [table for table in SQLModel.metadata.sorted_tables if "id" in table.c]
    return max(connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one() for table in tables)


def _wanted(column: Column[Any]) -> bool:
    return not (column.primary_key and column.name == "id") and column.name != "deleted_at"


def _value(table: Table, column: Column[Any], task_id: int, links: dict[str, int]) -> Any:
    word = f"CANARY-{table.name}-{column.name}"
    if column.foreign_keys:
        return _linked(next(iter(column.foreign_keys)).column.table.name, column, links)
    if column.name == "card_id":
        return 900_000 if column.unique else task_id
    if column.name in ("card", "kind") and "card_id" in table.c:
        return "task"
    kind = _plain(column.type)
    if isinstance(kind, JSON):
        if (table.name, column.name) == ("pipeline", "rights"):  # asked of everybody at each step
            return [{"role": word, "field": word, "stage_id": 0, "level": "hidden"}]
        shape = {"key": word, "params": {}} if column.name == "trouble" else {word: word}
        return [word] if _holds_list(table, column) else shape
    if isinstance(kind, Boolean):
        return True  # internal, where a row says so
    if isinstance(kind, (Integer, Numeric)):
        return 1_000 + len(table.name)
    if isinstance(kind, Date):
        return date(2026, 11, 22)
    if isinstance(kind, LargeBinary):
        return word.encode()
    return clock.now() if kind.python_type is datetime else word


def _linked(target: str, column: Column[Any], links: dict[str, int]) -> int | None:
    if target in links:
        return links[target]
    return None if column.nullable else 1


def _plain(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def _holds_list(table: Table, column: Column[Any]) -> bool:
    model = next(mapper.class_ for mapper in SQLModel._sa_registry.mappers if mapper.local_table is table)
    return str(model.model_fields[column.name].annotation).startswith("list")


def _texts(thing: Any) -> Iterator[str]:
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, bytes):
        yield thing.decode(errors="replace")
    elif isinstance(thing, dict):
        for key, value in thing.items():
            yield from (*_texts(key), *_texts(value))
    elif isinstance(thing, (list, tuple, set, frozenset)):
        for value in thing:
            yield from _texts(value)
    elif isinstance(thing, SQLModel):
        yield from _texts(thing.model_dump())
    elif dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        yield from _texts([getattr(thing, field.name) for field in dataclasses.fields(thing)])
    elif thing is not None:
        yield str(thing)

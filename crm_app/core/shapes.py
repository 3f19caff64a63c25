"""What a statement reads, told from its shape: found out once for all statements that differ in their values alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Column, Table
from sqlalchemy.sql import visitors
from sqlmodel import SQLModel

_MOST = 5_000


@dataclass(frozen=True, eq=False)
class Shape:
    """models: the tables that the statement reads through the ORM; bare: the names of those that it reads past it.

    columns: how many it selects, 0 where it selects whole rows of a model or nothing. questions: what it has been made
    into for each actor (core/questions.py), to be forgotten with the actor.
    """

    models: frozenset[type[SQLModel]]
    bare: frozenset[str]
    columns: int
    questions: WeakKeyDictionary[Any, dict[Any, Any]] = field(default_factory=WeakKeyDictionary)


_BY_STATEMENT: WeakKeyDictionary[Any, Shape] = WeakKeyDictionary()
_BY_KEY: dict[Any, Shape] = {}


def shape_of(statement: Any) -> Shape:
    """The shape of a statement. A statement that a module keeps is known by itself, another by SQLAlchemy's own key."""
    shape = _BY_STATEMENT.get(statement)
    if shape is None:
        shape = _BY_STATEMENT[statement] = _by_key(statement)
    return shape


def _by_key(statement: Any) -> Shape:
    key = statement._generate_cache_key()  # by which SQLAlchemy keeps compiled statements: all of one but its values
    if key is None:
        return _walk(statement)
    shape = _BY_KEY.get(key.key)
    if shape is None:
        if len(_BY_KEY) >= _MOST:
            _BY_KEY.clear()
        shape = _BY_KEY[key.key] = _walk(statement)
    return shape


def _walk(statement: Any) -> Shape:
    models: set[type[SQLModel]] = set()
    bare: set[str] = set()
    for element in visitors.iterate(statement):
        entity = element._annotations.get("parententity") if hasattr(element, "_annotations") else None
        if entity is not None:
            models.add(entity.mapper.class_)
        elif isinstance(element, Table):
            bare.add(element.name)
        elif isinstance(element, Column) and isinstance(element.table, Table):
            bare.add(element.table.name)
    return Shape(frozenset(models), frozenset(bare - {model.__tablename__ for model in models}), _columns(statement))


def _columns(statement: Any) -> int:
    first = getattr(statement, "selects", [statement])[0]  # of a union
    described = getattr(first, "column_descriptions", [])
    return 0 if any(isinstance(each["expr"], type) for each in described) else len(described)

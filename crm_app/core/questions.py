"""Statements said on the bare connection: SQLAlchemy writes their SQL once, afterwards only their values travel.

Building a statement's SQL, looking its parts up and wrapping what comes back take ten times as long as SQLite needs to
answer a short question. So the SQL of a select is kept for each shape of statement and each actor, with the actor's row
policies in it; each time it is asked, the values are put in their places, and the answer's columns are read with
SQLAlchemy's own types. An update or delete that a module keeps goes the same way.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import BindParameter, inspect
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.sql.compiler import SQLCompiler

from crm_app.core.driver import Process, execute, fetch, processed

Make = Callable[[Sequence[Any]], Any]
_MOST_TEXTS = 100
_MOST_PADDED = 1024


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place among the parameters that a value goes to. part: which one of a list's, -1 for a value by itself."""

    place: Any
    value: int
    part: int
    process: Process | None


@dataclass(frozen=True, slots=True)
class _Text:
    """The SQL for lists of certain lengths. parameters: as the driver takes them, with those that never change."""

    sql: str
    parameters: Any
    slots: list[_Slot]


class _Kept:
    """A statement with an actor's policies in it, to be said many times.

    statement: with the policies; binds: the parameters of the statement before that, whose values change.
    """

    def __init__(self, statement: Any, binds: Sequence[BindParameter[Any]], dialect: Dialect) -> None:
        self._dialect = dialect
        self._compiled = cast("SQLCompiler", statement.compile(dialect=dialect))
        self._binds = binds
        self._values = _values_by_name(self._compiled, binds)
        self._expanding = [n for b, n in self._compiled.bind_names.items() if b.expanding and n in self._values]
        self._lists = sorted({self._values[name] for name in self._expanding})
        self._texts: dict[tuple[int, ...], _Text] = {}

    def _filled_in(self, values: Sequence[Any]) -> tuple[str, Any]:
        lists = {number: list(values[number]) for number in self._lists}
        lengths = tuple(_padded(len(values)) for values in lists.values())
        text = self._texts.get(lengths) or self._write(lengths)
        for number, length in zip(self._lists, lengths, strict=True):
            lists[number] += lists[number][-1:] * (length - len(lists[number]))
        parameters = text.parameters.copy()
        for slot in text.slots:
            value = values[slot.value] if slot.part < 0 else lists[slot.value][slot.part]
            parameters[slot.place] = value if slot.process is None else slot.process(value)
        return text.sql, parameters

    def _write(self, lengths: tuple[int, ...]) -> _Text:
        """The SQL for lists of these lengths: the database prepares each text once, so there are few of them."""
        sizes = dict(zip(self._lists, lengths, strict=True))
        lists = {name: [None] * sizes[self._values[name]] for name in self._expanding}
        named = {bind.key: None for bind in self._binds if bind.required}
        state = self._compiled.construct_expanded_state({**named, **lists})
        sources = {name: (number, -1) for name, number in self._values.items()}
        processes = {name: self._bind_process(bind) for bind, name in self._compiled.bind_names.items()}
        for name, parts in state.parameter_expansion.items():
            processes |= dict.fromkeys(parts, processes[name])
            if name in sources:
                sources |= {part: (self._values[name], number) for number, part in enumerate(parts)}
        is_named = state.positiontup is None
        names = list(state.parameters if state.positiontup is None else state.positiontup)
        fixed = [None if name in sources else processed(state.parameters[name], processes[name]) for name in names]
        slots = [
            _Slot(name if is_named else place, *sources[name], processes[name])
            for place, name in enumerate(names)
            if name in sources
        ]
        if len(self._texts) >= _MOST_TEXTS:
            self._texts.clear()
        parameters = dict(zip(names, fixed, strict=True)) if is_named else fixed
        text = self._texts[lengths] = _Text(state.statement, parameters, slots)
        return text

    def _bind_process(self, bind: BindParameter[Any]) -> Process | None:
        return bind.type.dialect_impl(self._dialect).bind_processor(self._dialect)


class Question(_Kept):
    """A select; its rows are values where one thing is selected, else tuples with names."""

    def __init__(self, statement: Any, binds: Sequence[BindParameter[Any]], dialect: Dialect) -> None:
        flat, self._groups = _flattened(statement)
        super().__init__(flat, binds, dialect)
        self.has_models = any(self._groups)
        self._types = [column.type for column in flat.selected_columns]
        self._columns: list[tuple[int, Process]] | None = None
        self._make = _maker([column.key for column in flat.selected_columns], self._groups)

    def ask(self, connection: Connection, values: Sequence[Any]) -> list[Any]:
        """The rows. values: of `binds`, in order. Raises SQLAlchemy's errors."""
        sql, parameters = self._filled_in(values)
        found, description = fetch(connection, sql, parameters)
        if not found:
            return []
        columns = self._columns if self._columns is not None else self._find_processes(description)
        if columns:
            parts: list[Any] = list(zip(*found, strict=True))
            for place, process in columns:
                parts[place] = map(process, parts[place])
            return list(map(self._make, zip(*parts, strict=True)))
        return list(map(self._make, found))

    def _find_processes(self, description: Sequence[Any]) -> list[tuple[int, Process]]:
        """What makes values of what the driver gives, for the columns that need it: the driver tells their types."""
        found = []
        for place, (kind, told) in enumerate(zip(self._types, description, strict=True)):
            process = kind.dialect_impl(self._dialect).result_processor(self._dialect, told[1])
            if process is not None:
                found.append((place, process))
        self._columns = found
        return found


class Command(_Kept):
    """An update or delete."""

    def give(self, connection: Connection, values: Sequence[Any]) -> None:
        """Do it. values: of `binds`, in order. Raises SQLAlchemy's errors."""
        execute(connection, *self._filled_in(values))


class Unfit(Exception):
    """A statement that can't be asked this way."""


def _values_by_name(compiled: SQLCompiler, binds: Sequence[BindParameter[Any]]) -> dict[str, int]:
    """By name of a parameter in the SQL, whose place among `binds` its value has. The others never change.

    They are told by their keys, and those of what they were cloned from, as SQLAlchemy tells them in SQL that it keeps.
    Raises Unfit where a value has no place in the SQL, or a kind that is not put there plainly.
    """
    is_odd = compiled.literal_execute_params or compiled.escaped_bind_names
    if is_odd or any(bind.type._is_tuple_type for bind in compiled.bind_names):
        raise Unfit
    places = {bind.key: number for number, bind in enumerate(binds)}
    found: dict[str, int] = {}
    for bind, name in compiled.bind_names.items():
        number = next((places[one.key] for one in bind._cloned_set if one.key in places), None)
        if number is not None:
            found[name] = number
    if {*found.values()} != {*places.values()}:
        raise Unfit
    return found


def _flattened(statement: Any) -> tuple[Any, list[Any]]:
    """A select of columns alone, and what its columns are grouped to: a model for its whole row, else None."""
    described = getattr(statement, "column_descriptions", None) or []
    groups = [told["expr"] if isinstance(told["expr"], type) else None for told in described]
    if not any(groups):
        return statement, []
    columns: list[Any] = []
    for told, model in zip(described, groups, strict=True):
        columns += _attributes(model) if model else [told["expr"]]
    return statement.with_only_columns(*columns), groups


def _attributes(model: Any) -> list[Any]:
    return [getattr(model, attribute.key) for attribute in inspect(model).column_attrs]


def _maker(names: list[str], groups: list[Any]) -> Make:
    """What makes a row of a tuple of columns."""
    if not groups:
        return itemgetter(0) if len(names) == 1 else _named(names)
    makers: list[Make] = []
    labels, start = [], 0
    for model in groups:
        size = len(_attributes(model)) if model else 1
        makers.append(_row_maker(model, start) if model else itemgetter(start))
        labels.append(model.__name__ if model else names[start])
        start += size
    if len(makers) == 1:
        return makers[0]
    named = _named(labels)
    return lambda values: named([make(values) for make in makers])


def _named(names: list[str]) -> Make:
    """What makes a tuple with names; a name that Python can't have, or that is there twice, is left out."""
    made: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]
    return cast("Make", made._make)


def _row_maker(model: Any, start: int) -> Make:
    """What makes a model's row, one that no session holds: it is there to be read."""
    mapper = inspect(model)
    keys = [attribute.key for attribute in mapper.column_attrs]
    stop = start + len(keys)
    identity = itemgetter(*(start + keys.index(mapper.get_property_by_column(c).key) for c in mapper.primary_key))
    is_one = len(mapper.primary_key) == 1
    manager = mapper.class_manager

    def make(values: Sequence[Any]) -> Any:
        found = identity(values)
        known = (found,) if is_one else found
        if None in known:
            return None
        row = manager.new_instance()
        row.__dict__.update(zip(keys, values[start:stop], strict=True))
        inspect(row).key = mapper.identity_key_from_primary_key(known)
        return row

    return make


def _padded(length: int) -> int:
    """The next power of two: a list is filled up with its last value, which changes nothing of what it says."""
    if not 0 < length <= _MOST_PADDED:
        return length
    return 1 << (length - 1).bit_length()

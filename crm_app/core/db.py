"""The engine: SQLite (WAL) by default, PostgreSQL by address; both behave alike from here upwards.

SQLite has one writer at a time. Writing transactions begin with BEGIN IMMEDIATE and queue on a lock inside the process,
so that nobody polls for long; readers run on connections that can't write at all.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import pydantic_core
from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    column,
    create_engine,
    event,
    text,
)
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session

from crm_app.core import computing
from crm_app.core.folding import fold

WAIT_FOR_WRITER_SECONDS = 15.0
_MOST_MAPPED = 2**31 - 2**16
"""Bytes: the most that SQLite allows."""
FAILURES = (SQLAlchemyError, OSError, TimeoutError)
"""What a database that is away, or busy for too long, raises."""


class _Json(JSON):
    """JSON, for PostgreSQL in its binary form. with_variant would import its dialect, 4 MB, for SQLite too."""

    cache_ok = True

    def _gen_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name != "postgresql":
            return super()._gen_dialect_impl(dialect)
        from sqlalchemy.dialects.postgresql import JSONB

        return JSONB()._gen_dialect_impl(dialect)


@compiles(_Json, "postgresql")
def _binary(_type: _Json, _compiler: Any, **_options: Any) -> str:
    return "JSONB"


Json = _Json()
BigId = BigInteger().with_variant(Integer(), "sqlite")
Sorted = String().with_variant(String(collation="C"), "postgresql")
"""Text compared byte by byte on both databases: for folded sort keys, so that paging by key agrees everywhere."""


def bin_index(table: str) -> Index:
    """What finds a table's deleted rows. The others are not in it, so that it costs them nothing."""
    is_deleted = column("deleted_at").is_not(None)
    return Index(f"ix_{table}_bin", "deleted_at", "id", sqlite_where=is_deleted, info={"where": is_deleted})


def told_in_full(metadata: MetaData) -> MetaData:
    """Tables whose indices tell PostgreSQL too what is in them.

    Told where an index is named, it would have its dialect imported, four megabytes, beside SQLite as well.
    """
    for index in chain.from_iterable(table.indexes for table in metadata.tables.values()):
        if "where" in index.info:
            index.dialect_options["postgresql"]["where"] = index.info["where"]
    return metadata


class Moment(TypeDecorator[datetime]):
    """An aware time, stored in UTC. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """SQLite's text becomes a time in one step: SQLAlchemy's two were a tenth of a list."""
        return _read_moment if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _read_moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "+00:00")


_CAPITALS = "".join(map(chr, range(0x0410, 0x0430))) + "Ёё"
_SMALL = "".join(map(chr, range(0x0430, 0x0450))) + "ее"
"""Russian letters: lower() of a PostgreSQL whose locale is C knows the Latin ones only."""


class folded(GenericFunction[str]):  # noqa: N801
    """A column's text as it is compared: case and ё make no difference, as in core/folding.py."""

    type = String()
    inherit_cache = True


@compiles(folded, "sqlite")
def _folded_sqlite(element: folded, compiler: Any, **options: Any) -> str:
    return f"crm_fold({compiler.process(element.clauses, **options)})"


@compiles(folded)
def _folded(element: folded, compiler: Any, **options: Any) -> str:
    return f"translate(lower({compiler.process(element.clauses, **options)}), '{_CAPITALS}', '{_SMALL}')"


def _as_json(value: Any) -> str:
    """As quick as reading it, and letters stay letters, where the standard library writes six signs for each."""
    return pydantic_core.to_json(value, fallback=_unwrapped).decode()


def _unwrapped(value: Any) -> Any:
    """What stands in for a list or a dictionary, as screens give those of their States. Raises TypeError."""
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, list | tuple):
        return list(value)
    raise TypeError(f"{type(value)} is not JSON")


class DoorSession(Session):
    """A session that core/policy.py watches over: its hooks are on the class, so that opening one costs nothing."""

    _own: Connection | None = None

    def connection(self, *given: Any, **named: Any) -> Connection:
        """That of the transaction: looked up once, as a move asks for it sixteen times."""
        if given or named:
            return super().connection(*given, **named)
        if self._own is None or self._own.closed:
            self._own = super().connection()
        return self._own


class Database:
    """One database: an engine that writes and one that can't.

    is_mapped: SQLite's file is read as memory is, which halves what a list of a million takes. Those pages count as the
    process's memory, though all share them and the system takes them back, so only web processes do it.
    """

    def __init__(self, url: str, *, is_mapped: bool = False) -> None:
        self.url = url
        self.is_mapped = is_mapped
        self.is_sqlite = url.startswith("sqlite")
        if self.is_sqlite:
            Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        self.writer = self._engine(writes=True)
        self.reader = self._engine(writes=False)
        self._turn = threading.Lock()

    def _engine(self, *, writes: bool) -> Engine:
        if not self.is_sqlite:
            engine = create_engine(self.url, pool_pre_ping=True, pool_size=8, max_overflow=8, json_serializer=_as_json)
            return engine if writes else engine.execution_options(postgresql_readonly=True)
        engine = create_engine(
            self.url,
            pool_size=2 if writes else 8,
            max_overflow=16,
            json_serializer=_as_json,
            json_deserializer=pydantic_core.from_json,  # thrice as quick as the standard library's
            connect_args={"cached_statements": 500},
        )
        event.listen(engine, "connect", _prepare_writer if writes else _prepare_reader)
        if self.is_mapped and not writes:
            event.listen(engine, "connect", _map_file)
        event.listen(engine, "begin", _begin_writing if writes else _begin_reading)
        return engine

    @contextmanager
    def session(self, *, writes: bool) -> Iterator[Session]:
        """A session whose transaction ends with the block: rolled back unless the door has committed it."""
        turn, engine = (self.turn(), self.writer) if writes else (nullcontext(), self.reader)
        with turn, DoorSession(engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One's turn to write: SQLite has one writer at a time, so that threads queue here instead of polling."""
        if not self.is_sqlite:
            yield
            return
        if not self._turn.acquire(timeout=WAIT_FOR_WRITER_SECONDS):
            raise TimeoutError("the database is busy")
        try:
            yield
        finally:
            self._turn.release()

    def ping(self) -> None:
        """Raises SQLAlchemyError where the database does not answer."""
        with self.reader.connect() as connection:
            connection.execute(text("SELECT 1"))

    def study(self) -> None:
        """Let the planner know how the tables have grown: after much was written, and now and then.

        A database that takes its tables for empty ones may go a way through them that takes hours.
        """
        # SQLite counts one index at a time, so that nobody waits for a turn to write longer than for a click.
        # Connections that are open learn of it only when the schema seems to have changed.
        if not self.is_sqlite:
            return self._write("ANALYZE")
        for name in self._studied():
            self._write(f"ANALYZE {name}")
        return self._write("CREATE VIEW studied AS SELECT 1", "DROP VIEW studied")

    def _write(self, *statements: str) -> None:
        with self.turn(), self.writer.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def _studied(self) -> list[str]:
        """Every index of a SQLite file, and every table without one, quoted."""
        own = "SELECT name FROM sqlite_master WHERE type = 'index'"
        rest = (
            "SELECT name FROM sqlite_master AS own WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND NOT EXISTS "
            "(SELECT 1 FROM sqlite_master AS other WHERE other.type = 'index' AND other.tbl_name = own.name)"
        )
        with self.reader.connect() as connection:
            return [f'"{name}"' for name in connection.execute(text(f"{own} UNION ALL {rest}")).scalars()]

    def dispose(self) -> None:
        self.writer.dispose()
        self.reader.dispose()


def _prepare(raw: sqlite3.Connection) -> None:
    raw.isolation_level = None  # transactions are begun below, not guessed by the driver
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA synchronous=NORMAL")
    raw.execute("PRAGMA foreign_keys=ON")
    raw.execute("PRAGMA temp_store=MEMORY")
    raw.execute("PRAGMA cache_size=-16000")
    raw.create_function(
        "crm_fold", 1, lambda value: fold(value) if isinstance(value, str) else value, deterministic=True
    )
    computing.teach(raw)


def _prepare_writer(raw: sqlite3.Connection, _record: Any) -> None:
    raw.execute("PRAGMA busy_timeout=5000")
    _prepare(raw)
    raw.execute("PRAGMA wal_autocheckpoint=4000")  # a page that an import changes in each batch is copied less often
    raw.execute("PRAGMA busy_timeout=0")  # _begin_writing waits by itself, in smaller steps than SQLite does


def _prepare_reader(raw: sqlite3.Connection, _record: Any) -> None:
    raw.execute("PRAGMA busy_timeout=5000")
    _prepare(raw)
    raw.execute("PRAGMA query_only=ON")


def _map_file(raw: sqlite3.Connection, _record: Any) -> None:
    raw.execute(f"PRAGMA mmap_size={_MOST_MAPPED}")


def _begin_writing(connection: Connection) -> None:
    raw: Any = connection.connection.driver_connection
    begin_writing(raw)


def begin_writing(raw: sqlite3.Connection) -> None:
    """Take SQLite's write lock; another process may hold it for as long as its batch lasts."""
    give_up = time.monotonic() + WAIT_FOR_WRITER_SECONDS
    while True:
        try:
            raw.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.002)


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


_current: Database | None = None


def use(database: Database | None) -> None:
    """Make a database the one that the door opens."""
    global _current
    _current = database


def database() -> Database:
    """The database in use, opened by the settings at the first call."""
    global _current
    if _current is None:
        from crm_app.core.settings import settings

        _current = Database(settings().database_url)
    return _current

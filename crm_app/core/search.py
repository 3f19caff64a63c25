"""Text search behind one function: FTS5 trigrams on SQLite, pg_trgm on PostgreSQL.

The index has one row per card, holding its text folded (case, ё → е): what it is called in the first line, all else in
the second. Its rows are numbered kind by kind, the latest card first, since the latest hits are wanted first and an
index of FTS5 is quick in its own order alone.
It is written in the transaction of the change: `put` for a card, `put_many` for several, `put_new` for an import.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import lru_cache
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    column,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.engine import Connection
from sqlmodel import Session

from crm_app.core.bulk import insert_many
from crm_app.core.db import Database
from crm_app.core.driver import fetch
from crm_app.core.folding import fold, fold_lines
from crm_app.core.many import MOST_REMEMBERED, are_many

KINDS: dict[str, int] = {}
"""Kinds of card that can be found, each with its number: written into the index, so never changed."""

_SHIFT = 40
_LATEST = (
    "SELECT :last - rowid FROM search_entry WHERE rowid BETWEEN :first AND :last AND search_entry MATCH :words "
    "ORDER BY rowid LIMIT :most"
)
_SQLITE = "CREATE VIRTUAL TABLE IF NOT EXISTS search_entry USING fts5(body, tokenize='trigram')"
_POSTGRES = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE TABLE IF NOT EXISTS search_entry (rowid BIGINT PRIMARY KEY, body TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS ix_search_entry_body ON search_entry USING gin (body gin_trgm_ops)",
    "CREATE INDEX IF NOT EXISTS ix_search_entry_rest ON search_entry USING gin (({rest}) gin_trgm_ops)",
)
_BELOW = "substr(body, strpos(body, E'\\n'))"
_REST = literal_column(_BELOW, String)
"""All but the first line of a text of PostgreSQL; the whole of one that has but one line."""
_ROW_ID = literal_column("rowid", BigInteger)
_ENTRY = table("search_entry", column("rowid", BigInteger), column("body", String))
_SETTING = "INSERT INTO search_entry (search_entry, rank) VALUES (?, ?)"
_AT_ONCE = {"automerge": 4, "crisismerge": 16}
_LATER = {"automerge": 0, "crisismerge": 200}
"""After how many parts of one size FTS5 merges them within the transaction that writes the last of them."""
_MERGED_PAGES, _PAUSE_SECONDS = 100, 0.004
_PAGES = "SELECT count(*) FROM search_entry_idx GROUP BY segid"
SHORTEST = 3
"""Letters that a trigram needs; a shorter text finds nothing here."""


def register(kind: str, number: int) -> None:
    """Make a kind of card findable. Raises ValueError where the number is another's."""
    if KINDS.get(kind, number) != number or any(n == number and k != kind for k, n in KINDS.items()):
        raise ValueError(f"search number {number} of {kind} is taken")
    KINDS[kind] = number


def create(connection: Connection) -> None:
    """Make the index; nothing happens where it exists."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_SQLITE)
        return
    for statement in _POSTGRES:
        connection.exec_driver_sql(statement.format(rest=_BELOW))


def put(session: Session, kind: str, card_id: int, *parts: str | None) -> None:
    """Write a card's text into the index, in the place of what was there."""
    put_many(session, kind, [(card_id, parts)])


def put_many(session: Session, kind: str, cards: list[tuple[int, tuple[str | None, ...]]]) -> None:
    """Write many cards' texts."""
    drop(session, kind, [card_id for card_id, _ in cards])
    put_new(session, kind, [(card_id, body(parts)) for card_id, parts in cards])


def body(parts: Iterable[str | None]) -> str:
    """What of a card stands in the index. parts: what it is called, then all else."""
    return fold_lines(parts)


def put_new(session: Session, kind: str, cards: list[tuple[int, str]]) -> None:
    """Write bodies of cards that have never been in the index."""
    last = _range(kind)[1]
    rows = [{"rowid": last - card_id, "body": told} for card_id, told in cards]
    rows.sort(key=itemgetter("rowid"))  # FTS5 writes to its file at every step back
    insert_many(session.connection(), _ENTRY, rows)


def drop(session: Session, kind: str, card_ids: list[int]) -> None:
    """Take cards out of the index."""
    rows = [{"id": _row_id(kind, card_id)} for card_id in card_ids]
    if rows:
        session.connection().execute(text("DELETE FROM search_entry WHERE rowid = :id"), rows)


def put_off_order(session: Session) -> None:
    """Leave new parts of the index as they come, until `put_in_order`. They are searched all the same.

    Each transaction adds a part, and SQLite merges four into one while more are written: an import waited longer for
    that than for the writing.
    """
    if _is_sqlite(session):
        _set(session.connection(), _LATER)


def put_in_order(database: Database, *, for_good: bool = True) -> None:
    """Merge the parts of the index, in turns that nobody feels.

    for_good: new ones are no longer left as they come, and several large parts become one: each part is read through to
    where a kind of card begins, and with seven of them that was six milliseconds of a search's seven.
    """
    if not database.is_sqlite:
        return
    if for_good:
        with database.turn(), database.writer.begin() as connection:
            _set(connection, _AT_ONCE)
    _merge(database)
    if for_good and _is_scattered(database):
        _merge_some(database, -_MERGED_PAGES)  # all parts belong together from here on
        _merge(database)


def _set(connection: Connection, chosen: dict[str, int]) -> None:
    for setting in chosen.items():
        connection.exec_driver_sql(_SETTING, setting)


def _merge(database: Database) -> None:
    while _merge_some(database):
        time.sleep(_PAUSE_SECONDS)


def _is_scattered(database: Database) -> bool:
    """Whether a tenth of the index stands outside of its largest part."""
    with database.session(writes=False) as session:
        pages = session.connection().execute(text(_PAGES)).scalars().all()
    return sum(pages) > max(pages, default=0) * 1.1


def _merge_some(database: Database, pages: int = _MERGED_PAGES) -> bool:
    """Merge for one turn; whether there is more to merge."""
    with database.turn(), database.writer.begin() as connection:
        raw: Any = connection.connection.driver_connection
        before = raw.total_changes
        connection.exec_driver_sql(_SETTING, ("merge", pages))
        return bool(raw.total_changes - before > 1)  # the statement itself counts as one


def has_words(
    session: Session, kind: str, card_id: Any, words: str, *, page: bool = False, title: Any = None
) -> ColumnElement[bool]:
    """The condition that every word stands in the text of a card. card_id: the column of its id.

    page: only the first rows of an order are wanted. Left alone, SQLite goes from each hit to its row, and PostgreSQL
    joins all hits with all rows, which takes long for a word that thousands of cards have. Then they had better go
    through the rows in the order of the list and look into the text of each, until the page is full. title: the column
    with the first line of the text, which PostgreSQL had better look into first: indexes of lists hold it.
    """
    is_sqlite = _is_sqlite(session)
    terms = tuple(_terms(words))
    is_common = (is_sqlite or page) and are_many(session, matching(session, kind, words), kind, *terms)
    if is_common and page and is_sqlite:
        return _stands_in_content(kind, card_id, terms)
    if is_common and page:
        apart = tuple(
            title is not None and not are_many(session, _in_rest(kind, each), kind, "below", each) for each in terms
        )
        return _stands_in_body(kind, card_id, title, tuple(zip(terms, apart, strict=True)))
    hits = matching(session, kind, words)
    return cast("ColumnElement[bool]", (card_id + 0 if is_common else card_id).in_(hits))


def latest(session: Session, kind: str, words: str, most: int) -> list[int]:
    """Ids of the latest cards of a kind in whose text every word stands, whoever may see them."""
    connection = session.connection()
    if not _is_sqlite(session):
        return list(connection.execute(matching(session, kind, words).order_by(_ROW_ID).limit(most)).scalars())
    first, last = _range(kind)
    match = _match(_terms(words))
    found, _ = fetch(connection, _LATEST, {"first": first, "last": last, "words": match, "most": most})
    return [row[0] for row in found]


def matching(session: Session, kind: str, words: str) -> Select[Any]:
    """A sub-query of the ids of the cards of a kind in whose text every word stands: for `Client.id.in_(…)`."""
    first, last = _range(kind)
    entry = select((last - _ROW_ID).label("id")).select_from(text("search_entry"))
    entry = entry.where(_ROW_ID.between(first, last))
    terms = _terms(words)
    if not terms:
        return entry.where(literal_column("1 = 0"))
    if _is_sqlite(session):
        return entry.where(literal_column("search_entry").op("MATCH")(bindparam(None, _match(terms))))
    for term in terms:
        entry = entry.where(column("body").contains(term, autoescape=True))
    return entry


def _terms(words: str) -> list[str]:
    return [word for word in fold(words).split() if len(word) >= SHORTEST]


def _match(terms: list[str]) -> str:
    """The terms in the language of FTS5, where nothing at all is found by no term."""
    return " AND ".join('"' + term.replace('"', '""') + '"' for term in terms) or '""'


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


@lru_cache(MOST_REMEMBERED)
def _stands_in_body(kind: str, card_id: Any, title: Any, terms: tuple[tuple[str, bool], ...]) -> ColumnElement[bool]:
    """The same condition, asked of PostgreSQL row by row. terms: each, and whether few cards have it below the title.

    Those few are collected once, and of all others the title tells: to look up a text takes ten times as long as the
    step from row to row, and fifteen thousand rows may come before the page is full.
    """
    looked_up = [term for term, is_apart in terms if not is_apart]
    told = [
        or_(title.contains(term, autoescape=True), card_id.in_(_in_rest(kind, term))) for term, apart in terms if apart
    ]
    return and_(*told, *([_looked_up(kind, card_id, looked_up)] if looked_up else []))


def _looked_up(kind: str, card_id: Any, terms: list[str]) -> ColumnElement[bool]:
    """An EXISTS would be made a join with all hits again."""
    in_body = and_(*(_ENTRY.c.body.contains(term, autoescape=True) for term in terms))
    found = (
        select(in_body).where(_ENTRY.c.rowid == literal(_range(kind)[1], BigInteger) - card_id).correlate_except(_ENTRY)
    )
    return cast("ColumnElement[bool]", func.coalesce(found.scalar_subquery(), false()))


def _in_rest(kind: str, term: str) -> Select[Any]:
    """Ids of the cards in whose text a word stands below the first line, in PostgreSQL."""
    first, last = _range(kind)
    entry = select((last - _ROW_ID).label("id")).select_from(text("search_entry"))
    return entry.where(_ROW_ID.between(first, last), _REST.contains(term, autoescape=True))


@lru_cache(MOST_REMEMBERED)
def _stands_in_content(kind: str, card_id: Any, terms: tuple[str, ...]) -> ColumnElement[bool]:
    """The same, asked of the table in which the index of SQLite keeps its texts."""
    kept = table("search_entry_content", column("id", BigInteger), column("c0"))
    row: Select[Any] = select(literal_column("1")).select_from(kept).where(kept.c.id == _range(kind)[1] - card_id)
    return row.where(*(func.instr(kept.c.c0, term) > 0 for term in terms)).correlate_except(kept).exists()


def _range(kind: str) -> tuple[int, int]:
    """The numbers that the rows of a kind may have."""
    first = KINDS[kind] << _SHIFT
    return first, first + (1 << _SHIFT) - 1


def _row_id(kind: str, card_id: int) -> int:
    return _range(kind)[1] - card_id

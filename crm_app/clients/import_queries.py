"""What can be asked of imports, and which cards of a batch are there already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from crm_app.clients import importer
from crm_app.clients.alike import known_to
from crm_app.clients.drafts import Problem
from crm_app.clients.import_kinds import ImportKind
from crm_app.clients.import_rights import imported_by, need_import, need_kind
from crm_app.clients.importer import CLIENT
from crm_app.clients.matching import KEYS, Likeness
from crm_app.clients.models import ClientImport, ImportCells, ImportRow
from crm_app.clients.unseen import seen_of, who_run
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, query
from crm_app.core.errors import Forbidden
from crm_app.core.keys import among
from crm_app.core.policy import past_the_policies

MOST_ROWS = 200


@dataclass(frozen=True)
class ImportState:
    """An import as its screen shows it. counts: outcome → rows; error: a key of the dictionaries, or ""."""

    id: int
    card: str
    name: str
    state: str
    source: str
    place: str
    mapping: list[str]
    options: dict[str, Any]
    preview: importer.Preview
    counts: dict[str, int]
    cursor: int
    rows: int
    error: str
    error_params: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True)
class ImportLine:
    """A row that a person should look at. card_id, card_name: of whom it is a copy, or who stays.

    cells: what a bad one says, to be mended.
    """

    row: int
    outcome: str
    name: str
    card_id: int
    card_name: str
    first_row: int
    problems: list[Problem]
    cells: list[str]


@query(LOGGED_IN)
def see_import(tx: Tx, import_id: int) -> ImportState:
    """One of one's own imports."""
    row, _ = need_import(tx, import_id)
    return ImportState(**{name: getattr(row, name) for name in ImportState.__dataclass_fields__})


@query(LOGGED_IN)
def list_imports(tx: Tx, limit: int = 20, card: str = "") -> list[ImportState]:
    """One's own imports, the latest first. card: of one kind only."""
    kinds = [need_kind(tx.actor, card).card] if card else imported_by(tx.actor)
    mine = select(ClientImport).where(ClientImport.card.in_(kinds)).order_by(ClientImport.id.desc())
    rows = tx.all(mine.limit(min(limit, MOST_ROWS)))
    return [ImportState(**{name: getattr(row, name) for name in ImportState.__dataclass_fields__}) for row in rows]


@query(LOGGED_IN)
def list_import_rows(tx: Tx, import_id: int, outcome: str = "", after: int = 0, limit: int = 50) -> list[ImportLine]:
    """Rows of an import that a person should look at, in their order; after: the last row that is known."""
    _, kind = need_import(tx, import_id)
    statement = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.row > after)
    if outcome:
        statement = statement.where(ImportRow.outcome == outcome)
    rows = tx.all(statement.order_by(ImportRow.row).limit(min(limit, MOST_ROWS)))
    by_id, of_file = _by_id(kind.model), _of_file(kind.model)
    known = {i: (i, name) for i, name in tx.all(by_id, ids=[row.card_id for row in rows if row.card_id])}
    copied = [row.first_row for row in rows if row.first_row]
    firsts = {n: (i, name) for n, i, name in tx.all(of_file, import_id=import_id, rows=copied)} if copied else {}
    bad = [row.row for row in rows if row.outcome == importer.BAD]
    cells = dict(tx.all(_CELLS, import_id=import_id, rows=bad)) if bad else {}
    named = [known.get(row.card_id) or firsts.get(row.first_row) or (0, "") for row in rows]
    return [_line(row, cells.get(row.row, []), *card) for row, card in zip(rows, named, strict=True)]


@dataclass(frozen=True)
class RemarkKind:
    """Remarks that say the same of several rows. problem: of the first of them."""

    problem: Problem
    rows: int


@query(LOGGED_IN)
def list_report(tx: Tx, import_id: int, limit: int = 50) -> list[ImportLine]:
    """The first rows that a person should look at, the bad ones before all others.

    Rows with remarks alone are not among them: they went in, and `sum_up_remarks` tells of them in few words.
    """
    lines: list[ImportLine] = []
    for outcome in (importer.BAD, importer.DUPLICATE, importer.ABSENT, importer.LEFT, importer.STUCK):
        if len(lines) < limit:
            lines += list_import_rows(tx, import_id, outcome, limit=limit - len(lines))
    return lines


@query(LOGGED_IN)
def sum_up_remarks(tx: Tx, import_id: int) -> list[RemarkKind]:
    """What was remarked of rows that went in, each kind once, the most frequent first."""
    need_import(tx, import_id)
    rows = func.count()
    statement = (
        select(ImportRow.problems, rows, func.min(ImportRow.row))
        .where(ImportRow.import_id == import_id, ImportRow.outcome == importer.REMARK)
        .group_by(ImportRow.problems)
        .order_by(rows.desc())
        .limit(MOST_ROWS)
    )
    kinds: dict[tuple[Any, ...], RemarkKind] = {}
    for problems, count, first_row in tx.all(statement):
        for said in map(tuple, problems):
            known = kinds.get(said) or RemarkKind(Problem(first_row, *said), 0)
            first = min(known.problem, Problem(first_row, *said), key=attrgetter("row"))
            kinds[said] = RemarkKind(first, known.rows + count)
    return sorted(kinds.values(), key=lambda kind: (-kind.rows, kind.problem.row))


_CELLS = select(ImportCells.row, ImportCells.cells).where(
    ImportCells.import_id == bindparam("import_id"), among(ImportCells.row, "rows")
)


@cache
def _by_id(model: Any) -> Select[Any]:
    return select(model.id, model.name).where(among(model.id, "ids"))


@cache
def _of_file(model: Any) -> Select[Any]:
    """Once through the cards of an import for all rows of a page: joined, it would be once for each row."""
    return select(model.import_row, model.id, model.name).where(
        model.import_id == bindparam("import_id"), among(model.import_row, "rows")
    )


@query(LOGGED_IN)
def list_faults(tx: Tx, import_id: int) -> dict[int, list[Problem]]:
    """Every row of an import with something wrong: row → problems. For the report."""
    need_import(tx, import_id)
    statement = select(ImportRow.row, ImportRow.problems).where(ImportRow.import_id == import_id)
    rows = tx.all(statement.where(ImportRow.outcome.in_((importer.BAD, importer.REMARK))).order_by(ImportRow.row))
    return {row.row: [Problem(row.row, *problem) for problem in row.problems] for row in rows}


@query(LOGGED_IN)
def find_known(tx: Tx, likes: list[tuple[int, Likeness]], card: str = CLIENT) -> dict[int, int]:
    """Rows whose card is there already: row → id of the card. Each key is looked up for all rows at once."""
    return _find_same(tx, need_kind(tx.actor, card), likes)


@query(LOGGED_IN)
def find_unseen(tx: Tx, likes: list[tuple[int, Likeness]], card: str = CLIENT) -> dict[int, str]:
    """Rows whose card is there, though not for the actor to see: row → who runs it, "" for nobody. See unseen.py."""
    kind = need_kind(tx.actor, card)
    if tx.actor.reaches_all(f"{card}.see"):
        return {}
    with past_the_policies(tx.session):
        same = _find_same(tx, kind, likes)
    ids = {*same.values()}
    names = who_run(tx, card, ids - seen_of(tx, card, ids))
    return {row: names[card_id] for row, card_id in same.items() if card_id in names}


def _find_same(tx: Tx, kind: ImportKind, likes: list[tuple[int, Likeness]]) -> dict[int, int]:
    if tx.actor.hidden:
        likes = [(row, known_to(tx, kind.card, like)) for row, like in likes]
    asked = {way: (statement, KEYS[way]) for way, statement in kind.ways.items()}
    found = [_by_key(tx, way, {key for _, like in likes for key in keys(like)}) for way, keys in asked.values()]
    known = kind.likenesses(tx, sorted({i for way in found for ids in way.values() for i in ids}))
    if not known:
        return {}
    ways = [(way, keys_of) for way, (_, keys_of) in zip(found, asked.values(), strict=True) if way]
    same: dict[int, int] = {}
    for row, like in likes:
        candidates = (i for way, keys_of in ways for key in keys_of(like) for i in way.get(key, ()))
        match = next((i for i in candidates if i in known and kind.is_same(like, known[i])), None)
        if match is not None:
            same[row] = match
    return same


@query(LOGGED_IN)
def find_by_key(
    tx: Tx, likes: list[tuple[int, Likeness]], key: importer.Key, card: str = CLIENT
) -> dict[int, list[int]]:
    """Cards that rows name by a key: row → ids, more than one where the key is not theirs alone."""
    kind = need_kind(tx.actor, card)
    if key in tx.actor.hidden.get(card, frozenset()):
        raise Forbidden("clients.import.hidden_key", field="key")
    named = _named_by(tx, kind, key, {row: {*KEYS[key](like)} for row, like in likes})
    if key == "name":
        others = {row: {like.other_name} for row, like in likes if like.other_name and not named[row]}
        named |= _named_by(tx, kind, key, others)
        named = {row: kind.are_namesakes(tx, like, named[row]) if named[row] else set() for row, like in likes}
    return {row: sorted(ids) for row, ids in named.items() if ids}


def _named_by(tx: Tx, kind: ImportKind, key: str, asked: dict[int, set[str]]) -> dict[int, set[int]]:
    """Cards that have one of the values by which each row asks for them: row → ids."""
    found = _by_key(tx, kind.ways[key], {each for values in asked.values() for each in values})
    there = set(tx.all(_there(kind.model), ids=sorted({i for ids in found.values() for i in ids})))
    return {row: {i for each in values for i in found.get(each, ()) if i in there} for row, values in asked.items()}


@cache
def _there(model: Any) -> Select[Any]:
    return select(model.id).where(among(model.id, "ids"))


def _by_key(tx: Tx, statement: Select[Any], keys: set[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    if keys:
        for key, card_id in tx.all(statement, keys=sorted(keys)):
            found.setdefault(key, []).append(card_id)
    return found


def _line(row: ImportRow, cells: list[str], card_id: int, card_name: str) -> ImportLine:
    return ImportLine(
        row=row.row,
        outcome=row.outcome,
        name=row.name,
        card_id=card_id,
        card_name=card_name,
        first_row=row.first_row or 0,
        problems=[Problem(row.row, *problem) for problem in row.problems],
        cells=cells,
    )

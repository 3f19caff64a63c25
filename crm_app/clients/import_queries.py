"""What can be asked of imports, and which clients of a batch are there already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from crm_app.cards.models import CardEmail, CardPhone
from crm_app.clients import importer
from crm_app.clients.alike import known_to, likenesses
from crm_app.clients.drafts import Problem
from crm_app.clients.matching import KEYS, Likeness, is_same
from crm_app.clients.models import Client, ClientImport, ImportCells, ImportRow
from crm_app.core.door import Tx, query
from crm_app.core.errors import Forbidden
from crm_app.core.keys import among

MOST_ROWS = 200
_MOST_NAMESAKES = 5_000


@dataclass(frozen=True)
class ImportState:
    """An import as its screen shows it. counts: outcome → rows; error: a key of the dictionaries, or ""."""

    id: int
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
    """A row that a person should look at. client_id, client_name: of whom it is a copy, or who stays.

    cells: what a bad one says, to be mended.
    """

    row: int
    outcome: str
    name: str
    client_id: int
    client_name: str
    first_row: int
    problems: list[Problem]
    cells: list[str]


@query("client.import")
def see_import(tx: Tx, import_id: int) -> ImportState:
    """One of one's own imports."""
    row = tx.need(ClientImport, import_id)
    return ImportState(**{name: getattr(row, name) for name in ImportState.__dataclass_fields__})


@query("client.import")
def list_imports(tx: Tx, limit: int = 20) -> list[ImportState]:
    """One's own imports, the latest first."""
    rows = tx.all(select(ClientImport).order_by(ClientImport.id.desc()).limit(min(limit, MOST_ROWS)))
    return [ImportState(**{name: getattr(row, name) for name in ImportState.__dataclass_fields__}) for row in rows]


@query("client.import")
def list_import_rows(tx: Tx, import_id: int, outcome: str = "", after: int = 0, limit: int = 50) -> list[ImportLine]:
    """Rows of an import that a person should look at, in their order; after: the last row that is known."""
    tx.need(ClientImport, import_id)
    statement = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.row > after)
    if outcome:
        statement = statement.where(ImportRow.outcome == outcome)
    rows = tx.all(statement.order_by(ImportRow.row).limit(min(limit, MOST_ROWS)))
    known = {i: (i, name) for i, name in tx.all(_BY_ID, ids=[row.client_id for row in rows if row.client_id])}
    copied = [row.first_row for row in rows if row.first_row]
    firsts = {n: (i, name) for n, i, name in tx.all(_OF_FILE, import_id=import_id, rows=copied)} if copied else {}
    bad = [row.row for row in rows if row.outcome == importer.BAD]
    cells = dict(tx.all(_CELLS, import_id=import_id, rows=bad)) if bad else {}
    named = [known.get(row.client_id) or firsts.get(row.first_row) or (0, "") for row in rows]
    return [_line(row, cells.get(row.row, []), *card) for row, card in zip(rows, named, strict=True)]


@dataclass(frozen=True)
class RemarkKind:
    """Remarks that say the same of several rows. problem: of the first of them."""

    problem: Problem
    rows: int


@query("client.import")
def list_report(tx: Tx, import_id: int, limit: int = 50) -> list[ImportLine]:
    """The first rows that a person should look at, the bad ones before all others.

    Rows with remarks alone are not among them: they went in, and `sum_up_remarks` tells of them in few words.
    """
    lines: list[ImportLine] = []
    for outcome in (importer.BAD, importer.DUPLICATE, importer.ABSENT, importer.LEFT, importer.STUCK):
        if len(lines) < limit:
            lines += list_import_rows(tx, import_id, outcome, limit=limit - len(lines))
    return lines


@query("client.import")
def sum_up_remarks(tx: Tx, import_id: int) -> list[RemarkKind]:
    """What was remarked of rows that went in, each kind once, the most frequent first."""
    tx.need(ClientImport, import_id)
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


_BY_ID = select(Client.id, Client.name).where(among(Client.id, "ids"))
_CELLS = select(ImportCells.row, ImportCells.cells).where(
    ImportCells.import_id == bindparam("import_id"), among(ImportCells.row, "rows")
)
_OF_FILE = select(Client.import_row, Client.id, Client.name).where(
    Client.import_id == bindparam("import_id"), among(Client.import_row, "rows")
)
"""Once through the clients of an import for all rows of a page: joined, it would be once for each row."""


@query("client.import")
def list_faults(tx: Tx, import_id: int) -> dict[int, list[Problem]]:
    """Every row of an import with something wrong: row → problems. For the report."""
    tx.need(ClientImport, import_id)
    statement = select(ImportRow.row, ImportRow.problems).where(ImportRow.import_id == import_id)
    rows = tx.all(statement.where(ImportRow.outcome.in_((importer.BAD, importer.REMARK))).order_by(ImportRow.row))
    return {row.row: [Problem(row.row, *problem) for problem in row.problems] for row in rows}


@query("client.import")
def find_known(tx: Tx, likes: list[tuple[int, Likeness]]) -> dict[int, int]:
    """Rows whose client is there already: row → id of the client. Each key is looked up for all rows at once."""
    if tx.actor.hidden:
        likes = [(row, known_to(tx, "client", like)) for row, like in likes]
    found = [_by_key(tx, _WAYS[way], {key for _, like in likes for key in keys(like)}) for way, keys in KEYS.items()]
    known = likenesses(tx, "client", sorted({i for way in found for ids in way.values() for i in ids}))
    if not known:
        return {}
    ways = [(way, keys_of) for way, keys_of in zip(found, KEYS.values(), strict=True) if way]
    same: dict[int, int] = {}
    for row, like in likes:
        candidates = (i for way, keys_of in ways for key in keys_of(like) for i in way.get(key, ()))
        match = next((i for i in candidates if i in known and is_same(like, known[i])), None)
        if match is not None:
            same[row] = match
    return same


@query("client.import")
def find_by_key(tx: Tx, likes: list[tuple[int, Likeness]], key: importer.Key) -> dict[int, list[int]]:
    """Clients that rows name by a key: row → ids, more than one where the key is not theirs alone."""
    if key in tx.actor.hidden.get("client", frozenset()):
        raise Forbidden("clients.import.hidden_key", field="key")
    keys_of = KEYS[key]
    found = _by_key(tx, _WAYS[key], {each for _, like in likes for each in keys_of(like)})
    there = set(tx.all(_THERE, ids=sorted({i for ids in found.values() for i in ids})))
    named = {row: {i for each in keys_of(like) for i in found.get(each, ()) if i in there} for row, like in likes}
    return {row: sorted(ids) for row, ids in named.items() if ids}


_THERE = select(Client.id).where(among(Client.id, "ids"))

_WAYS: dict[str, Select[Any]] = {
    "inn": select(Client.inn, Client.id).where(among(Client.inn, "keys")).order_by(Client.inn).limit(_MOST_NAMESAKES),
    "phones": select(CardPhone.number, CardPhone.card_id)
    .where(CardPhone.card == "client", among(CardPhone.number, "keys"))
    .order_by(CardPhone.number)
    .limit(_MOST_NAMESAKES),
    "emails": select(CardEmail.address, CardEmail.card_id)
    .where(CardEmail.card == "client", among(CardEmail.address, "keys"))
    .order_by(CardEmail.address)
    .limit(_MOST_NAMESAKES),
    "name": select(Client.match_name, Client.id)
    .where(among(Client.match_name, "keys"))
    .order_by(Client.match_name)
    .limit(_MOST_NAMESAKES),
}
"""How clients are looked up that may be the same, by matching.KEYS.

Each is in the order of its index, which is what makes SQLite use it: where most clients have no INN, the planner's
figures say that any INN is that of most clients, and the whole table was gone through for each batch.
"""


def _by_key(tx: Tx, statement: Select[Any], keys: set[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    if keys:
        for key, client_id in tx.all(statement, keys=sorted(keys)):
            found.setdefault(key, []).append(client_id)
    return found


def _line(row: ImportRow, cells: list[str], client_id: int, client_name: str) -> ImportLine:
    return ImportLine(
        row=row.row,
        outcome=row.outcome,
        name=row.name,
        client_id=client_id,
        client_name=client_name,
        first_row=row.first_row or 0,
        problems=[Problem(row.row, *problem) for problem in row.problems],
        cells=cells,
    )

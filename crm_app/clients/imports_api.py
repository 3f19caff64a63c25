"""What programs do with imports: a file of clients or other cards in, a report out, all of it taken back."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from crm_app.api.cursors import unseal
from crm_app.api.endpoints import Answer, Endpoints, Upload, seen
from crm_app.api.forms import IN_QUERY, After, Body, Id, Limit, Listing, as_json, page
from crm_app.clients.actions.imports import (
    add_import,
    check_import,
    set_up_import,
    start_import,
    stop_import,
    undo_import,
)
from crm_app.clients.actions.mending import mend_row
from crm_app.clients.import_queries import (
    ImportLine,
    ImportState,
    RemarkKind,
    list_import_rows,
    list_imports,
    list_report,
    see_import,
    sum_up_remarks,
)
from crm_app.clients.importer import AT_WORK, CLIENT, Column, Key, Mode, Options, Preview, sources
from crm_app.clients.models import ClientImport
from crm_app.core import files, i18n
from crm_app.core.actor import LOGGED_IN, Actor
from crm_app.core.door import Tx, perform
from crm_app.core.errors import BadInput

endpoints = Endpoints()

SOURCE = "excel"
PATIENCE_SECONDS = 20.0
"""How long an answer waits for the worker; a longer import is looked after with GET /imports/{id}."""
LOOK_SECONDS = 0.05
MOST_LINES = 200
LONGEST_SHEET = 255
Sheet = Annotated[str, Field(max_length=LONGEST_SHEET)]


Columns = Annotated[
    dict[Annotated[str, Field(max_length=200)], Annotated[str, Field(max_length=60)]],
    IN_QUERY,
    Field(max_length=300, description='What columns feed: heading → field, "" for nothing; others as recognised.'),
]
Defaults = Annotated[
    dict[Annotated[str, Field(max_length=60)], Annotated[str, Field(max_length=2_000)]],
    IN_QUERY,
    Field(max_length=100, description="What new cards get whose row has none: field → as a cell would say it."),
]


class ProblemJson(TypedDict):
    """What is wrong with a cell. level: an "error" keeps the row out, with a "warning" it goes in."""

    column: str
    field: str
    level: str
    code: str
    text: str


class LineJson(TypedDict):
    """A row that a person should look at. card_id: of which card it is a copy, or which stays; cells: of a bad one.

    client_id: the same, of an import of clients.
    """

    row: int
    outcome: str
    name: str
    card_id: int | None
    client_id: int | None
    problems: list[ProblemJson]
    cells: list[str]


class ImportJson(TypedDict):
    """An import. kind: what its rows are, client, contact or lead. state: ready, checking, checked, running, stopping,
    stopped, done, undoing, undone or failed.

    columns: what each feeds; sheet: of the workbook, one of its sheets; done: the last row that is done; counts: rows
    by outcome, which is new, changed, same, duplicate, absent, bad, remark, or, after an undo, taken, left, stuck.
    """

    id: int
    kind: str
    name: str
    state: str
    columns: list[Column]
    sheet: str
    sheets: list[str]
    rows: int
    done: int
    counts: dict[str, int]
    error: str
    created_at: datetime


class RemarkJson(TypedDict):
    """What was remarked alike of some rows that went in. first_row: one of them."""

    column: str
    field: str
    code: str
    text: str
    rows: int
    first_row: int


class ReportJson(ImportJson):
    """An import with the first 200 rows that a person should look at, the bad ones first.

    Rows that went in with a remark are not among them: remarks tells what was remarked, and of how many rows.
    """

    lines: list[LineJson]
    remarks: list[RemarkJson]


def recognise(upload: Upload, asked: Mapping[str, Any], card: str = CLIENT) -> Preview:
    """The columns of an uploaded file, read in a child process. Raises BadInput, and forgets the file."""
    sheet = str(asked.get("sheet", ""))[:LONGEST_SHEET]
    with files.only_if_told(upload.kept):
        if upload.kept.size > sources()[SOURCE].largest_file:
            raise BadInput("core.error.file_too_big", megabytes=sources()[SOURCE].largest_file // 2**20)
        seen = sources()[SOURCE].preview(files.path_of(upload.kept.place), sheet, card=card)
        if sheet and sheet not in seen["sheets"]:  # a file of another kind has none
            raise BadInput("contacts.error.no_such_sheet", field="sheet", name=sheet)
        return seen


def wait_for_worker(actor: Actor, answer: Answer) -> Answer:
    """The import as the worker leaves it, or as it is when patience ends."""
    import_id = json.loads(answer.body)["id"]
    until = time.monotonic() + PATIENCE_SECONDS
    while perform(actor, see_import, import_id=import_id).state in AT_WORK and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
    state = perform(actor, see_import, import_id=import_id)
    lines = perform(actor, list_report, import_id=import_id, limit=MOST_LINES)
    report = _with_rows(state, lines, perform(actor, sum_up_remarks, import_id=import_id), actor.locale)
    return Answer(answer.status, as_json(report), answer.is_repeated)


@endpoints.post("/clients/import", "client.import", status=201, look=recognise, wait=wait_for_worker)
def import_clients(
    tx: Tx,
    file: Upload,
    responsible_id: Id | None = None,
    type: Annotated[str, Field(max_length=60)] = "",  # noqa: A002  the field's own name
    status: Annotated[str, Field(max_length=60)] = "",
    duplicates: bool = False,
    mode: Mode = "create",
    key: Key = "",
    columns: Columns | None = None,
    defaults: Defaults | None = None,
    sheet: Sheet = "",
    dry_run: bool = False,
) -> ReportJson:
    """Import clients from a spreadsheet (.xlsx, .xls, .ods, .csv) or an address book (.vcf).

    responsible_id, type, status: of rows that name none; duplicates: add second copies all the same. mode:
    "create", "update" or "both": whether clients that are there are changed; key: by what a row finds its client,
    inn, phones, emails or name, or, left out, as second copies are found. sheet: of a workbook with several; left
    out, the first one that is not empty. With `dry_run=true` each row is checked, the report tells what would
    become of it, and no client is added. The answer waits up to 20 s for the worker: while the state is checking or
    running, ask GET /imports/{id}.
    """
    options: Options = {"duplicates": duplicates, "mode": mode, "key": key}
    for name, value in (("type", type), ("status", status)):
        if value:
            options[name] = value  # type: ignore[literal-required]
    return bring(tx, file, CLIENT, with_defaults(options, defaults), responsible_id, columns, is_dry=dry_run)


def with_defaults(options: Options, defaults: dict[str, str] | None) -> Options:
    """Options of an import; defaults that are not told stay those of the last file of this kind."""
    return options if defaults is None else {**options, "defaults": defaults}


def bring(
    tx: Tx,
    file: Upload,
    card: str,
    options: Options,
    responsible_id: int | None,
    columns: dict[str, str] | None = None,
    *,
    is_dry: bool,
) -> ReportJson:
    """An uploaded file, set up and handed to the worker. columns: heading → field, where it is not as recognised."""
    added = tx.do(add_import, name=file.name, place=file.kept.place, source=SOURCE, preview=file.seen, card=card)
    if responsible_id is not None:
        options["responsible_id"] = responsible_id
    mapping = _mapped(added, columns) if columns else None
    tx.do(set_up_import, added.id, mapping=mapping, options=options)
    tx.do(check_import if is_dry else start_import, added.id)
    return _report(tx, added.id or 0)


def _mapped(row: ClientImport, columns: dict[str, str]) -> list[str]:
    """What each column feeds. Raises BadInput for a heading that the file does not have."""
    headings = [column["heading"] for column in row.preview["columns"]]
    for heading in columns:
        if heading not in headings:
            raise BadInput("clients.import.no_heading", field="columns", heading=heading)
    told = set(columns.values())  # a field that is given to a column is taken from the one that was recognised
    pairs = zip(headings, row.mapping, strict=True)
    return [columns.get(heading, "" if field in told else field) for heading, field in pairs]


@endpoints.get("/imports", LOGGED_IN)
def list_own_imports(tx: Tx, limit: Limit = 20) -> Listing[ImportJson]:
    """One's own imports, the latest first."""
    return page([_import(row, tx.actor.locale) for row in seen(tx, list_imports, limit=limit)], "imports", None)


@endpoints.get("/imports/{import_id}", LOGGED_IN)
def see_one_import(tx: Tx, import_id: Id) -> ReportJson:
    """One of one's own imports, with its report."""
    return _report(tx, import_id)


@endpoints.get("/imports/{import_id}/rows", LOGGED_IN)
def list_rows_of_import(
    tx: Tx,
    import_id: Id,
    outcome: Annotated[str, Field(max_length=20)] = "",
    after: After = "",
    limit: Limit = 50,
) -> Listing[LineJson]:
    """Rows that a person should look at: bad ones, second copies, those with a remark."""
    listing = f"import rows {import_id} {outcome}"
    place = int(unseal(listing, after) or 0)
    card = seen(tx, see_import, import_id=import_id).card
    rows = seen(tx, list_import_rows, import_id=import_id, outcome=outcome, after=place, limit=limit)
    next_place = str(rows[-1].row) if len(rows) == limit else None
    return page([_line(row, card, tx.actor.locale) for row in rows], listing, next_place)


class CellsBody(Body):
    """A row written anew: a text for each column of the file."""

    cells: list[str]


@endpoints.put("/imports/{import_id}/rows/{row}", LOGGED_IN)
def mend_row_of_import(tx: Tx, import_id: Id, row: Id, body: CellsBody) -> ReportJson:
    """Mend a bad row. It is checked at once; of an import that is done it goes in, else with the others."""
    tx.do(mend_row, import_id, row, body.cells)
    return _report(tx, import_id)


@endpoints.post("/imports/{import_id}/stop", LOGGED_IN, wait=wait_for_worker)
def stop_one_import(tx: Tx, import_id: Id) -> ReportJson:
    """Stop an import after the rows in hand. What is in stays, and can be taken back."""
    tx.do(stop_import, import_id)
    return _report(tx, import_id)


@endpoints.post("/imports/{import_id}/undo", LOGGED_IN, wait=wait_for_worker)
def take_import_back(tx: Tx, import_id: Id) -> ReportJson:
    """Take back what an import has added and changed. Cards that somebody has worked with since are left, and told."""
    tx.do(undo_import, import_id)
    return _report(tx, import_id)


def _report(tx: Tx, import_id: int) -> ReportJson:
    lines = seen(tx, list_report, import_id=import_id, limit=MOST_LINES)
    remarks = seen(tx, sum_up_remarks, import_id=import_id)
    return _with_rows(seen(tx, see_import, import_id=import_id), lines, remarks, tx.actor.locale)


def _with_rows(state: ImportState, lines: list[ImportLine], remarks: list[RemarkKind], locale: str) -> ReportJson:
    told = [_line(line, state.card, locale) for line in lines]
    return ReportJson(**_import(state, locale), lines=told, remarks=[_remark(kind, locale) for kind in remarks])


def _import(row: ImportState, locale: str) -> ImportJson:
    columns = zip(row.preview["columns"], row.mapping, strict=True)
    return {
        "id": row.id,
        "kind": row.card,
        "name": row.name,
        "state": row.state,
        "columns": [{"heading": column["heading"], "field": field} for column, field in columns],
        "sheet": row.options.get("sheet", ""),
        "sheets": row.preview.get("sheets", []),
        "rows": row.rows,
        "done": row.cursor,
        "counts": row.counts,
        "error": i18n.text(row.error, locale, **row.error_params) if row.error else "",
        "created_at": row.created_at,
    }


def _remark(kind: RemarkKind, locale: str) -> RemarkJson:
    problem = kind.problem
    return {
        "column": problem.column,
        "field": problem.field,
        "code": problem.code.rpartition(".")[2],
        "text": problem.text(locale),
        "rows": kind.rows,
        "first_row": problem.row,
    }


def _line(line: ImportLine, card: str, locale: str) -> LineJson:
    problems: list[ProblemJson] = [
        {
            "column": problem.column,
            "field": problem.field,
            "level": problem.level,
            "code": problem.code.rpartition(".")[2],
            "text": problem.text(locale),
        }
        for problem in line.problems
    ]
    return {
        "row": line.row,
        "outcome": line.outcome,
        "name": line.name,
        "card_id": line.card_id or None,
        "client_id": (card == CLIENT and line.card_id) or None,
        "problems": problems,
        "cells": line.cells,
    }

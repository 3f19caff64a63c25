"""The process that parses a stranger's file: `python -m crm_app.integrations.contacts.excel.child`.

Reads one request (JSON) from standard input, writes frames to standard output: four bytes of length, then JSON.
JSON and not pickle: should a hostile file take this process over, it still can't make the parent run anything.
  {"table": {...}}                    headings and what is known of the sheet, once
  {"rows": [[number, cells], …]}      a table was asked for
  {"batch": …}                        cards were asked for: clients.intake.Batch, row by row in their order
  {"end": true} or {"error": key, "params": {…}, "status": …}
"""

from __future__ import annotations

import gc
import json
import os
import struct
import sys
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

from crm_app.clients.importer import BAD
from crm_app.clients.intake import Batch, Terms
from crm_app.core.confined import confine
from crm_app.core.errors import BadInput, TooBig
from crm_app.integrations.contacts.excel.cells import Cell, cell_text, is_blank, to_json
from crm_app.integrations.contacts.excel.csv_file import read_csv
from crm_app.integrations.contacts.excel.guard import Limits
from crm_app.integrations.contacts.excel.headings import SEARCHED_ROWS, find_headings
from crm_app.integrations.contacts.excel.rows import Drafter
from crm_app.integrations.contacts.excel.workbook import NumberedRows, open_workbook

CHUNK = 1_000
FIRST_CHUNK = 200
"""As many as a preview looks at, and soon there for an import to begin with."""
LARGEST_FRAME = 8 * 2**20
"""Of characters; a chunk of very long cells is sent in parts, so that neither side holds much at once."""


def main() -> None:
    """Serve the one request. A refusal is a frame; anything else ends the process, and the parent says so."""
    request = json.load(sys.stdin)
    frames = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not land between the frames
    limits = Limits(**request["limits"])
    confine(limits.memory_bytes, limits.cpu_seconds)
    gc.disable()  # nothing here is cyclic, and the collector would walk every row again and again
    try:
        _serve(request, limits, frames)
        _send(frames, {"end": True})
    except BadInput as error:
        _send(frames, {"error": error.key, "params": error.params, "too_big": isinstance(error, TooBig)})
    except MemoryError:
        _send(frames, {"error": "contacts.error.too_much_memory", "params": {}, "too_big": True})
    except BrokenPipeError:
        os._exit(0)  # nobody listens any more
    frames.close()


def _serve(request: dict[str, Any], limits: Limits, frames: BinaryIO) -> None:
    about, rows = _open(request, limits)
    first = list(islice(rows, SEARCHED_ROWS))
    if not first:
        raise BadInput("contacts.error.empty_table")
    at = find_headings([cells for _, cells in first], request["card"])
    row_of_headings, cells = first[at]
    headings = _trimmed([cell_text(cell) for cell in cells])
    if len(headings) > limits.columns:
        raise TooBig("contacts.error.too_many_columns", limit=limits.columns)
    _send(frames, {"table": {**about, "headings": headings, "heading_row": row_of_headings}})
    below = chain(first[at + 1 :], rows)
    if request["wanted"] is None:
        for chunk in _chunks(below):
            _send_rows(frames, chunk)
    else:
        _send_cards(frames, headings, below, **request["wanted"])


def _send_cards(
    frames: BinaryIO, headings: list[str], rows: NumberedRows, fields: list[str], currency: str, terms: dict[str, Any]
) -> None:
    taken_up = Terms.from_wire(terms)
    drafter = Drafter(headings, fields, currency, only_adds=taken_up.only_adds, form=taken_up.intake)
    intake, mended = taken_up.intake(taken_up), taken_up.mended
    for chunk in _chunks(rows):
        if mended:
            chunk = [(number, [*mended[number]] if number in mended else cells) for number, cells in chunk]
        batch = intake.take([(number, *drafter.draft(number, cells)) for number, cells in chunk])
        _send_batch(frames, _with_cells(batch, chunk))


def _with_cells(batch: Batch, rows: Sequence[tuple[int, Sequence[Cell]]]) -> Batch:
    """The same with what the bad rows say, so that a person can mend it."""
    bad = {each.row for each in batch.told if each.outcome == BAD}
    if bad:
        said = {number: [cell_text(cell) for cell in cells] for number, cells in rows if number in bad}
        batch.told = [each._replace(cells=said[each.row]) if each.row in bad else each for each in batch.told]
    return batch


def _open(request: dict[str, Any], limits: Limits) -> tuple[dict[str, Any], NumberedRows]:
    """What is known of the table, and its rows that aren't blank, numbered as the spreadsheet does."""
    path = Path(request["path"])
    if request["format"] == "csv":
        return {"sheet": "", "sheets": [], "last_row": None}, _checked(enumerate(read_csv(path), 1), limits)
    if request["format"] == "vcf":
        from crm_app.integrations.contacts.excel.address_cards import read_cards  # a library that others don't need

        return {"sheet": "", "sheets": [], "last_row": None}, _checked(enumerate(read_cards(path), 1), limits)
    sheet = open_workbook(path, request["sheet"], limits)
    about = {"sheet": sheet.name, "sheets": sheet.sheets, "last_row": sheet.last_row}
    return about, _checked(sheet.rows, limits)


def _checked(rows: Iterator[tuple[int, list[Any]]], limits: Limits) -> NumberedRows:
    for number, cells in rows:
        if number > limits.rows:
            raise TooBig("contacts.error.too_many_rows", limit=limits.rows)
        if len(cells) > limits.columns and not all(map(is_blank, cells[limits.columns :])):
            raise TooBig("contacts.error.too_many_columns", limit=limits.columns)
        if not all(map(is_blank, cells)):
            yield number, cells


def _trimmed(headings: list[str]) -> list[str]:
    while headings and not headings[-1]:
        headings.pop()
    return headings


def _chunks(rows: NumberedRows) -> Iterator[list[tuple[int, list[Cell]]]]:
    size = FIRST_CHUNK
    while chunk := list(islice(rows, size)):
        yield chunk
        size = CHUNK


def _send_rows(frames: BinaryIO, rows: list[tuple[int, list[Cell]]]) -> None:
    frame = _encode({"rows": rows})
    if len(frame) > LARGEST_FRAME and len(rows) > 1:
        middle = len(rows) // 2
        _send_rows(frames, rows[:middle])
        _send_rows(frames, rows[middle:])
    else:
        _write(frames, frame)


def _send_batch(frames: BinaryIO, batch: Batch) -> None:
    frame = _encode({"batch": batch.to_wire()})
    halves = batch.halves() if len(frame) > LARGEST_FRAME else ()
    if halves:
        for half in halves:
            _send_batch(frames, half)
    else:
        _write(frames, frame)


def _send(frames: BinaryIO, message: dict[str, Any]) -> None:
    _write(frames, _encode(message))


def _encode(message: dict[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False, default=to_json, separators=(",", ":")).encode("utf-8", "replace")


def _write(frames: BinaryIO, frame: bytes) -> None:
    frames.write(struct.pack(">I", len(frame)))
    frames.write(frame)
    frames.flush()


if __name__ == "__main__":
    main()

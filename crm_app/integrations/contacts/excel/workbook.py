"""Workbooks (.xlsx .xlsb .xls .ods): sheets and their rows, by python-calamine. Runs in the child process.

The library aborts the process on a hostile sheet (tafia/calamine#693), which is why there is a child process.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import python_calamine as calamine

from crm_app.core.errors import BadInput, TooBig
from crm_app.integrations.contacts.excel.cells import Cell
from crm_app.integrations.contacts.excel.guard import Limits
from crm_app.integrations.contacts.excel.segments import LongSheet, find_long_sheet

NumberedRows = Iterator[tuple[int, list[Cell]]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: rows with their numbers, from 1; sheets: names of the visible ones; last_row: None if not known."""

    name: str
    sheets: list[str]
    last_row: int | None
    rows: NumberedRows


def open_workbook(path: Path, name: str, limits: Limits) -> Sheet:
    """A sheet by its name, or with "" the first visible one that isn't blank. Raises BadInput or TooBig."""
    try:
        return _open_sheet(path, name, limits)
    except calamine.PasswordError as error:
        raise BadInput("contacts.error.password") from error
    except calamine.CalamineError as error:
        raise BadInput("contacts.error.broken_file") from error


def _open_sheet(path: Path, name: str, limits: Limits) -> Sheet:
    book = calamine.CalamineWorkbook.from_path(path)
    tables = [each for each in book.sheets_metadata if each.typ == calamine.SheetTypeEnum.WorkSheet]
    visible = [each.name for each in tables if each.visible == calamine.SheetVisibleEnum.Visible]
    if name and name not in visible:
        raise BadInput("contacts.error.no_such_sheet", name=name)
    for candidate in [name] if name else visible:
        long = find_long_sheet(path, candidate)
        if long:
            book.close()
            _check_rows(long.last_row or 0, limits)
            return Sheet(candidate, visible, long.last_row, _rows_of_pieces(long, candidate, limits))
        sheet = book.get_sheet_by_name(candidate)
        if sheet.end is not None:
            _check_rows(sheet.end[0] + 1, limits)
            return Sheet(candidate, visible, sheet.end[0] + 1, _rows(sheet, limits))
    raise BadInput("contacts.error.empty_table")


def _rows_of_pieces(long: LongSheet, name: str, limits: Limits) -> NumberedRows:
    try:
        for piece in long.pieces():
            with calamine.CalamineWorkbook.from_filelike(piece) as book:
                yield from _rows(book.get_sheet_by_name(name), limits)
    except calamine.CalamineError as error:
        raise BadInput("contacts.error.broken_file") from error


def _rows(sheet: calamine.CalamineSheet, limits: Limits) -> NumberedRows:
    """From the first that is filled, with its number; columns are counted from A."""
    if sheet.start is None or sheet.end is None:
        return
    if sheet.end[1] >= limits.columns:
        raise TooBig("contacts.error.too_many_columns", limit=limits.columns)
    first, margin = sheet.start
    blanks: list[Cell] = [""] * margin
    rows = islice(sheet.iter_rows(), first, None)
    for number, cells in enumerate(rows, first + 1):
        yield number, [*blanks, *cells] if blanks else list(cells)


def _check_rows(last_row: int, limits: Limits) -> None:
    if last_row > limits.rows:
        raise TooBig("contacts.error.too_many_rows", limit=limits.rows)

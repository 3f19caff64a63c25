"""Workbooks (.xlsx .xlsb .xls .ods): sheets and their rows, by python-calamine. Runs in the child process.

The library aborts the process on a hostile sheet (tafia/calamine#693), which is why there is a child process.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import python_calamine as calamine

from crm_app.core.errors import BadInput, TooBig
from crm_app.integrations.contacts.excel.cells import Cell
from crm_app.integrations.contacts.excel.guard import Limits


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: rows are numbered from 1, blank ones before the table too. sheets: names of the visible ones."""

    name: str
    sheets: list[str]
    last_row: int
    rows: Iterator[list[Cell]]


def open_workbook(path: Path, name: str, limits: Limits) -> Sheet:
    """A sheet by its name, or with "" the first visible one that isn't blank. Raises BadInput or TooBig."""
    try:
        book = calamine.CalamineWorkbook.from_path(path)
        return _open_sheet(book, name, limits)
    except calamine.PasswordError as error:
        raise BadInput("contacts.error.password") from error
    except calamine.CalamineError as error:
        raise BadInput("contacts.error.broken_file") from error


def _open_sheet(book: calamine.CalamineWorkbook, name: str, limits: Limits) -> Sheet:
    tables = [each for each in book.sheets_metadata if each.typ == calamine.SheetTypeEnum.WorkSheet]
    visible = [each.name for each in tables if each.visible == calamine.SheetVisibleEnum.Visible]
    if name and name not in visible:
        raise BadInput("contacts.error.no_such_sheet", name=name)
    for candidate in [name] if name else visible:
        sheet = book.get_sheet_by_name(candidate)
        if sheet.end is None:
            continue
        if sheet.width > limits.columns:
            raise TooBig("contacts.error.too_many_columns", limit=limits.columns)
        last_row = sheet.end[0] + 1
        if last_row > limits.rows:
            raise TooBig("contacts.error.too_many_rows", limit=limits.rows)
        return Sheet(candidate, visible, last_row, cast("Iterator[list[Cell]]", sheet.iter_rows()))
    raise BadInput("contacts.error.empty_table")

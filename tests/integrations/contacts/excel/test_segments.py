"""A long sheet read in pieces gives exactly what it gives when read whole."""

from __future__ import annotations

import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import python_calamine as calamine

from crm_app.core.errors import BadInput
from crm_app.core.sheets import write_xlsx
from crm_app.integrations.contacts.excel import segments
from crm_app.integrations.contacts.excel.guard import Limits
from crm_app.integrations.contacts.excel.table import open_table
from crm_app.integrations.contacts.excel.workbook import open_workbook
from tests.integrations.contacts.excel import files


@pytest.fixture
def small_pieces(monkeypatch):
    monkeypatch.setattr(segments, "PIECE_BYTES", 3_000)


def _by_openpyxl(path):
    """The whole table moved to where it begins: shared texts, dates, gaps, a blank first column, a second sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Контрагенты & Ко"
    for row in range(3, 400, 2):
        cells = [f"имя {row} </row>", row, row / 7, True, date(2025, 2, 1), datetime(2025, 2, 1, 10, 30), None, "общий"]  # noqa: DTZ001
        for column, value in enumerate(cells, 2 if row % 3 else 4):
            sheet.cell(row, column, value)
    book.create_sheet("Второй").append(["не тот"])
    book.save(path)
    return path


def _whole(path, name):
    sheet = calamine.load_workbook(path).get_sheet_by_name(name)
    margin = [""] * sheet.start[1]
    return {number: margin + cells for number, cells in enumerate(sheet.iter_rows(), 1)}


def _trimmed(cells):
    while cells and cells[-1] == "":
        cells = cells[:-1]
    return cells


def _filled(rows):
    return {number: _trimmed(cells) for number, cells in rows if _trimmed(cells)}


def test_pieces_give_the_rows_of_the_whole(tmp_path, small_pieces):
    path = _by_openpyxl(tmp_path / "a.xlsx")
    long = segments.find_long_sheet(path, "Контрагенты & Ко")
    assert long.last_row == 399
    assert len(list(long.pieces())) > 10
    sheet = open_workbook(path, "", Limits())
    assert (sheet.name, sheet.sheets, sheet.last_row) == ("Контрагенты & Ко", ["Контрагенты & Ко", "Второй"], 399)
    assert _filled(sheet.rows) == _filled(_whole(path, sheet.name).items())


def test_a_file_of_another_writer_with_texts_in_the_cells(tmp_path, small_pieces):
    path = tmp_path / "a.xlsx"
    write_xlsx(path, ["Название", "Оборот"], ([f"имя {n}", n] for n in range(500)), sheet="S")
    assert _filled(open_workbook(path, "S", Limits()).rows) == _filled(_whole(path, "S").items())


def test_a_short_sheet_and_one_without_row_numbers_are_not_cut(tmp_path, monkeypatch):
    path = files.xlsx(tmp_path / "a.xlsx", [files.HEADINGS, files.ROW])
    assert segments.find_long_sheet(path, "Sheet") is None
    monkeypatch.setattr(segments, "PIECE_BYTES", 10)
    assert segments.find_long_sheet(path, "Sheet")
    bare = files.raw_xlsx(tmp_path / "b.xlsx", '<row><c t="inlineStr"><is><t>Название</t></is></c></row>' * 3)
    assert segments.find_long_sheet(bare, "S") is None
    assert len(list(open_workbook(bare, "S", Limits()).rows)) == 3


@pytest.mark.parametrize("harm", ["cut", "nested"])
def test_a_fault_far_down_is_told_when_it_is_reached(harm, tmp_path, small_pieces):
    path = _by_openpyxl(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    middle = len(sheet) // 2
    parts["xl/worksheets/sheet1.xml"] = (
        sheet[:middle] if harm == "cut" else sheet[:middle] + b"</c></c>" + sheet[middle:]
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(BadInput) as refusal:
        list(open_workbook(path, "", Limits()).rows)
    assert refusal.value.key == "contacts.error.broken_file"


def test_the_first_rows_of_a_long_table_do_not_wait_for_the_last(tmp_path):
    path = tmp_path / "a.xlsx"
    write_xlsx(path, ["Название", "Комментарий"], ([f"имя {n}", "слово " * 30] for n in range(40_000)))
    with open_table(path, limits=Limits(memory_bytes=200 * 2**20)) as table:
        assert table.last_row == 40_001
        assert sum(len(chunk) for chunk in table.chunks()) == 40_000

"""Every kind of spreadsheet gives the same rows, numbered as the person sees them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_app.clients.intake import Terms
from crm_app.integrations.contacts.excel.csv_file import find_encoding, find_separator
from crm_app.integrations.contacts.excel.table import open_table, preview, read_batches
from tests.integrations.contacts.excel import files
from tests.integrations.contacts.excel.files import HEADINGS, ROW

OLD_WORKBOOK = Path(__file__).with_name("excel-97.xls")


def _read(path):
    with open_table(path) as table:
        return table.headings, list(table.rows())


@pytest.mark.parametrize(
    "make",
    [
        lambda path: files.xlsx(path, [HEADINGS, ROW]),
        lambda path: files.ods(path, [HEADINGS, ROW]),
        lambda path: files.csv_file(path, [HEADINGS, ROW]),
        lambda path: files.csv_file(path, [HEADINGS, ROW], encoding="utf-8-sig", separator=","),
        lambda path: files.csv_file(path, [HEADINGS, ROW], encoding="cp1251"),
        lambda path: files.csv_file(path, [HEADINGS, ROW], encoding="utf-16", separator="\t"),
        lambda path: files.csv_file(path, [HEADINGS, ROW], encoding="utf-16-le", separator="|"),
        lambda path: files.csv_file(path, [("sep=;",), HEADINGS, ROW]),
    ],
    ids=["xlsx", "ods", "csv", "csv with a mark", "cp1251", "utf-16", "utf-16 without its mark", "sep="],
)
def test_any_kind_of_spreadsheet_gives_the_same_table(make, tmp_path):
    headings, rows = _read(make(tmp_path / "whatever.name"))
    assert headings == list(HEADINGS)
    assert [cells[:3] for _, cells in rows] == [list(ROW)]


def test_an_old_workbook_is_read():
    headings, rows = _read(OLD_WORKBOOK)
    assert headings == ["Название", "Телефон", "Первый контакт", "Оборот"]
    assert rows == [(2, ["ООО «Ёлка»", 79151234567.0, date(2025, 2, 1), 1234.5])]


def test_rows_are_numbered_as_the_person_sees_them(tmp_path):
    path = files.xlsx(tmp_path / "a.xlsx", [[], ["Выгрузка контрагентов"], [], HEADINGS, [], ROW, ["  "], ROW])
    with open_table(path) as table:
        assert (table.heading_row, table.last_row) == (4, 8)
        assert [number for number, _ in table.rows()] == [6, 8]


def test_cells_keep_their_kind(tmp_path):
    path = files.xlsx(tmp_path / "a.xlsx", [HEADINGS, [datetime(2025, 2, 1, 10, 30), 5, True]])  # noqa: DTZ001 Excel has no zones
    assert _read(path)[1] == [(2, [datetime(2025, 2, 1, 10, 30), 5, True])]  # noqa: DTZ001


def test_the_first_visible_sheet_with_anything_in_it_is_read_unless_another_is_named(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Пустой"
    for name, state in (("Скрытый", "hidden"), ("Первый", "visible"), ("Второй", "visible")):
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        sheet.append(["Название", name])
    book.save(tmp_path / "a.xlsx")
    with open_table(tmp_path / "a.xlsx") as table:
        assert (table.sheet, table.sheets) == ("Первый", ["Пустой", "Первый", "Второй"])
    with open_table(tmp_path / "a.xlsx", sheet="Второй") as table:
        assert table.headings == ["Название", "Второй"]


def test_long_cells_travel_in_smaller_chunks(tmp_path):
    path = files.csv_file(tmp_path / "a.csv", [HEADINGS, *[("я" * 60_000, "", "")] * 500])
    with open_table(path) as table:
        sizes = [len(chunk) for chunk in table.chunks()]
    assert sum(sizes) == 500 and max(sizes) < 200


def test_a_long_table_comes_in_chunks_of_a_thousand_and_the_first_sooner(tmp_path):
    path = files.csv_file(tmp_path / "a.csv", [HEADINGS, *[ROW] * 2_500])
    batches = read_batches(path, ["name", "phones", "emails"], Terms({"duplicates": True}))
    assert [len(batch.prepared) for batch in batches] == [200, 1000, 1000, 300]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "cp866", "koi8-r", "mac-cyrillic"])
def test_russian_is_read_in_any_encoding(encoding, tmp_path):
    text = (
        files.csv_text([HEADINGS, ROW, ("АНДРЕЕВ АНДРЕЙ", "8 (495) 123-45-67", "a@b.ru")])
        .replace("«", '"')
        .replace("»", '"')
    )
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    assert path.read_bytes().decode(find_encoding(path)) == text


_WORDS = st.text("абвгдежё АБВ;,.123", min_size=1, max_size=12).filter(str.strip)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(_WORDS, min_size=3, max_size=3), min_size=2, max_size=8), st.sampled_from(";,\t|"))
def test_the_separator_is_found(rows, separator):
    quoted = [['"' + cell + '"' for cell in row] for row in rows]
    assert find_separator(files.csv_text(quoted, separator)) == separator


def test_cells_with_separators_and_line_breaks_stay_whole(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('Название;Комментарий\r\n"ООО ""Ёлка; и Ко""";"две\r\nстроки"\r\n', encoding="utf-8")
    assert _read(path)[1] == [(2, ['ООО "Ёлка; и Ко"', "две\r\nстроки"])]


def test_a_preview_shows_the_first_rows_and_what_the_columns_feed():
    seen = preview(files.SAMPLES / "clients-300-cp1251.csv", rows=5)
    assert [number for number, _ in seen.rows] == [2, 3, 4, 5, 6]
    assert seen.fields == ["name", "phones", "emails", "city", "responsible", "note"]

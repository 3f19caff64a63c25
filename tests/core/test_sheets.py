"""Tables out, read back by other readers: what was a text is a text."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_app.core.money import Money
from crm_app.core.sheets import disarm, disarmed_back, sheet_name, write_csv, write_xlsx

HOSTILE = [
    "=1+1", '=HYPERLINK("http://evil.example","x")', "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1+1", "\r=1+1",
    "http://evil.example", "mailto:a@b.ru", "file:///etc/passwd", "{=1+1}", "0123456789", "1e5",
    "<script>alert(1)</script>",
    "Ёлка «и» Ко", "две\nстроки", '"; "', "'=1", "🎄",
]  # fmt: skip


def _xlsx(headings, rows, **options):
    target = io.BytesIO()
    write_xlsx(target, headings, rows, **options)
    return openpyxl.load_workbook(target).worksheets[0]


def _csv(headings, rows):
    target = io.BytesIO()
    write_csv(target, headings, rows)
    return target.getvalue()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_only_a_text_in_a_workbook(text):
    cell = _xlsx(["Название"], [[text]])["A2"]
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    assert cell.value == text.replace("\r", "")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_disarmed_in_a_text_table(text):
    raw = _csv(["Название"], [[text]])
    (cell,) = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))[1]
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert disarmed_back(cell) == (text if not text.startswith("'=") else text[1:])


@given(st.text())
def test_no_text_is_armed_after_disarming(text):
    assert not disarm(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert disarmed_back(disarm(text)) == text or text.startswith("'")


def test_values_keep_their_kind_in_a_workbook():
    moment = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    row = ["А", 5, 1.5, True, None, date(2025, 2, 1), moment, Money(123450), Decimal("7.25")]
    sheet = _xlsx([f"c{n}" for n in range(9)], [row], zone=ZoneInfo("Europe/Moscow"))
    values = [cell.value for cell in sheet[2]]
    assert values[:5] == ["А", 5, 1.5, True, None]
    assert values[5].date() == date(2025, 2, 1)
    assert values[6].isoformat() == "2026-11-22T12:30:00"
    assert values[7:] == [1234.5, 7.25]


def test_a_text_table_is_opened_by_excel_as_it_is():
    raw = _csv(["Название", "Оборот", "Дата"], [["Ёлка; и Ко", Money(123450), date(2025, 2, 1)], ["Б", -1.5, None]])
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig").splitlines() == [
        "Название;Оборот;Дата",
        '"Ёлка; и Ко";1234,50;01.02.2025',
        "Б;-1,5;",
    ]


def test_headings_may_repeat_and_a_table_may_be_empty():
    assert [cell.value for cell in _xlsx(["Телефон", "Телефон"], [])[1]] == ["Телефон", "Телефон (2)"]


def test_a_text_longer_than_excel_holds_is_cut():
    assert len(_xlsx(["А"], [["я" * 40_000]])["A2"].value) == 32_767


def test_rows_are_taken_one_at_a_time(tmp_path):
    taken = 0

    def rows():
        nonlocal taken
        for taken in range(1, 5_001):
            yield ["x", taken]

    write_xlsx(tmp_path / "a.xlsx", ["А", "Б"], rows())
    assert taken == 5_000
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0].max_row == 5_001


@settings(max_examples=30)
@given(st.text(max_size=40))
def test_any_name_becomes_one_that_a_sheet_may_have(name):
    assert _xlsx(["А"], [["x"]], sheet=name).title == sheet_name(name)

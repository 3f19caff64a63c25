"""The template comes back recognised, the report of bad rows can be mended and imported, a formula stays text."""

from __future__ import annotations

import io

import openpyxl

from crm_app.core.i18n import LOCALES
from crm_app.core.sheets import write_csv, write_xlsx
from crm_app.integrations.contacts.excel.fields import FIELDS
from crm_app.integrations.contacts.excel.report import write_report
from crm_app.integrations.contacts.excel.table import preview
from crm_app.integrations.contacts.excel.template import make_template
from tests.integrations.contacts.excel.files import SAMPLES, drafts_of, read_xlsx, xlsx

FORMULA = '=HYPERLINK("http://evil.example","x")'


def _names(path):
    fields = preview(path).fields
    return [each.draft.name for each in drafts_of(path, fields)]


def test_every_column_of_the_template_is_recognised_in_both_languages(tmp_path):
    for locale in LOCALES:
        path = tmp_path / f"{locale}.xlsx"
        path.write_bytes(make_template(locale, {"type": ["Клиент"], "status": ["Текущий"]}))
        seen = preview(path)
        assert seen.rows == []
        assert set(seen.fields) == {field.name for field in FIELDS} - {"last_name", "first_name", "patronymic"}


def test_the_template_offers_lists_and_keeps_long_numbers_whole():
    book = openpyxl.load_workbook(io.BytesIO(make_template("ru", {"type": ["=1+1", "Клиент"], "status": ["Текущий"]})))
    sheet, lists = book.worksheets
    assert lists.sheet_state == "hidden"
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    heads = {sheet.cell(1, column).value: column for column in range(1, sheet.max_column + 1)}
    for heading, values in (("Компания или человек", ["компания", "человек"]), ("Тип", ["=1+1", "Клиент"])):
        column = heads[heading]
        assert rules[sheet.cell(2, column).coordinate].type == "list"
        cells = [lists.cell(row, column) for row in (1, 2)]
        assert [(cell.value, cell.data_type) for cell in cells] == [(value, "s") for value in values]
    account = sheet.cell(1, heads["Расчётный счёт"]).column_letter
    assert sheet.column_dimensions[account].number_format == "@"
    assert sheet["A1"].comment.text.startswith("Обязательно")


def test_a_formula_for_a_name_stays_text_in_and_out(tmp_path):
    first = xlsx(tmp_path / "in.csv", [["Название"]])
    first.write_text(f'Название;Телефон\n"{FORMULA.replace(chr(34), chr(34) * 2)}";+79151234567\n', encoding="utf-8")
    for kind, write in (("xlsx", write_xlsx), ("csv", write_csv)):
        path = tmp_path / f"out.{kind}"
        with path.open("wb") as target:
            write(target, ["Название", "Телефон"], [[name, "+79151234567"] for name in _names(first)])
        assert _names(path) == [FORMULA]
        assert drafts_of(path, ["name", "phones"])[0].draft.phones == ("+79151234567",)


def test_the_report_names_each_bad_row_and_comes_back_as_a_file_to_import(tmp_path):
    source = SAMPLES / "clients-4940.xlsx"
    seen = preview(source)
    headings = [column.heading for column in seen.columns]
    bad = [each for each in drafts_of(source, seen.fields) if each.problems]
    path = tmp_path / "report.xlsx"
    write_report(path, headings, ((each.row, each.cells, each.problems) for each in bad), "ru")

    head, *rows = read_xlsx(path)
    assert head == ["Строка", "Что не так", "Загружена", *headings]
    assert [row[0] for row in rows] == [each.row for each in bad]
    assert sum(row[2] == "да" for row in rows) == 10
    assert all(row[1].startswith(tuple(headings)) for row in rows)

    again = preview(path)
    assert again.fields == ["", "", "", *seen.fields]
    second = drafts_of(path, again.fields)
    assert [each.draft for each in second] == [each.draft for each in bad]

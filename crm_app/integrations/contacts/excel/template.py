"""The workbook to download and fill: headings that are recognised, hints, and lists to choose from."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from crm_app.clients.importer import CLIENT
from crm_app.core.i18n import text
from crm_app.core.sheets import sheet_name
from crm_app.integrations.contacts.excel.fields import Field, fields_of

_LEFT_OUT = {CLIENT: frozenset({"last_name", "first_name", "patronymic"}), "contact": frozenset({"name"})}
_AS_TEXT = frozenset({"phones", "inn", "kpp", "ogrn", "bic", "account", "corr_account", "accounts"})
_DATES = frozenset({"first_contact", "birthday"})
_WIDE = frozenset({"name", "address", "note", "contact_name"})
_ROWS = 10_000
_HEAD = PatternFill("solid", start_color="E8EEF7")


def make_template(locale: str, words: Mapping[str, Sequence[str]] | None = None, card: str = CLIENT) -> bytes:
    """An .xlsx. words: by field those that the installation knows, to choose from; others may be typed."""
    book = Workbook()
    sheet: Worksheet = book.active
    sheet.title = sheet_name(text(f"contacts.template.sheet.{card}", locale))
    sheet.freeze_panes = "A2"
    kinds = [text(f"contacts.kind.{kind}", locale) for kind in ("company", "person")]
    choices = {"kind": kinds, **(words or {})}
    left_out = _LEFT_OUT.get(card, frozenset())
    lists = book.create_sheet("lists")
    lists.sheet_state = "hidden"
    for column, field in enumerate((field for field in fields_of(card) if field.name not in left_out), 1):
        _add_column(sheet, column, field, locale)
        if choices.get(field.name):
            _add_choice(sheet, lists, column, choices[field.name], is_closed=field.name == "kind")
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def _add_column(sheet: Worksheet, column: int, field: Field, locale: str) -> None:
    letter = get_column_letter(column)
    head = sheet.cell(1, column, text(field.key, locale))
    head.font, head.fill = Font(bold=True), _HEAD
    sheet.column_dimensions[letter].width = 36 if field.name in _WIDE else 18
    hint = _hint(field)
    if hint:
        head.comment = Comment(text(f"contacts.template.{hint}", locale), "Kartoteka")
    if field.name in _AS_TEXT:  # or Excel drops zeros in front and rounds long numbers
        sheet.column_dimensions[letter].number_format = "@"
    if field.name in _DATES:
        sheet.column_dimensions[letter].number_format = "DD.MM.YYYY"


def _hint(field: Field) -> str:
    if field.name == "name" and field.card == CLIENT:
        return "required"
    if field.name in ("kind", "type", "status", "source", "channel"):
        return "choose"
    return "several" if field.name in ("phones", "emails", "tags") else ""


def _add_choice(sheet: Worksheet, lists: Worksheet, column: int, values: Sequence[str], *, is_closed: bool) -> None:
    """A drop-down list. The values lie on a hidden sheet: written in the rule itself they may not pass 255 signs."""
    letter = get_column_letter(column)
    for row, value in enumerate(values, 1):
        cell = lists.cell(row, column, value)
        cell.data_type = "s"  # never a formula
    rule = DataValidation("list", formula1=f"lists!${letter}$1:${letter}${len(values)}", showErrorMessage=is_closed)
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{_ROWS}")

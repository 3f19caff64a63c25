"""Spreadsheets and address books as a source of cards: the plug-in behind clients/importer.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from crm_app.clients import importer
from crm_app.clients.drafts import Problem
from crm_app.clients.importer import CLIENT
from crm_app.clients.intake import Batch, Terms
from crm_app.integrations.contacts.excel import report, table
from crm_app.integrations.contacts.excel.cells import cell_text
from crm_app.integrations.contacts.excel.fields import fields_of
from crm_app.integrations.contacts.excel.guard import LIMITS
from crm_app.integrations.contacts.excel.rows import Drafter

PREVIEW_ROWS = 20
LONGEST_SHOWN = 80


class ExcelSource:
    """.xlsx, .xls, .ods, .csv and .vcf."""

    key = "excel"
    largest_file = LIMITS.file_bytes
    endings = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".vcf")

    def fields(self, card: str = CLIENT) -> list[importer.SourceField]:
        return [importer.SourceField(field.name, field.key) for field in fields_of(card)]

    def preview(self, path: Path, sheet: str = "", card: str = CLIENT) -> importer.Preview:
        seen = table.preview(path, sheet=sheet, card=card)
        shown = [
            [str(number), *(cell_text(cell)[:LONGEST_SHOWN] for cell in cells)]
            for number, cells in seen.rows[:PREVIEW_ROWS]
        ]
        return {
            "columns": [{"heading": column.heading, "field": column.field} for column in seen.columns],
            "rows": shown,
            "last_row": seen.last_row or 0,
            "sheet": seen.sheet,
            "sheets": seen.sheets,
        }

    def batches(
        self, path: Path, mapping: Sequence[str], terms: Terms, sheet: str = "", card: str = CLIENT
    ) -> Iterator[Batch]:
        return table.read_batches(path, mapping, terms, sheet=sheet, card=card)

    def take(
        self, rows: Iterable[tuple[int, list[str]]], headings: Sequence[str], mapping: Sequence[str], terms: Terms
    ) -> Batch:
        drafter = Drafter(headings, mapping, only_adds=terms.only_adds, form=terms.intake)
        return terms.intake(terms).take((number, *drafter.draft(number, cells)) for number, cells in rows)

    def write_report(
        self, target: Path | BinaryIO, path: Path, faulty: Mapping[int, Sequence[Problem]], sheet: str, locale: str,
        card: str = CLIENT,
    ) -> None:  # fmt: skip
        bad = {row for row, problems in faulty.items() if any(problem.level == "error" for problem in problems)}
        with table.open_table(path, sheet=sheet, card=card) as opened:
            headings = opened.headings
        # twice through the file, so that the bad rows come first and none has to be kept in memory
        ordered = chain(_texts(path, sheet, card, bad), _texts(path, sheet, card, faulty.keys() - bad))
        report.write_report(target, headings, ((row, cells, faulty[row]) for row, cells in ordered), locale)

    def template(self, locale: str, words: Mapping[str, Sequence[str]], card: str = CLIENT) -> bytes:
        from crm_app.integrations.contacts.excel import (
            template,  # openpyxl takes longer to load than most files to read
        )

        return template.make_template(locale, words, card)


def _texts(path: Path, sheet: str, card: str, wanted: Set[int]) -> Iterator[tuple[int, list[str]]]:
    """The rows of those numbers, as texts."""
    if not wanted:
        return
    with table.open_table(path, sheet=sheet, card=card) as opened:
        for number, cells in opened.rows():
            if number in wanted:
                yield number, [cell_text(cell) for cell in cells]


PLUGIN = ExcelSource()

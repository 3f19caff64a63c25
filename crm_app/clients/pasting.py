"""Rows pasted from a spreadsheet, as a table that the importer reads. CSV and address books pass as they are."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

LARGEST_PASTE = 2 * 2**20
"""Bytes: some ten thousand rows. More than that is slow to hold for a browser, and is a file's work."""

_CELL = re.compile(r'"((?:[^"\t]|"")*)"(?=[\t\r\n]|\Z)|([^\t\r\n]*)')
"""A cell in quotes, or a bare one. Programs quote a cell with a line break in it and leave other quotes alone, so
that a cell may begin with a quote that nothing closes. It shall not swallow the rows below up to another such sign, so
a cell in quotes has no tab: in a spreadsheet none can be typed."""


def as_table(pasted: str) -> str:
    """Tab separated text with each cell in quotes: no cell can then be taken for two, nor two rows for one.

    What has no tab in its first line that says something is given back as it is.
    """
    text = pasted.removeprefix("\ufeff")
    first = next((line for line in text.splitlines() if line.strip()), "")
    if "\t" not in first:
        return text
    table = io.StringIO()
    csv.writer(table, delimiter="\t", quoting=csv.QUOTE_ALL).writerows(_rows(text))
    return table.getvalue()


def _rows(text: str) -> Iterator[list[str]]:
    """Every row, blank ones too, so that numbers of rows stay those of the lines."""
    row: list[str] = []
    at, end = 0, len(text)
    while at < end:
        cell = _CELL.match(text, at)
        assert cell is not None  # the second form fits anything, even nothing
        quoted = cell.group(1)
        row.append(cell.group(2) if quoted is None else quoted.replace('""', '"'))
        at = cell.end()
        sign = text[at : at + 1]
        at += 2 if text.startswith("\r\n", at) else 1
        if sign != "\t":
            yield row
            row = []
        elif at >= end:
            row.append("")
    if row:
        yield row

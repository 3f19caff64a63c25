"""What cells of an address book have that a table of clients has not: many values in one, birthdays without a year."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from crm_app.core.folding import fold
from crm_app.integrations.contacts.excel.cells import Cell
from crm_app.integrations.contacts.excel.google import google_value

BETWEEN = " ::: "
"""What Google puts between the values of one cell."""

_OF_GOOGLE = re.compile(
    r".* \d+ - (?:value|name|title|formatted|street|city|region|country|po box|postal code|extended address)"
    r"|labels|group membership"
)
_YEARLESS = re.compile(r"--(\d\d)-?(\d\d)", re.ASCII)
_LEAP_YEAR = 2000

Convert = Callable[[Cell, list[Any]], None]


def one_by_one(heading: str, convert: Convert) -> Convert:
    """How a column's cells are taken, each value by itself where the heading is one of Google's."""
    if not _OF_GOOGLE.fullmatch(fold(heading)):
        return convert

    def convert_each(cell: Cell, wire: list[Any]) -> None:
        values = cell.split(BETWEEN) if isinstance(cell, str) else [cell]
        for value in values:
            if value != "":
                convert(google_value(heading, value) if isinstance(value, str) else value, wire)

    return convert_each


def day_of_year(text: str) -> str:
    """ "--05-12" as "12.05"; "" where it is no day of any year."""
    parts = _YEARLESS.fullmatch(text.strip())
    if not parts:
        return ""
    try:
        return date(_LEAP_YEAR, int(parts[1]), int(parts[2])).strftime("%d.%m")
    except ValueError:
        return ""

"""Tables out: .xlsx and .csv from a generator of rows, however many, with texts that never become formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from crm_app.core.money import Money

Value = str | int | float | bool | Decimal | Money | date | datetime | None
Target = Path | BinaryIO

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"

_LONGEST_CELL = 32_767
_WIDTH = 22.0
_ARMED = ("=", "+", "-", "@", "\t", "\r")
_CONTROLS = {code: None for code in range(32) if code not in (9, 10)} | {127: None}
_NOT_IN_SHEET_NAMES = str.maketrans("[]:*?/\\'", "()      ")


def write_xlsx(
    target: Target, headings: Sequence[str], rows: Iterable[Sequence[Value]], *, sheet: str = "", zone: tzinfo = UTC
) -> None:
    """A workbook of one sheet, about 30,000 rows a second, of which one is in memory at a time.

    Texts stay texts, also those that begin like a formula or a link. zone: in which moments are shown. Longer texts
    than Excel holds are cut.
    """
    import rustpy_xlsxwriter  # a parser of strangers' files, which writes none, is not to wait for it

    names = _unique(headings)
    rustpy_xlsxwriter.write_worksheet(
        _records(names, rows, zone),
        str(target) if isinstance(target, Path) else target,
        sheet_name=sheet_name(sheet),
        freeze_row=1,
        bold_headers=True,
        column_width=_WIDTH,
        datetime_format="dd.mm.yyyy hh:mm",
    )


def write_counted(target: Target, headings: Sequence[str], rows: Iterable[Sequence[Value]], sheet: str) -> int:
    """The same; gives the number of rows."""
    written = 0

    def counted() -> Iterator[Sequence[Value]]:
        nonlocal written
        for written, row in enumerate(rows, start=1):  # noqa: B007
            yield row

    write_xlsx(target, headings, counted(), sheet=sheet)
    return written


def _records(names: list[str], rows: Iterable[Sequence[Value]], zone: tzinfo) -> Iterator[dict[str, Any]]:
    """The writer's form; an empty table still has its headings."""
    is_empty = True
    for row in rows:
        is_empty = False
        yield dict(zip(names, (_cell(value, zone) for value in row), strict=True))
    if is_empty:
        yield dict.fromkeys(names)


def write_csv(
    target: BinaryIO,
    headings: Sequence[str],
    rows: Iterable[Sequence[Value]],
    *,
    separator: str = ";",
    zone: tzinfo = UTC,
) -> None:
    """A text table that Excel opens by a double click: UTF-8 with its mark, `;`, and `'` before what would run."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, delimiter=separator)
    writer.writerow([disarm(heading) for heading in headings])
    writer.writerows([_text(value, zone) for value in row] for row in rows)
    text.flush()
    text.detach()


def disarm(text: str) -> str:
    """A text that a spreadsheet would take for a formula gets a `'` in front. Source: OWASP, CSV Injection."""
    return f"'{text}" if text.startswith(_ARMED) else text


def disarmed_back(text: str) -> str:
    """The way back, for what we exported ourselves."""
    return text[1:] if text[:1] == "'" and text[1:2] in _ARMED else text


def sheet_name(name: str) -> str:
    """A name that Excel takes: at most 31 signs, none of []:*?/\\' ; never empty."""
    kept = "".join(char for char in name.translate(_NOT_IN_SHEET_NAMES) if char.isprintable())
    return kept.strip()[:31].strip() or "Sheet1"


def _unique(headings: Sequence[str]) -> list[str]:
    """The writer tells columns apart by their headings: "Телефон", "Телефон (2)"."""
    names: list[str] = []
    for heading in headings:
        name, number = heading, 1
        while name in names:
            number += 1
            name = f"{heading} ({number})"
        names.append(name)
    return names


def _cell(value: Value, zone: tzinfo) -> Any:
    if isinstance(value, str):
        text = value if value.isprintable() else value.translate(_CONTROLS)
        return text[:_LONGEST_CELL]
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, Money):
        return float(value.amount)
    return float(value) if isinstance(value, Decimal) else value


def _text(value: Value, zone: tzinfo) -> str:
    if isinstance(value, str):
        return disarm(value.replace("\x00", ""))
    if isinstance(value, datetime):
        return f"{value.astimezone(zone) if value.tzinfo else value:%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, Money):
        return str(value.amount).replace(".", ",")
    if isinstance(value, float | Decimal):
        return str(value).replace(".", ",")
    return "" if value is None else str(value)

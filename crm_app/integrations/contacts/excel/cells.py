"""A cell's value, and the same as text."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

Cell = str | int | float | bool | date | datetime | time | timedelta | None

_MARK = "\x00date"
_CONTROLS = {code: None for code in range(32) if code not in (9, 10)} | {127: None}


def cell_text(cell: Cell) -> str:
    """The cell as a person would read it aloud: 79151234567.0 is "79151234567", the first of May is "01.05.2025".

    Signs that can't be seen or stored (NUL and its like) are left out, spaces at the ends too.
    """
    if isinstance(cell, str):
        if cell.isprintable():
            return cell.strip()
        return cell.replace("\r\n", "\n").translate(_CONTROLS).replace("\xa0", " ").strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "да" if cell else "нет"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.strftime("%d.%m.%Y %H:%M") if cell.time() else cell.strftime("%d.%m.%Y")
    if isinstance(cell, date):
        return cell.strftime("%d.%m.%Y")
    return str(cell)


def is_blank(cell: Cell) -> bool:
    """No value, or only spaces."""
    return cell is None or cell == "" or (isinstance(cell, str) and cell.isspace())


def to_json(cell: object) -> Any:
    """What JSON has no form for: dates as a marked text, other times as text."""
    if isinstance(cell, datetime | date):
        return {_MARK: cell.isoformat()}
    return str(cell)


def from_json(value: Any) -> Cell:
    """The way back from to_json."""
    if not isinstance(value, dict):
        return value
    marked = value[_MARK]
    return datetime.fromisoformat(marked) if "T" in marked else date.fromisoformat(marked)

"""Dates as people write them. The day comes first, unless that is impossible and the month first is not."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from crm_app.core.errors import BadInput

FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)

_EXCEL_ZERO = date(1899, 12, 30)
_YEAR_FIRST = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4}|\d{2})", re.ASCII)
_BY_WORD = re.compile(r"(\d{1,2})(?:-?го|st|nd|rd|th)?\s+([a-zа-яё]+)\.?,?\s+(\d{4})")
_WORD_FIRST = re.compile(r"([a-zа-яё]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_TIME = re.compile(r"[T\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]m|z|[+-]\d{2}:?\d{2})?$", re.IGNORECASE)
_YEAR_WORD = re.compile(r"\s*(?:г\.?|года?)$")

_MONTHS = ("янв jan", "фев feb", "мар mar", "апр apr", "мая май may", "июн jun", "июл jul", "авг aug", "сен sep",
           "окт oct", "ноя nov", "дек dec")  # fmt: skip
_MONTH_BY_START = {start: number for number, starts in enumerate(_MONTHS, 1) for start in starts.split()}


def parse_date(value: str | float | date | datetime) -> date:
    """A date from a cell: a date, a serial number of Excel, or words and digits in many ways. Raises BadInput.

    "01.02.2025", "2025-02-01", "1/2/25", "1 февраля 2025 г.", "Feb 1, 2025" are all the first of February.
    Two digits of a year: 00 to 49 are of this century.
    """
    if isinstance(value, datetime):
        return _bounded(value.date(), str(value))
    if isinstance(value, date):
        return _bounded(value, str(value))
    if isinstance(value, str):
        return _parse_written(value)
    if 1 <= value < 200_000:
        return _bounded(_EXCEL_ZERO + timedelta(days=int(value)), str(value))
    raise _problem("date_unreadable", str(value))


@lru_cache(maxsize=8192)
def _parse_written(text: str) -> date:
    plain = text.strip()
    if len(plain) > 10:
        plain = _YEAR_WORD.sub("", _TIME.sub("", plain).rstrip(" ,").casefold())
    if parts := _YEAR_FIRST.fullmatch(plain):
        return _build(int(parts[1]), int(parts[2]), int(parts[3]), text)
    if parts := _DAY_FIRST.fullmatch(plain):
        return _build_day_first(int(parts[1]), int(parts[2]), parts[3], text)
    plain = _YEAR_WORD.sub("", plain.casefold())
    if parts := _DAY_FIRST.fullmatch(plain):
        return _build_day_first(int(parts[1]), int(parts[2]), parts[3], text)
    if parts := _BY_WORD.fullmatch(plain):
        return _build(int(parts[3]), _month(parts[2], text), int(parts[1]), text)
    if parts := _WORD_FIRST.fullmatch(plain):
        return _build(int(parts[3]), _month(parts[1], text), int(parts[2]), text)
    raise _problem("date_unreadable", text)


def _build_day_first(day: int, month: int, year: str, text: str) -> date:
    if month > 12 >= day:
        day, month = month, day
    full_year = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 50 else 1900)
    return _build(full_year, month, day, text)


def _month(word: str, text: str) -> int:
    number = _MONTH_BY_START.get(word[:3])
    if number is None:
        raise _problem("date_unreadable", text)
    return number


def _build(year: int, month: int, day: int, text: str) -> date:
    try:
        return _bounded(date(year, month, day), text)
    except ValueError as error:
        raise _problem("date_impossible", text) from error


def _bounded(day: date, text: str) -> date:
    if not FIRST <= day <= LAST:
        raise _problem("date_too_far", text)
    return day


def _problem(code: str, value: str) -> BadInput:
    return BadInput(f"contact.problem.{code}", field="date", value=value)


def instant_text(moment: datetime) -> str:
    """A moment as it is stored in JSON: texts of that form sort as their moments do."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""Days, moments and periods as filters name them: "2026-11-22", "today-7", "2026-11-22T10:00:00Z", "last_30_days".

A period is "today", "yesterday", "tomorrow"; "this", "last" or "next" with "week", "month", "quarter" or "year";
"last_30_days" and "next_30_days", today among them; "over_90_days_ago", whatever was before that; or a first and a last
day, of which one may be left out: "2026-01-01..2026-03-31", "..today-7".
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crm_app.core.actor import Actor
from crm_app.core.settings import settings

Days = tuple[date | None, date | None]
"""The first and the last day of a period; None where it has no beginning or no end."""
Span = tuple[datetime | None, datetime | None]
"""From a moment on and before another one, in UTC; None as for Days."""

_RELATIVE = re.compile(r"today(?:([+-]\d{1,4}))?", re.ASCII)
_SOME_DAYS = re.compile(r"(last|next)_(\d{1,4})_days|over_(\d{1,4})_days_ago", re.ASCII)
_BY_CALENDAR = re.compile(r"(last|this|next)_(week|month|quarter|year)")
_NEAR = {"today": 0, "yesterday": -1, "tomorrow": 1}
NAMED = (
    *_NEAR,
    *(f"{step}_{unit}" for unit in ("week", "month", "quarter", "year") for step in ("last", "this", "next")),
)
"""The periods that have a name of their own."""
_WHOLE_YEAR, _SHORT_FEBRUARY = (101, 1231), 228
_STEPS = {"last": -1, "this": 0, "next": 1}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def zone_of(actor: Actor) -> ZoneInfo:
    """The time zone in which an actor's days begin and end."""
    return ZoneInfo(actor.timezone) if actor.timezone else settings().timezone


def read_day(value: Any, today: date) -> date:
    """A day: an ISO date, or so many days from today. Raises ValueError or TypeError."""
    if not isinstance(value, str):
        raise TypeError
    relative = _RELATIVE.fullmatch(value)
    if relative:
        return today + timedelta(days=int(relative[1] or 0))
    return date.fromisoformat(value)


def read_span(value: Any, today: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The span that a value names, in UTC: a whole day in that zone, or one moment (start and end are the same).

    Raises ValueError or TypeError; also for a moment without a zone.
    """
    if isinstance(value, str) and "T" in value:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("a moment without a zone")
        return moment.astimezone(UTC), moment.astimezone(UTC)
    day = read_day(value, today)
    start, end = (datetime.combine(d, time(), zone).astimezone(UTC) for d in (day, day + timedelta(days=1)))
    return start, end


def read_period(value: Any, today: date) -> Days:
    """The days of a period. Raises ValueError or TypeError for what is none, and where it ends before it begins."""
    if not isinstance(value, str):
        raise TypeError
    if value in _NEAR:
        day = today + timedelta(days=_NEAR[value])
        return day, day
    if some := _SOME_DAYS.fullmatch(value):
        return _some_days(some[1], int(some[2] or some[3]), today)
    if named := _BY_CALENDAR.fullmatch(value):
        return _by_calendar(_STEPS[named[1]], named[2], today)
    first, dots, last = value.partition("..")
    days = (read_day(first, today) if first else None), (read_day(last, today) if last else None)
    if not dots or days == (None, None) or (days[0] and days[1] and days[0] > days[1]):
        raise ValueError
    return days


def read_yearly(value: Any, today: date) -> list[tuple[int, int]]:
    """The days of a year that a period covers, whatever the year: first and last ones as month * 100 + day.

    [(1225, 1231), (101, 107)] of one that goes on over New Year. The 29th of February is kept on the 28th where there
    is none. Raises as read_period; ValueError also for a period without a beginning or without an end.
    """
    first, last = read_period(value, today)
    if first is None or last is None:
        raise ValueError
    if last + timedelta(days=1) >= _a_year_later(first):
        return [_WHOLE_YEAR]
    start, end = _year_day(first), _year_day(last)
    if end == _SHORT_FEBRUARY and not isleap(last.year):
        end += 1
    return [(start, end)] if start <= end else [(start, _WHOLE_YEAR[1]), (_WHOLE_YEAR[0], end)]


def period_span(value: Any, today: date, zone: ZoneInfo) -> Span:
    """The moments of a period, whose days are those of a zone. Raises as read_period."""
    first, last = read_period(value, today)
    return _midnight(first, zone), _midnight(last + timedelta(days=1), zone) if last else None


def _year_day(day: date) -> int:
    return day.month * 100 + day.day


def _a_year_later(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(day.year + 1, 3, 1) if is_leap_day else day.replace(year=day.year + 1)


def _some_days(way: str | None, count: int, today: date) -> Days:
    if way is None:
        return None, today - timedelta(days=count + 1)
    if count < 1:
        raise ValueError
    rest = timedelta(days=count - 1)
    return (today - rest, today) if way == "last" else (today, today + rest)


def _by_calendar(step: int, unit: str, today: date) -> Days:
    if unit == "week":
        monday = today + timedelta(days=7 * step - today.weekday())
        return monday, monday + timedelta(days=6)
    size = _MONTHS[unit]
    start = (today.year * 12 + today.month - 1) // size * size + step * size
    year, month = divmod(start + size - 1, 12)
    return date(start // 12, start % 12 + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1])


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), zone).astimezone(UTC)

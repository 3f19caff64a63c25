"""When the company works, and arithmetic in working time: pure, so that every case can be tried.

add_working(calendar, monday_17_00, timedelta(hours=2))    # → Tuesday 10:00, where it works from 9 to 18
working_between(calendar, friday_17_00, monday_10_00)      # → two hours
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm_app.core.errors import BadInput
from crm_app.core.folding import one_line

Hours = tuple[int, int]
"""From and to, in minutes since midnight: (540, 1080) is 9:00–18:00, (0, 1440) the whole day."""
_CLOCK = re.compile(r"(\d{1,2})(?:[:., -]?(\d\d))?", re.ASCII)
WHOLE_DAY: Hours = (0, 1440)
EVERY_HOUR: tuple[Hours | None, ...] = (WHOLE_DAY,) * 7
SHORTEST_MINUTES = 60
"""A week has to have so much working time at least, so that a limit ends some day."""
MOST_DAYS, LONGEST_NAME = 1_000, 100
FARTHEST = timedelta(days=3660)
"""Farther ahead no working time is looked for."""


@dataclass(frozen=True)
class Calendar:
    """Working hours by day. week: from Monday, None for a day off; days: those that differ from it."""

    zone: ZoneInfo
    week: tuple[Hours | None, ...] = EVERY_HOUR
    days: Mapping[date, Hours | None] = field(default_factory=dict)

    @property
    def is_always(self) -> bool:
        """Whether every hour is a working one, as where nobody has said anything."""
        return not self.days and self.week == EVERY_HOUR


def hours_on(calendar: Calendar, day: date) -> Hours | None:
    """The hours of a day, None for a day off."""
    return calendar.days[day] if day in calendar.days else calendar.week[day.weekday()]


def is_working(calendar: Calendar, at: datetime) -> bool:
    """Whether the company works at a moment."""
    span = _span(calendar, _day(calendar, at))
    return span is not None and span[0] <= at < span[1]


def add_working(calendar: Calendar, at: datetime, amount: timedelta) -> datetime:
    """The first moment by which so much working time has passed; at most FARTHEST ahead."""
    if calendar.is_always or amount <= timedelta():
        return at + max(amount, timedelta())
    left, day, end = amount, _day(calendar, at), at + FARTHEST
    while _midnight(calendar, day) < end:
        span = _span(calendar, day)
        day += timedelta(days=1)
        if span is None or span[1] <= at:
            continue
        begin = max(span[0], at)
        if span[1] - begin >= left:
            return min(begin + left, end)
        left -= span[1] - begin
    return end


def add_working_days(calendar: Calendar, at: datetime, count: int) -> datetime:
    """The same time of day so many working days later; at most FARTHEST ahead."""
    local = at.astimezone(calendar.zone)
    day, last = local.date(), (local + FARTHEST).date()
    while count > 0 and day < last:
        day += timedelta(days=1)
        count -= hours_on(calendar, day) is not None
    return datetime.combine(day, local.timetz()).astimezone(UTC)


def working_between(calendar: Calendar, one: datetime, other: datetime) -> timedelta:
    """How much working time lies from one moment to another; nothing where the other is not later."""
    if calendar.is_always:
        return max(other - one, timedelta())
    total, day, last = timedelta(), _day(calendar, one), _day(calendar, other)
    while day <= last:
        span = _span(calendar, day)
        day += timedelta(days=1)
        if span is not None:
            total += max(min(span[1], other) - max(span[0], one), timedelta())
    return total


def working_days_passed(calendar: Calendar, at: datetime, until: datetime, most: int) -> int:
    """How many working days have passed by the wall clock, `most` at most: each day counts at the hour of `at`.

    What came on Friday at noon is one working day old on Monday at noon, where nobody works at the weekend.
    """
    begin, end = at.astimezone(calendar.zone), until.astimezone(calendar.zone)
    days = (end.date() - begin.date()).days - (end.time() < begin.time())
    if calendar.is_always:
        return max(0, min(days, most))
    passed = 0
    for ahead in range(1, days + 1):
        if passed >= most:
            break
        passed += hours_on(calendar, begin.date() + timedelta(days=ahead)) is not None
    return passed


def _day(calendar: Calendar, at: datetime) -> date:
    return at.astimezone(calendar.zone).date()


def _midnight(calendar: Calendar, day: date) -> datetime:
    return _moment(calendar, day, 0)


def _span(calendar: Calendar, day: date) -> tuple[datetime, datetime] | None:
    """The working time of a day in UTC; None where there is none, as where clocks are put forward over all of it."""
    hours = hours_on(calendar, day)
    if hours is None:
        return None
    begin, end = (_moment(calendar, day, minute) for minute in hours)
    return (begin, end) if begin < end else None


def _moment(calendar: Calendar, day: date, minute: int) -> datetime:
    """What the wall clock shows on a day. In UTC, since two moments of one zone compare by their clocks alone."""
    if minute == WHOLE_DAY[1]:
        day, minute = day + timedelta(days=1), 0
    return datetime.combine(day, time(*divmod(minute, 60)), tzinfo=calendar.zone).astimezone(UTC)


# ---- what may be said of it ------------------------------------------------------------------------------------------


def clean_week(week: Sequence[Sequence[int] | None]) -> list[list[int] | None]:
    """Seven days from Monday, as they are stored. Raises BadInput."""
    if len(week) != len(EVERY_HOUR):
        raise BadInput("worktime.error.bad_week", field="week")
    cleaned = [clean_hours(hours, f"day-{number}") for number, hours in enumerate(week, 1)]
    if sum(hours[1] - hours[0] for hours in cleaned if hours) < SHORTEST_MINUTES:
        raise BadInput("worktime.error.no_working_time", field="week")
    return cleaned


def clean_hours(hours: Sequence[int] | None, name: str) -> list[int] | None:
    """From and to, as they are stored. Raises BadInput, of the field of that name."""
    if hours is None:
        return None
    if len(hours) != len(WHOLE_DAY) or not WHOLE_DAY[0] <= hours[0] < hours[1] <= WHOLE_DAY[1]:
        raise BadInput("worktime.error.bad_hours", field=name)
    return list(hours)


def clean_name(name: str) -> str:
    """What a day is called. Raises BadInput where that is too long."""
    name = one_line(name)
    if len(name) > LONGEST_NAME:
        raise BadInput("worktime.error.long_name", field="name", longest=LONGEST_NAME)
    return name


def read_minute(text: str, *, is_end: bool = False) -> int:
    """A time of day in minutes, "09:30", "9.30", "930" or "9"; the end at "00:00" is midnight. Raises BadInput."""
    clock = _CLOCK.fullmatch(text.strip())
    if clock is None or int(clock[1]) > 24 or int(clock[2] or 0) > 59:
        raise BadInput("worktime.error.bad_hours", field="hours")
    read = int(clock[1]) * 60 + int(clock[2] or 0)
    return WHOLE_DAY[1] if is_end and read == 0 else read


def write_minute(minute: int) -> str:
    """Minutes since midnight as a clock shows them: "09:30"; the end of the day is "00:00"."""
    return "{:02}:{:02}".format(*divmod(minute % WHOLE_DAY[1], 60))

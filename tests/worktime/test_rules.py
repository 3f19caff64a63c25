"""Working time is added and counted as a clock would that stands still out of hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_app.core.errors import BadInput
from crm_app.worktime import rules
from crm_app.worktime.rules import FARTHEST, Calendar, add_working, is_working, working_between, working_days_passed

MOSCOW, BERLIN = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin")
OFFICE = ((540, 1080),) * 5 + (None, None)
MINUTE = timedelta(minutes=1)

hours = st.none() | st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda each: each[0] < each[1])
days = st.dates(date(2026, 3, 1), date(2026, 4, 30))
calendars = st.builds(
    Calendar,
    st.sampled_from([MOSCOW, BERLIN, ZoneInfo("America/Sao_Paulo"), ZoneInfo("Australia/Lord_Howe")]),
    st.tuples(*[hours] * 7),
    st.dictionaries(days, hours, max_size=8),
)
moments = st.integers(0, 60 * 24 * 60).map(lambda n: datetime(2026, 3, 1, tzinfo=UTC) + n * MINUTE)
amounts = st.integers(1, 5_000).map(lambda minutes: minutes * MINUTE)


def at(text: str, zone: ZoneInfo = MOSCOW) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@given(calendars, moments, amounts)
def test_what_is_added_is_what_lies_between(calendar: Calendar, begin: datetime, amount: timedelta) -> None:
    end = add_working(calendar, begin, amount)
    assert begin < end <= begin + FARTHEST
    if end < begin + FARTHEST:
        assert working_between(calendar, begin, end) == amount
        assert is_working(calendar, end - MINUTE)
        assert working_between(calendar, begin, end - MINUTE) == amount - MINUTE  # and not any sooner


@given(calendars, moments, amounts, amounts)
def test_two_steps_lead_as_far_as_one(calendar: Calendar, begin: datetime, one: timedelta, other: timedelta) -> None:
    at_once = add_working(calendar, begin, one + other)
    if at_once < begin + FARTHEST:
        assert add_working(calendar, add_working(calendar, begin, one), other) == at_once


@given(calendars, moments, moments, moments)
def test_time_between_adds_up_and_never_exceeds_the_clock(
    calendar: Calendar, one: datetime, two: datetime, three: datetime
) -> None:
    one, two, three = sorted((one, two, three))
    whole = working_between(calendar, one, three)
    assert working_between(calendar, one, two) + working_between(calendar, two, three) == whole <= three - one
    assert working_between(calendar, three, one) == timedelta() or one == three


@given(calendars, moments, st.integers(0, 600))
def test_a_minute_counts_where_the_company_works(calendar: Calendar, begin: datetime, count: int) -> None:
    counted = sum(is_working(calendar, begin + n * MINUTE) for n in range(count))
    assert working_between(calendar, begin, begin + count * MINUTE) == counted * MINUTE


@given(moments, amounts)
def test_where_nobody_has_said_anything_every_hour_counts(begin: datetime, amount: timedelta) -> None:
    always, spelled = Calendar(MOSCOW), Calendar(MOSCOW, days={date(2026, 3, 8): rules.WHOLE_DAY})
    assert always.is_always and not spelled.is_always
    assert add_working(always, begin, amount) == add_working(spelled, begin, amount) == begin + amount


@pytest.mark.parametrize(
    ("begin", "minutes", "end"),
    [
        ("2026-11-23T10:00", 60, "2026-11-23T11:00"), ("2026-11-23T17:30", 60, "2026-11-24T09:30"),
        ("2026-11-23T17:00", 60, "2026-11-23T18:00"), ("2026-11-20T17:30", 60, "2026-11-23T09:30"),
        ("2026-11-21T12:00", 60, "2026-11-23T10:00"), ("2026-11-23T03:00", 60, "2026-11-23T10:00"),
        ("2026-12-30T17:30", 60, "2027-01-11T09:30"), ("2026-12-25T17:00", 120, "2026-12-26T11:00"),
    ],
)  # fmt: skip
def test_nights_weekends_and_holidays_do_not_count(begin: str, minutes: int, end: str) -> None:
    holidays = dict.fromkeys([date(2026, 12, 31), *(date(2027, 1, n) for n in range(1, 11))])
    calendar = Calendar(MOSCOW, OFFICE, {**holidays, date(2026, 12, 26): (600, 960)})  # a Saturday that is worked on
    assert add_working(calendar, at(begin), timedelta(minutes=minutes)) == at(end)


def test_a_night_in_which_the_clocks_change_has_an_hour_less_or_more() -> None:
    nights = Calendar(BERLIN, ((0, 360),) * 7)
    spring, autumn = (working_between(nights, at(f"{day}T00:00", BERLIN), at(f"{day}T12:00", BERLIN))
                      for day in ("2026-03-29", "2026-10-25"))  # fmt: skip
    assert (spring, autumn) == (timedelta(hours=5), timedelta(hours=7))


@pytest.mark.parametrize(
    "week",
    [[], [[540, 1080]] * 6, [None] * 7, [[540, 540]] + [None] * 6, [[1080, 540]] + [None] * 6, [[0, 1441]] + [None] * 6,
     [[0, 59]] + [None] * 6, [[540]] + [None] * 6],
)  # fmt: skip
def test_a_week_that_can_not_be_is_refused(week: Any) -> None:
    with pytest.raises(BadInput):
        rules.clean_week(week)


@pytest.mark.parametrize(
    ("text", "is_end", "minute"),
    [
        ("09:30", False, 570), ("00:00", True, 1440), ("0:05", False, 5), ("24:00", True, 1440), ("9", False, 540),
        ("18", True, 1080), ("930", False, 570), ("1830", True, 1110), (" 9.30 ", False, 570), ("9-30", False, 570),
    ],
)  # fmt: skip
def test_times_of_day_are_read(text: str, is_end: bool, minute: int) -> None:
    assert rules.read_minute(text, is_end=is_end) == minute


@pytest.mark.parametrize(
    "text", ["", "24:60", "25:00", "-1:00", "²:00", "09:30:00", "a:b", "9:5", "99", "9 AM", "2500", "1" * 9]
)
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        rules.read_minute(text)


@given(calendars, moments, moments, st.integers(0, 40))
def test_working_days_pass_at_the_hour_at_which_something_came(
    calendar: Calendar, at: datetime, until: datetime, most: int
) -> None:
    begin, end = (each.astimezone(calendar.zone).replace(tzinfo=None) for each in (at, until))
    passed, day = 0, begin + timedelta(days=1)
    while day <= end:
        passed += rules.hours_on(calendar, day.date()) is not None
        day += timedelta(days=1)
    assert working_days_passed(calendar, at, until, most) == min(passed, most)
    always = Calendar(calendar.zone)
    assert working_days_passed(always, at, until, 100) == max(0, (end - begin).days)

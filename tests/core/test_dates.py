"""Dates in the ways people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_app.core.dates import FIRST, LAST, parse_date
from crm_app.core.errors import BadInput
from tests.core.outcome import outcome

_MONTHS = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]


@given(st.dates(FIRST, LAST))
def test_a_date_is_read_back_from_every_form(day):
    month = _MONTHS[day.month - 1]
    forms = (
        f"{day:%d.%m.%Y}", f"{day:%Y-%m-%d}", f"{day:%Y/%m/%d}", f"{day.day}.{day.month}.{day.year}",
        f"{day:%d.%m.%Y} г.",
        f"{day:%Y-%m-%dT%H:%M:%SZ}", f"{day:%d.%m.%Y} 10:30", f"{day.day} {month} {day.year} г.",
        f"{day.day} {month[:3]}. {day.year}", f"{day:%B %d, %Y}", f"{day:%d %b %Y}",
    )  # fmt: skip
    assert {parse_date(form) for form in forms} == {day}
    assert parse_date(day) == parse_date(datetime(day.year, day.month, day.day, 10, 30, tzinfo=UTC)) == day


@given(st.text("0123456789.-/ янвFeb,г", max_size=14))
def test_any_text_is_a_date_or_a_refusal(text):
    day, refusal = outcome(parse_date, text)
    assert refusal.key.startswith("contact.problem.date_") if refusal else FIRST <= day <= LAST


def test_the_day_comes_first_unless_it_can_not():
    assert parse_date("1/2/25") == date(2025, 2, 1)
    assert parse_date("12/31/2025") == date(2025, 12, 31)


def test_a_serial_number_of_excel_is_a_date():
    assert parse_date(45658.0) == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("32.13.2025", "date_impossible"),
        ("30.02.2025", "date_impossible"),
        ("01.01.0001", "date_too_far"),
        ("завтра", "date_unreadable"),
        ("45658", "date_unreadable"),
        (1e9, "date_unreadable"),
        (float("nan"), "date_unreadable"),
    ],
)
def test_what_is_no_date_is_refused_by_its_reason(written, code):
    with pytest.raises(BadInput) as refusal:
        parse_date(written)
    assert refusal.value.key == f"contact.problem.{code}"

"""The working calendar, for rules of other features and for who edits it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from crm_app.core import installation
from crm_app.core.door import Tx, query
from crm_app.core.settings import settings
from crm_app.worktime.rules import EVERY_HOUR, Calendar, Hours

WEEK, DAYS = "worktime.week", "worktime.days"
"""Settings: seven times [from, to] or None; day as ISO → {"hours": [from, to] or None, "name": str}."""


@dataclass(frozen=True)
class SpecialDay:
    """A day that differs from its day of the week. hours: None for a day off."""

    day: date
    hours: Hours | None
    name: str


@dataclass(frozen=True)
class Worktime:
    """The calendar as it is edited. week: from Monday; days: in their order; timezone: an IANA name."""

    week: list[Hours | None]
    days: list[SpecialDay]
    timezone: str


def calendar_of(tx: Tx) -> Calendar:
    """When the company works: always, where nobody has said anything."""
    with tx.reading():  # a lock would have everybody who adds a lead wait for one another
        week, days = installation.get(tx, WEEK), installation.get(tx, DAYS, {})
    special = {date.fromisoformat(day): _hours(told["hours"]) for day, told in days.items()}
    return Calendar(settings().timezone, _week(week), special)


@query("settings.change")
def see_worktime(tx: Tx) -> Worktime:
    """The calendar, to be edited."""
    days = installation.get(tx, DAYS, {})
    listed = [
        SpecialDay(date.fromisoformat(day), _hours(days[day]["hours"]), days[day]["name"]) for day in sorted(days)
    ]
    return Worktime(list(_week(installation.get(tx, WEEK))), listed, settings().timezone.key)


def _week(stored: Any) -> tuple[Hours | None, ...]:
    return tuple(map(_hours, stored)) if stored else EVERY_HOUR


def _hours(stored: Any) -> Hours | None:
    return (stored[0], stored[1]) if stored else None

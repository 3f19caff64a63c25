"""What programs do with the working calendar."""

from __future__ import annotations

from datetime import date

from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import Body
from crm_app.core.door import Tx
from crm_app.worktime.actions import DayDraft, forget_day, set_days, set_week
from crm_app.worktime.queries import Worktime, see_worktime

endpoints = Endpoints()


class WorktimeChanges(Body):
    """What is said of the calendar. week: seven times [from, to] in minutes since midnight, from Monday, null for a day
    off; days: those that differ from their day of the week, to be added or changed; forgotten: to be so no longer.
    """

    week: list[list[int] | None] | None = None
    days: list[DayDraft] = []
    forgotten: list[date] = []


@endpoints.get("/worktime", "settings.change")
def see_the_calendar(tx: Tx) -> Worktime:
    """When the company works: hours by weekday, and the days that differ."""
    return seen(tx, see_worktime)


@endpoints.patch("/worktime", "settings.change")
def change_the_calendar(tx: Tx, body: WorktimeChanges) -> Worktime:
    """Change hours and days; leads that wait get a new deadline."""
    if body.week is not None:
        tx.do(set_week, body.week)
    if body.days:
        tx.do(set_days, body.days)
    for day in body.forgotten:
        tx.do(forget_day, day)
    tx.session.flush()
    return seen(tx, see_worktime)

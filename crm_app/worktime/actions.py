"""The working calendar is arranged by the administrator."""

from __future__ import annotations

from datetime import date
from typing import Any

from typing_extensions import TypedDict

from crm_app.core import installation
from crm_app.core.door import Tx, action
from crm_app.core.errors import BadInput, NotFound
from crm_app.worktime import rules
from crm_app.worktime.events import WorktimeChanged
from crm_app.worktime.queries import DAYS, WEEK


class DayDraft(TypedDict):
    """A day that differs from its day of the week. hours: [from, to] in minutes, None for a day off."""

    day: date
    hours: list[int] | None
    name: str


@action("settings.change")
def set_week(tx: Tx, week: list[list[int] | None]) -> None:
    """Say the working hours of each day of the week, from Monday; None for a day off. Raises BadInput."""
    cleaned, old = rules.clean_week(week), installation.get(tx, WEEK)
    if cleaned != old:
        installation.put(tx, WEEK, cleaned)
        tx.record(WorktimeChanged(card_id=0, changes={"week": [old, cleaned]}))


@action("settings.change")
def set_days(tx: Tx, days: list[DayDraft]) -> None:
    """Say of some days that they differ: days off, or hours of their own. Raises BadInput."""
    told = {each["day"].isoformat(): _cleaned(each) for each in days}
    old = installation.get(tx, DAYS, {})
    if len(old.keys() | told.keys()) > rules.MOST_DAYS:
        raise BadInput("worktime.error.many_days", field="day", most=rules.MOST_DAYS)
    changes = {day: [old.get(day), said] for day, said in told.items() if old.get(day) != said}
    if changes:
        installation.put(tx, DAYS, {**old, **told})
        tx.record(WorktimeChanged(card_id=0, changes=changes))


@action("settings.change")
def forget_day(tx: Tx, day: date) -> None:
    """Let a day be as its day of the week again. Raises NotFound."""
    old, key = installation.get(tx, DAYS, {}), day.isoformat()
    if key not in old:
        raise NotFound()
    installation.put(tx, DAYS, {each: said for each, said in old.items() if each != key})
    tx.record(WorktimeChanged(card_id=0, changes={key: [old[key], None]}))


def _cleaned(told: DayDraft) -> dict[str, Any]:
    return {"hours": rules.clean_hours(told["hours"], "hours"), "name": rules.clean_name(told["name"])}

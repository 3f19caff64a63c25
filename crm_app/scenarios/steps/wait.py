"""Wait, in working time, and ask the scenario's conditions again then."""

from __future__ import annotations

from datetime import timedelta

from crm_app.scenarios.asks import Ask
from crm_app.scenarios.steps import Doing, Outcome, StepKind
from crm_app.worktime.queries import calendar_of
from crm_app.worktime.rules import add_working, add_working_days


def _do(doing: Doing) -> Outcome:
    count, unit, now = doing.asked["count"], doing.asked["unit"], doing.tx.now
    calendar = calendar_of(doing.tx)
    if unit == "days":
        return Outcome("scenarios.came.waited", wakes_at=add_working_days(calendar, now, count))
    return Outcome("scenarios.came.waited", wakes_at=add_working(calendar, now, timedelta(**{unit: count})))


PLUGIN = StepKind("wait", (Ask("count", "number"), Ask("unit", "unit")), _do)

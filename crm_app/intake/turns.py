"""Whose turn it is: pure, so that every case can be tried."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, get_args

from crm_app.cards import cleaning
from crm_app.core.errors import BadInput
from crm_app.core.folding import one_line
from crm_app.intake.rules import LONGEST_NAME

Way = Literal["employee", "round", "load"]
WAYS: tuple[Way, ...] = get_args(Way)
DAYS = (1, 2, 3, 4, 5, 6, 7)
MOST_EMPLOYEES = 200
Worktime = Literal["", "in", "out"]
WORKTIMES: tuple[Worktime, ...] = get_args(Worktime)
NOT_ASKED = frozenset({"star", "group", "responsible_id"})
"""What a rule may not ask about of all that the list of leads is filtered by: what is each reader's own, and whose the
lead is, which is nobody's yet."""


def is_in_hours(at: datetime, days: Collection[int], from_hour: int, to_hour: int) -> bool:
    """Whether a moment is within the hours of a rule. at: as the company's clock shows it.

    Hours over midnight belong to the day on which they begin.
    """
    begins_today = from_hour <= at.hour if from_hour != to_hour else True
    is_over_midnight = from_hour > to_hour
    if is_over_midnight and at.hour < to_hour:
        yesterday = (at.isoweekday() - 2) % 7 + 1
        return not days or yesterday in days
    ends_later = at.hour < to_hour or is_over_midnight or from_hour == to_hour
    return begins_today and ends_later and (not days or at.isoweekday() in days)


def is_in_worktime(works: bool, worktime: str) -> bool:
    """Whether a rule holds for what comes while the company works, or does not. worktime: of the rule."""
    return worktime == "" or works is (worktime == "in")


def next_in_turn(chosen: Sequence[int], all_chosen: Sequence[int], last: int | None) -> int:
    """Who is next behind the last one, also where that one does not work here any more. chosen: those who do."""
    if last not in all_chosen:
        return chosen[0]
    place = all_chosen.index(last) + 1
    return next(each for each in [*all_chosen[place:], *all_chosen[:place]] if each in chosen)


def least_loaded(chosen: Sequence[int], loads: Mapping[int, int]) -> int:
    """Who has the fewest; of several, the first of the list."""
    return min(chosen, key=lambda each: loads.get(each, 0))


def clean_rule(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are stored. Raises BadInput with a reason for each wrong field."""
    cleaned, reasons = cleaning.clean_each(values, _CLEANERS)
    cleaning.refuse(reasons)
    return cleaned


def _name(value: str) -> str:
    name = cleaning.limited(one_line(value), LONGEST_NAME)
    if not name:
        raise BadInput("intake.error.no_name")
    return name


def _days(value: list[int]) -> list[int]:
    if set(value) - set(DAYS):
        raise BadInput("intake.error.bad_days")
    return sorted(set(value))


def _hour(value: int) -> int:
    if not 0 <= value <= 24:
        raise BadInput("intake.error.bad_hour")
    return value % 24


def _way(value: str) -> str:
    if value not in WAYS:
        raise BadInput("intake.error.bad_way", known=", ".join(WAYS))
    return value


def _worktime(value: str) -> str:
    if value not in WORKTIMES:
        raise BadInput("intake.error.bad_worktime", known=", ".join(WORKTIMES[1:]))
    return value


def _employees(value: list[int]) -> list[int]:
    chosen = list(dict.fromkeys(value))
    if not chosen or len(chosen) > MOST_EMPLOYEES:
        raise BadInput("intake.error.no_employees")
    return chosen


_CLEANERS: cleaning.Cleaners = {
    "name": _name, "is_on": cleaning.as_it_is, "conditions": cleaning.as_it_is, "days": _days, "from_hour": _hour,
    "to_hour": _hour, "worktime": _worktime, "way": _way, "employee_ids": _employees,
}  # fmt: skip

"""The administrator says when the company works; nobody else does."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm_app.core.actor import NOBODY, Actor
from crm_app.core.door import Tx, perform, query
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound, RuleBroken
from crm_app.worktime import national
from crm_app.worktime.actions import forget_day, set_days, set_week
from crm_app.worktime.national import differing, national_days
from crm_app.worktime.queries import calendar_of, see_worktime
from crm_app.worktime.rules import Calendar

OFFICE = [[540, 1080]] * 5 + [None, None]
VICTORY = date(2027, 5, 10)


@query("settings.change")
def read_calendar(tx: Tx) -> Calendar:
    return calendar_of(tx)


def test_the_administrator_says_when_the_company_works(adam: Actor) -> None:
    assert perform(adam, read_calendar).is_always
    perform(adam, set_week, week=OFFICE)
    perform(adam, set_days, days=[{"day": VICTORY, "hours": None, "name": " День  Победы "}])
    perform(adam, set_days, days=[{"day": date(2027, 2, 20), "hours": [540, 1020], "name": ""}])
    seen = perform(adam, see_worktime)
    assert seen.week == [(540, 1080)] * 5 + [None, None]
    assert [(each.day, each.hours, each.name) for each in seen.days] == [
        (date(2027, 2, 20), (540, 1020), ""), (VICTORY, None, "День Победы"),
    ]  # fmt: skip
    perform(adam, forget_day, day=VICTORY)
    assert dict(perform(adam, read_calendar).days) == {date(2027, 2, 20): (540, 1020)}


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ([{"day": VICTORY, "hours": [600, 600], "name": ""}], "hours"),
        ([{"day": VICTORY, "hours": [], "name": ""}], "hours"),
        ([{"day": VICTORY, "hours": None, "name": "я" * 101}], "name"),
        ([{"day": "вчера", "hours": None, "name": ""}], None),
        ([{"day": date.fromordinal(800_000 - n), "hours": None, "name": ""} for n in range(1_001)], "day"),
    ],
)  # fmt: skip
def test_days_that_can_not_be_are_refused(adam: Actor, days: Any, field: str | None) -> None:
    with pytest.raises(BadInput) as refusal:
        perform(adam, set_days, days=days)
    assert field is None or [reason.field for reason in refusal.value.reasons] == [field]
    assert perform(adam, see_worktime).days == []


def test_a_week_without_work_is_refused_and_a_day_that_is_none_is_not_forgotten(adam: Actor) -> None:
    with pytest.raises(BadInput):
        perform(adam, set_week, week=[None] * 7)
    with pytest.raises(NotFound):
        perform(adam, forget_day, day=VICTORY)


def test_nobody_else_touches_the_calendar(ann: Actor, olga: Actor, mary: Actor, greg: Actor) -> None:
    for person in (ann, olga, mary, greg, NOBODY):
        for action, told in ((set_week, {"week": OFFICE}), (set_days, {"days": []}), (forget_day, {"day": VICTORY})):
            with pytest.raises((Forbidden, NeedsLogin)):
                perform(person, action, **told)
        with pytest.raises((Forbidden, NeedsLogin)):
            perform(person, see_worktime)


def test_national_days_are_proposed_where_the_calendar_says_otherwise() -> None:
    found = {each.day: each for each in national_days("RU", 2027, "ru")}
    assert found[date(2027, 5, 9)].name == "День Победы" and found[date(2027, 5, 9)].is_off
    assert not found[date(2027, 2, 20)].is_off
    assert national_days("DE", 2027, "en")[0].name == "New Year's Day"
    office = Calendar(ZoneInfo("Europe/Moscow"), ((540, 1080),) * 5 + (None, None), {VICTORY: None})
    proposed = {each.day for each in differing(office, found.values())}
    assert date(2027, 5, 3) in proposed and date(2027, 2, 20) in proposed
    assert date(2027, 5, 9) not in proposed and VICTORY not in proposed


@pytest.mark.parametrize(("country", "year"), [("XX", 2027), ("RU", 1900), ("", 2027), ("../RU", 2027), ("RU", 2101)])
def test_no_other_country_and_no_year_far_away(country: str, year: int) -> None:
    with pytest.raises(BadInput):
        national_days(country, year, "ru")


def test_a_process_that_does_not_answer_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(national, "_PATIENCE_SECONDS", 0.001)
    with pytest.raises(RuleBroken):
        national_days("RU", 2027, "ru")


def test_the_server_never_loads_the_library() -> None:
    loaded = "import sys; from crm_app import features; features.load(); import crm_app.worktime.national; "
    said = subprocess.run([sys.executable, "-c", loaded + "print('holidays' in sys.modules)"], capture_output=True)
    assert said.stdout.strip() == b"False", said.stderr

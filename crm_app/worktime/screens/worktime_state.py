"""The State of /settings/worktime: working hours by weekday, and the days that differ."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any, TypedDict

from babel import Locale

from crm_app.access.screens.base import Screen, handler, number_in
from crm_app.core import clock
from crm_app.core.errors import BadInput, CrmError
from crm_app.core.i18n import text
from crm_app.core.settings import settings
from crm_app.ui.field import Option
from crm_app.worktime.actions import DayDraft, forget_day, set_days, set_week
from crm_app.worktime.events import WORKTIME
from crm_app.worktime.national import COUNTRIES, National, differing, national_days
from crm_app.worktime.queries import SpecialDay, Worktime, see_worktime
from crm_app.worktime.rules import WHOLE_DAY, Calendar, Hours, read_minute, write_minute

USUAL: Hours = (540, 1080)
"""What the hours of a day off begin with when it becomes a working one."""
PROPOSED: tuple[Hours | None, ...] = (*[USUAL] * 5, None, None)
"""The week that the form begins with while every hour works: so until it is saved."""


class WeekLine(TypedDict):
    """A day of the week. number: "1" for Monday; from_time, to_time: "09:00"."""

    number: str
    name: str
    is_on: bool
    from_time: str
    to_time: str
    error: str


class DayLine(TypedDict):
    """A day that differs. what: in words; its hours as the dialog begins with them."""

    day: str
    name: str
    what: str
    is_on: bool
    from_time: str
    to_time: str


class ProposedLine(TypedDict):
    """A national holiday, or a day that is worked on: what says so."""

    day: str
    name: str
    what: str


NEW: DayLine = {"day": "", "name": "", "what": "", "is_on": False, "from_time": "09:00", "to_time": "18:00"}


class WorktimeSettings(Screen):
    """The week, the days that differ, the one that is edited, and what a country's calendar proposes."""

    week: list[WeekLine] = []
    weeks: int = 0
    is_always: bool = False
    days: list[DayLine] = []
    timezone: str = ""
    is_ready: bool = False
    day: DayLine = NEW
    edits: bool = False
    opens: int = 0
    errors: dict[str, str] = {}
    countries: list[Option] = []
    country: str = COUNTRIES[0]
    years: list[Option] = []
    year: str = ""
    proposed: list[ProposedLine] = []
    proposes: bool = False

    _told: Worktime | None = None
    _found: list[National] = []

    @handler("settings.change")
    async def opened(self) -> None:
        """Fill the page, and follow what others change."""
        names = Locale.parse(self._locale or settings().locale).territories
        options: list[Option] = [{"id": each, "label": names.get(each, each), "hint": ""} for each in COUNTRIES]
        self.countries = options[:1] + sorted(options[1:], key=lambda each: each["label"])
        this = clock.in_zone(clock.now(), settings().timezone.key).year
        self.years = [{"id": str(year), "label": str(year), "hint": ""} for year in (this, this + 1, this + 2)]
        self.year = self.year or str(this)
        await self._watch({WORKTIME}, WorktimeSettings.changed)
        await self._load()

    @handler("settings.change")
    async def changed(self) -> None:
        """Somebody has changed the calendar."""
        await self._load()

    @handler("settings.change")
    async def week_saved(self, fields: dict[str, str]) -> None:
        """Say the hours of each day of the week."""
        self.week = [_typed(line, fields) for line in self.week]
        week = [_hours(fields, f"-{line['number']}", f"day-{line['number']}") for line in self.week]
        await self._act(set_week, week=week)
        written = [_week_line(number, hours, self._locale) for number, hours in enumerate(week, 1)]
        if self.week != written:  # "930" reads "09:30" from now on
            self.week, self.weeks = written, self.weeks + 1
        await self._load()
        await self._toast("worktime.saved")

    @handler("settings.change")
    async def adding_opened(self) -> None:
        """A day that differs."""
        self._open({**NEW})

    @handler("settings.change")
    async def editing_opened(self, day: str) -> None:
        """Change one."""
        line = next((each for each in self.days if each["day"] == day), None)
        if line is not None:
            self._open(line)

    @handler("settings.change")
    async def editing_closed(self) -> None:
        """The dialog was closed."""
        self.edits, self.errors = False, {}

    @handler("settings.change")
    async def day_saved(self, fields: dict[str, str]) -> None:
        """Add the day, or change it."""
        self.errors = {}
        told = _day(self.day["day"] or fields.get("day", ""))
        hours = _hours({**fields, "on": fields.get("what", "")}, "", "hours")
        await self._act(set_days, days=[DayDraft(day=told, hours=hours, name=fields.get("name", ""))])
        self.edits = False
        await self._load()

    @handler("settings.change")
    async def day_forgotten(self, day: str) -> None:
        """The day is as its day of the week again."""
        await self._act(forget_day, day=_day(day))
        await self._load()

    @handler("settings.change")
    async def proposal_wanted(self, fields: dict[str, str]) -> None:
        """Show what the calendar of a country says of a year otherwise than ours."""
        self.country, self.year = fields.get("country", "")[:2], fields.get("year", "")[:4]
        asked = (self.country, number_in(self.year), self._locale)
        told, found = self._told, await asyncio.to_thread(national_days, *asked)
        if told is None:
            return
        ours = Calendar(settings().timezone, tuple(told.week), {each.day: each.hours for each in told.days})
        today = clock.in_zone(clock.now(), told.timezone).date()
        self._found = [each for each in differing(ours, found) if each.day >= today]
        self.proposed = [self._proposed(each) for each in self._found]
        self.proposes = True

    @handler("settings.change")
    async def proposal_closed(self) -> None:
        """Nothing of it is taken."""
        self.proposes = False

    @handler("settings.change")
    async def proposal_taken(self, fields: dict[str, str]) -> None:
        """Take those that are ticked."""
        taken = [each for each in self._found if fields.get(f"take-{each.day}") == "true"]
        work = self._usual()
        drafts = [DayDraft(day=each.day, hours=None if each.is_off else work, name=each.name[:100]) for each in taken]
        await self._act(set_days, days=drafts)
        self.proposes, self._found = False, []
        await self._load()
        await self._toast("worktime.taken", n=len(taken))

    def _usual(self) -> list[int]:
        """The hours of the first working day of the week: those of a Saturday that is worked on too."""
        week = self._told.week if self._told is not None else []
        return list(next((hours for hours in week if hours is not None), USUAL))

    def _open(self, day: DayLine) -> None:
        self.day, self.errors, self.edits = day, {}, True
        self.opens += 1

    async def _load(self) -> None:
        told: Worktime = await self._ask(see_worktime)
        if self._told is None or not self.week or told.week != self._told.week:
            self.is_always = all(hours == WHOLE_DAY for hours in told.week)
            shown = PROPOSED if self.is_always else told.week
            self.week = [_week_line(number, hours, self._locale) for number, hours in enumerate(shown, 1)]
            self.weeks += 1
        self._told, self.timezone = told, told.timezone
        this = clock.in_zone(clock.now(), told.timezone).year
        self.days = [_day_line(each, self._locale) for each in told.days if each.day.year >= this]
        self.is_ready = True

    def _proposed(self, each: National) -> ProposedLine:
        what = "" if each.is_off else text("worktime.working", self._locale)
        return {"day": each.day.isoformat(), "name": each.name, "what": what}

    async def _refused(self, error: CrmError) -> Any:
        by_field = self._by_field(error)
        if self.edits and by_field:
            self.errors = by_field
        elif any(name.startswith("day-") for name in by_field):
            self.week = [{**line, "error": by_field.get(f"day-{line['number']}", "")} for line in self.week]
        else:
            await super()._refused(error)


def _week_line(number: int, hours: Hours | None, locale: str) -> WeekLine:
    begin, end = hours or USUAL
    return {
        "number": str(number), "name": text(f"worktime.day.{number}", locale), "is_on": hours is not None,
        "from_time": write_minute(begin), "to_time": write_minute(end), "error": "",
    }  # fmt: skip


def _day_line(each: SpecialDay, locale: str) -> DayLine:
    begin, end = map(write_minute, each.hours or USUAL)
    what = text("worktime.off", locale) if each.hours is None else f"{begin}–{end}"
    return {
        "day": each.day.isoformat(), "name": each.name, "what": what, "is_on": each.hours is not None,
        "from_time": begin, "to_time": end,
    }  # fmt: skip


def _typed(line: WeekLine, fields: dict[str, str]) -> WeekLine:
    """A day of the week as it was typed: kept where it is refused."""
    number = line["number"]
    return {
        "number": number, "name": line["name"], "is_on": fields.get(f"on-{number}") == "true", "error": "",
        "from_time": fields.get(f"from_time-{number}") or line["from_time"],
        "to_time": fields.get(f"to_time-{number}") or line["to_time"],
    }  # fmt: skip


def _hours(fields: dict[str, str], ending: str, field: str) -> list[int] | None:
    """Hours as a form says them; None for a day off. Raises BadInput, of the field of that name."""
    if fields.get(f"on{ending}") != "true":
        return None
    begin, end = fields.get(f"from_time{ending}", ""), fields.get(f"to_time{ending}", "")
    try:
        return [read_minute(begin), read_minute(end, is_end=True)]
    except BadInput as error:
        raise BadInput(error.key, field=field) from error


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise BadInput("worktime.error.no_day", field="day") from None

"""When things happen: on working days, in working hours, told as days before or after today."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from math import floor

_OPENS, _HOURS = 9, 9


class WorkDays:
    """The calendar of one company. today: the day on which its story ends."""

    def __init__(self, today: date, hours_from_utc: int) -> None:
        self.today = today
        self._opening = datetime.combine(today, time(_OPENS), UTC) - timedelta(hours=hours_from_utc)

    def before(self, days: float) -> datetime:
        """So many days before today's midnight, to the second: weekends and nights are squeezed out.

        Of two moments the earlier one stays the earlier one, and none is later than the evening before today.
        """
        since_monday = self.today.weekday() - days
        week = floor(since_monday / 7)
        working = (since_monday - 7 * week) * 5 / 7
        day = min(floor(working), 4)
        seconds = min(int((working - day) * _HOURS * 3600), _HOURS * 3600 - 1)
        return self._opening + timedelta(days=7 * week + day - self.today.weekday(), seconds=seconds)

    def on(self, days: int, half_hours: int) -> datetime:
        """A planned moment: so many days after today (before, if negative), not on a weekend."""
        day = self.today + timedelta(days=days)
        shift = max(0, day.weekday() - 4) * (-1 if days < 0 else 1)
        days += shift if days < 0 else (7 - day.weekday() if shift else 0)
        return self._opening + timedelta(days=days, minutes=30 * half_hours)

    def days_since(self, moment: datetime) -> float:
        """Days from a moment to today's midnight, as `before` takes them; roughly."""
        return max((self._opening - moment).total_seconds() / 86_400, 0.0)

    @property
    def last_moment(self) -> datetime:
        """After everything that `before` gives."""
        return self._opening

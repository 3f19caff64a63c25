"""Days and moments as filters name them: "2026-11-22", "today-7", "2026-11-22T10:00:00Z"."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crm_app.core.actor import Actor
from crm_app.core.settings import settings

_RELATIVE = re.compile(r"today(?:([+-]\d{1,4}))?", re.ASCII)


def zone_of(actor: Actor) -> ZoneInfo:
    """The time zone in which an actor's days begin and end."""
    return ZoneInfo(actor.timezone) if actor.timezone else settings().timezone


def read_day(value: Any, today: date) -> date:
    """A day: an ISO date, or so many days from today. Raises ValueError or TypeError."""
    if not isinstance(value, str):
        raise TypeError
    relative = _RELATIVE.fullmatch(value)
    if relative:
        return today + timedelta(days=int(relative[1] or 0))
    return date.fromisoformat(value)


def read_span(value: Any, today: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The span that a value names, in UTC: a whole day in that zone, or one moment (start and end are the same).

    Raises ValueError or TypeError; also for a moment without a zone.
    """
    if isinstance(value, str) and "T" in value:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("a moment without a zone")
        return moment.astimezone(UTC), moment.astimezone(UTC)
    day = read_day(value, today)
    start, end = (datetime.combine(d, time(), zone).astimezone(UTC) for d in (day, day + timedelta(days=1)))
    return start, end

"""The one place that asks for the time, so that tests can say what it is."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def iso(moment: datetime | None) -> str:
    """A moment on its way to the browser, "" for none."""
    return moment.isoformat() if moment is not None else ""


def in_zone(moment: datetime, timezone: str) -> datetime:
    """The same moment as the clock on a wall in that zone (IANA name) shows it."""
    return moment.astimezone(ZoneInfo(timezone))

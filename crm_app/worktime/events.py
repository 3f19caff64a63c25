"""What has happened to the working calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from crm_app.core.events import Fact

WORKTIME = "worktime"
"""The live topic of the calendar."""


@dataclass(frozen=True, kw_only=True)
class WorktimeChanged(Fact):
    """Other working hours, or other days off. changes: "week", or a day, "2027-05-03" → [old hours, new hours]."""

    card: ClassVar[str] = "worktime"

    def topics(self) -> Iterable[str]:
        return (WORKTIME,)

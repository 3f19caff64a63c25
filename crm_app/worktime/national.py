"""National holidays and shifted working days, as the library `holidays` knows them.

It weighs 30 MB in memory, so that it is asked in a process of its own, which ends with the answer:
`python -m crm_app.worktime.national RU 2027 ru`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from crm_app.core.errors import BadInput, RuleBroken
from crm_app.worktime.rules import Calendar, hours_on

COUNTRIES = (
    "RU", "BY", "KZ", "AM", "AZ", "GE", "KG", "MD", "TJ", "UZ", "AE", "AT", "BE", "BG", "CA", "CH", "CN", "CY", "CZ",
    "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HU", "IE", "IL", "IN", "IT", "JP", "KR", "LT", "LV", "ME", "NL",
    "NO", "PL", "PT", "RO", "RS", "SE", "SG", "SI", "SK", "TH", "TR", "UA", "US", "VN",
)  # fmt: skip
FIRST_YEAR, LAST_YEAR = 2020, 2100
_PATIENCE_SECONDS = 20
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class National:
    """A day that a country has free, or works on although it is of the weekend."""

    day: date
    name: str
    is_off: bool


def national_days(country: str, year: int, locale: str) -> list[National]:
    """Those of a year, in their order. Raises BadInput for a country or a year that is not known, RuleBroken."""
    if country not in COUNTRIES:
        raise BadInput("worktime.error.no_country", field="country")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadInput("worktime.error.no_year", field="year", first=FIRST_YEAR, last=LAST_YEAR)
    command = [sys.executable, "-m", __name__, country, str(year), locale]
    environment = {"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "PATH": os.environ.get("PATH", "")}
    try:
        said = subprocess.run(
            command, env=environment, cwd=_ROOT, capture_output=True, timeout=_PATIENCE_SECONDS, check=True
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise RuleBroken("worktime.error.no_answer") from error
    return [National(date.fromisoformat(day), name, is_off) for day, name, is_off in json.loads(said.stdout)]


def differing(calendar: Calendar, found: Iterable[National]) -> list[National]:
    """Those of which the company has said nothing yet, and on which it would not do so by its week alone."""
    return [
        each for each in found if each.day not in calendar.days and each.is_off == bool(hours_on(calendar, each.day))
    ]


def _known(country: str, year: int, locale: str) -> Iterator[tuple[str, str, bool]]:
    """Asked in the other process alone."""
    from holidays import country_holidays

    of_country = country_holidays(country)
    known = of_country.supported_languages or ()
    language = next((each for each in (locale, f"{locale}_US", f"{locale}_GB", "en_US") if each in known), None)
    found = country_holidays(country, years=year, language=language)
    for day in sorted({*found, *found.weekend_workdays}):
        if day.year == year:
            yield day.isoformat(), found.get(day) or "", day in found


if __name__ == "__main__":
    json.dump(list(_known(sys.argv[1], int(sys.argv[2]), sys.argv[3])), sys.stdout)

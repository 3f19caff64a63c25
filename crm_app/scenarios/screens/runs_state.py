"""The State of the runs of one scenario: each with its steps."""

from __future__ import annotations

from typing import TypedDict

from crm_app.access.screens.base import Part, handler
from crm_app.core.i18n import text
from crm_app.scenarios.actions.running import retry_run, stop_run
from crm_app.scenarios.models import DONE, FAILED, RUNNING, STOPPED, WAITING
from crm_app.scenarios.queries.runs import RunRow, list_runs

TONES = {RUNNING: "info", WAITING: "info", DONE: "good", FAILED: "bad", STOPPED: "warn"}


class StepDone(TypedDict):
    """A step that was done or refused, in words."""

    said: str
    came: str
    tone: str
    tries: int


class RunLine(TypedDict):
    """A run in words. title: of its card, "" for one that is not seen."""

    id: int
    title: str
    href: str
    state: str
    tone: str
    came: str
    at: str
    wakes_at: str
    next: str
    goes_on: bool
    has_failed: bool
    steps: list[StepDone]


class ScenarioRuns(Part):
    """The latest runs."""

    runs: list[RunLine] = []
    is_ready: bool = False
    _number: int = 0

    @handler("scenario.manage")
    async def opened(self) -> None:
        """Fill the panel, and follow what the worker does."""
        if self._number != self._number_in_address:
            self._number, self.runs, self.is_ready = self._number_in_address, [], False
        await self._watch({f"scenario:{self._number}"}, ScenarioRuns.changed)
        await self._load()

    @handler("scenario.manage")
    async def changed(self) -> None:
        """A run got on."""
        await self._load()

    @handler("scenario.manage")
    async def stopped(self, run_id: int) -> None:
        """End a run where it is."""
        await self._act(stop_run, run_id=run_id)
        await self._load()

    @handler("scenario.manage")
    async def retried(self, run_id: int) -> None:
        """Go on from the step that failed."""
        await self._act(retry_run, run_id=run_id)
        await self._load()

    async def _load(self) -> None:
        found = await self._ask(list_runs, scenario_id=self._number)
        self.runs = [_line(row, self._locale) for row in found]
        self.is_ready = True


def _line(row: RunRow, locale: str) -> RunLine:
    return {
        "id": row.id, "title": row.title, "href": f"/deals/{row.card_id}",
        "state": text(f"scenarios.state.{row.state}", locale), "tone": TONES[row.state],
        "came": row.came, "at": row.began_at.isoformat(),
        "wakes_at": row.wakes_at.isoformat() if row.wakes_at else "", "next": row.next,
        "goes_on": row.state in (RUNNING, WAITING), "has_failed": row.state == FAILED and bool(row.next),
        "steps": [
            {"said": each.said, "came": each.came, "tone": TONES.get(each.state, "none"), "tries": each.tries}
            for each in row.steps
        ],
    }  # fmt: skip

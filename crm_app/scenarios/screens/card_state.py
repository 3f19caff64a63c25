"""The State of the panel "Scenarios" on a deal: what ran for it, and what can be begun by hand."""

from __future__ import annotations

from typing import TypedDict

from crm_app.access.screens.base import FillsItself, Part, handler
from crm_app.core.i18n import text
from crm_app.scenarios.actions.beginning import start_scenario
from crm_app.scenarios.plan_reading import CARD
from crm_app.scenarios.queries.runs import runs_of_card
from crm_app.scenarios.queries.scenarios import list_startable
from crm_app.scenarios.screens.runs_state import TONES


class StartLine(TypedDict):
    """A scenario that is begun by hand."""

    id: int
    name: str


class CardRun(TypedDict):
    """A run in words. state: with the reason, where there is one; at: ISO 8601."""

    id: int
    scenario: str
    state: str
    tone: str
    came: str
    at: str


class DealScenarios(FillsItself, Part):
    """What the panel shows."""

    startable: list[StartLine] = []
    runs: list[CardRun] = []
    _deal_id: int = 0

    @handler("scenario.start")
    async def opened(self) -> None:
        """Fill the panel, and follow what happens to the deal."""
        self._deal_id, self.runs, self.startable = self._number_in_address, [], []
        await self._watch({f"{CARD}:{self._deal_id}", "scenarios"}, DealScenarios.changed)
        await self._load()
        self._is_filled()

    @handler("scenario.start")
    async def changed(self) -> None:
        """A run got on, or there are other scenarios."""
        await self._load()

    @handler("scenario.start")
    async def started(self, scenario_id: int) -> None:
        """Begin one by hand."""
        await self._act(start_scenario, scenario_id=scenario_id, card=CARD, card_id=self._deal_id)
        await self._toast("scenarios.panel.started")
        await self._load()

    async def _load(self) -> None:
        found = await self._ask(list_startable, card=CARD)
        self.startable = [{"id": number, "name": name} for number, name in found]
        runs = await self._ask(runs_of_card, card=CARD, card_id=self._deal_id)
        self.runs = [
            {
                "id": row.id, "scenario": row.scenario, "tone": TONES[row.state], "came": row.came,
                "state": text(f"scenarios.state.{row.state}", self._locale), "at": row.began_at.isoformat(),
            }
            for row in runs
        ]  # fmt: skip

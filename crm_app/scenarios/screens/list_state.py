"""The State of /settings/scenarios: what happens by itself, one sentence for each."""

from __future__ import annotations

from typing import TypedDict

import reflex as rx

from crm_app.access.screens.base import Screen, handler
from crm_app.core.errors import CrmError
from crm_app.scenarios.actions.arranging import add_scenario, remove_scenario, switch_scenario
from crm_app.scenarios.drafts import ScenarioDraft
from crm_app.scenarios.queries.scenarios import ScenarioRow, list_scenarios


class ScenarioLine(TypedDict):
    """A scenario in a sentence."""

    id: int
    name: str
    href: str
    is_on: bool
    said: str
    owner: str
    waiting: int
    failed: int


class Scenarios(Screen):
    """What the page shows. leaving_id: the scenario that somebody wants to remove."""

    scenarios: list[ScenarioLine] = []
    is_ready: bool = False
    adds: bool = False
    opens: int = 0
    errors: dict[str, str] = {}
    leaving_id: int = 0
    leaving_name: str = ""

    @handler("scenario.manage")
    async def opened(self) -> None:
        """Fill the page, and follow what others change."""
        await self._watch({"scenarios"}, Scenarios.changed)
        await self._load()

    @handler("scenario.manage")
    async def changed(self) -> None:
        """Somebody has changed a scenario."""
        await self._load()

    @handler("scenario.manage")
    async def adding_opened(self) -> None:
        """A new one."""
        self.adds, self.errors = True, {}
        self.opens += 1

    @handler("scenario.manage")
    async def adding_closed(self) -> None:
        """The dialog was closed."""
        self.adds = False

    @handler("scenario.manage")
    async def scenario_added(self, fields: dict[str, str]) -> rx.event.EventSpec | None:
        """Add a scenario that does nothing yet, and open it."""
        try:
            made = await self._act(add_scenario, draft=ScenarioDraft(name=fields.get("name", ""), trigger="by_hand"))
        except CrmError as refused:
            self.errors = self._by_field(refused)
            return None
        self.adds = False
        return rx.redirect(f"/settings/scenarios/{made.id}")

    @handler("scenario.manage")
    async def switched(self, scenario_id: int, is_on: bool) -> None:
        """Have it begin runs, or none."""
        await self._act(switch_scenario, scenario_id=scenario_id, is_on=is_on)
        await self._load()

    @handler("scenario.manage")
    async def removal_wanted(self, scenario_id: int) -> None:
        """Ask before a scenario goes."""
        self.leaving_name = next((row["name"] for row in self.scenarios if row["id"] == scenario_id), "")
        self.leaving_id = scenario_id

    @handler("scenario.manage")
    async def removal_dropped(self) -> None:
        """The scenario stays."""
        self.leaving_id = 0

    @handler("scenario.manage")
    async def scenario_removed(self) -> None:
        """The scenario goes."""
        number, self.leaving_id = self.leaving_id, 0
        await self._act(remove_scenario, scenario_id=number)
        await self._load()

    async def _load(self) -> None:
        self.scenarios = [_line(row) for row in await self._ask(list_scenarios)]
        self.is_ready = True


def _line(row: ScenarioRow) -> ScenarioLine:
    return {
        "id": row.id, "name": row.name, "href": f"/settings/scenarios/{row.id}", "is_on": row.is_on, "said": row.said,
        "owner": row.owner, "waiting": row.waiting, "failed": row.failed,
    }  # fmt: skip

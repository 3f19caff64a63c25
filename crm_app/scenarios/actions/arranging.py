"""Scenarios are added, changed, switched on and off, and removed."""

from __future__ import annotations

from crm_app.core.door import Tx, action
from crm_app.core.errors import RuleBroken
from crm_app.scenarios.drafts import ScenarioDraft
from crm_app.scenarios.events import ScenarioAdded, ScenarioChanged, ScenarioRemoved
from crm_app.scenarios.models import Scenario
from crm_app.scenarios.plan_reading import CARD, read_scenario


@action("scenario.manage")
def add_scenario(tx: Tx, draft: ScenarioDraft) -> Scenario:
    """Add a scenario, which acts by the rights of whoever adds it. Raises BadInput."""
    values = read_scenario(tx, draft)
    made = tx.add(Scenario(card=CARD, owner_id=tx.actor.id, created_at=tx.now, updated_at=tx.now, **values))
    tx.record(ScenarioAdded(card_id=made.id or 0, name=made.name))
    return made


@action("scenario.manage")
def change_scenario(tx: Tx, scenario_id: int, draft: ScenarioDraft, version: int) -> Scenario:
    """Change a scenario whole; from now on it acts by the rights of whoever does. Runs under way go on as they began.

    version: what one has seen. Raises BadInput, RuleBroken where somebody has changed it since.
    """
    scenario = tx.need(Scenario, scenario_id)
    if version != scenario.version:
        raise RuleBroken("core.error.conflict")
    for name, value in read_scenario(tx, draft).items():
        setattr(scenario, name, value)
    scenario.owner_id, scenario.version, scenario.updated_at = tx.actor.id, scenario.version + 1, tx.now
    tx.record(ScenarioChanged(card_id=scenario_id, name=scenario.name))
    return scenario


@action("scenario.manage")
def switch_scenario(tx: Tx, scenario_id: int, is_on: bool) -> Scenario:
    """Have it begin runs, or begin none. Switching it on makes it act by one's own rights."""
    scenario = tx.need(Scenario, scenario_id)
    if scenario.is_on == is_on:
        return scenario
    scenario.is_on, scenario.updated_at, scenario.version = is_on, tx.now, scenario.version + 1
    if is_on:
        scenario.owner_id = tx.actor.id
    tx.record(ScenarioChanged(card_id=scenario_id, name=scenario.name, changes={"is_on": [not is_on, is_on]}))
    return scenario


@action("scenario.manage")
def remove_scenario(tx: Tx, scenario_id: int) -> None:
    """Do without a scenario: its runs end where they are, and go with it."""
    scenario = tx.need(Scenario, scenario_id)
    tx.record(ScenarioRemoved(card_id=scenario_id, name=scenario.name))
    tx.remove(scenario)

"""Scenarios for the tests, made through the door."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from crm_app.core.actor import SYSTEM, Actor
from crm_app.core.door import Tx, perform, query
from crm_app.scenarios.actions.arranging import add_scenario
from crm_app.scenarios.drafts import ScenarioDraft
from crm_app.scenarios.models import Scenario
from crm_app.scenarios.queries.runs import RunRow, list_runs

Step = dict[str, Any]


def step(do: str, **asked: Any) -> Step:
    """A step as a draft has it. then, otherwise: of a branch."""
    ways = {way: asked.pop(way) for way in ("then", "otherwise") if way in asked}
    return {"do": do, "asked": asked, **ways}


def draft(trigger: str, *steps: Step, name: str = "Оплата", is_on: bool = True, **told: Any) -> ScenarioDraft:
    """A scenario. conditions: of the draft; what else is told is what the trigger asks for."""
    conditions = told.pop("conditions", {})
    return ScenarioDraft(name=name, is_on=is_on, trigger=trigger, asked=told, conditions=conditions, steps=list(steps))


def scenario(by: Actor, trigger: str, *steps: Step, **told: Any) -> Scenario:
    """One that is on."""
    return perform(by, add_scenario, draft=draft(trigger, *steps, **told))


def runs(of: Scenario | None = None) -> list[RunRow]:
    """Runs, the latest first."""
    return perform(SYSTEM, list_runs, scenario_id=(of.id or 0) if of else 0)


@query("test.rows")
def rows(tx: Tx, model: Any) -> list[Any]:
    """Every row of a table."""
    return tx.all(select(model).order_by(model.id))

"""Scenarios, for those who arrange them and for cards on which they are begun by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from crm_app.access.models import Employee
from crm_app.core.door import Tx, query
from crm_app.scenarios.models import FAILED, WAITING, Scenario, ScenarioRun
from crm_app.scenarios.words import StepWords, say_conditions, say_steps, say_trigger


@dataclass(frozen=True)
class ScenarioRow:
    """A scenario in the list. said: as one sentence; waiting, failed: how many of its runs do."""

    id: int
    name: str
    is_on: bool
    said: str
    owner: str
    waiting: int
    failed: int


@dataclass(frozen=True)
class ScenarioView:
    """A scenario as it is put together, and in words."""

    id: int
    name: str
    is_on: bool
    version: int
    trigger: str
    asked: dict[str, Any]
    conditions: dict[str, Any]
    steps: list[dict[str, Any]]
    owner: str
    said: Sentences


@dataclass(frozen=True)
class Sentences:
    """What is read aloud. conditions: "" for every card."""

    trigger: str
    conditions: str
    steps: list[StepWords]


@query("scenario.manage")
def list_scenarios(tx: Tx) -> list[ScenarioRow]:
    """All there are, by name."""
    row, run = Scenario, ScenarioRun
    found = tx.all(select(row, Employee.name).join(Employee, Employee.id == row.owner_id).order_by(row.name, row.id))
    states: Any = run.state
    counted = select(run.scenario_id, states, func.count()).where(states.in_((WAITING, FAILED)))
    counts = {(each[0], each[1]): each[2] for each in tx.all(counted.group_by(run.scenario_id, states))}
    return [
        ScenarioRow(
            each.id, each.name, each.is_on, _sentence(tx, each), owner,
            counts.get((each.id, WAITING), 0), counts.get((each.id, FAILED), 0),
        )
        for each, owner in found
    ]  # fmt: skip


def _sentence(tx: Tx, scenario: Scenario) -> str:
    told = sentences(tx, scenario.trigger, scenario.asked, scenario.conditions, scenario.steps)
    parts = [told.trigger, told.conditions, "; ".join(each.said for each in told.steps if not each.depth)]
    return " → ".join(filter(None, parts))


@query("scenario.manage")
def see_scenario(tx: Tx, scenario_id: int) -> ScenarioView:
    """One scenario. Raises NotFound."""
    row = tx.need(Scenario, scenario_id)
    owner = tx.find(Employee, row.owner_id)
    told = sentences(tx, row.trigger, row.asked, row.conditions, row.steps)
    return ScenarioView(
        scenario_id, row.name, row.is_on, row.version, row.trigger, row.asked, row.conditions, row.steps,
        owner.name if owner else "", told,
    )  # fmt: skip


@query("scenario.manage")
def say_scenario(
    tx: Tx, trigger: str, asked: dict[str, Any], conditions: dict[str, Any], steps: list[dict[str, Any]]
) -> Sentences:
    """The words of one that is being put together; what it says must have been read before."""
    return sentences(tx, trigger, asked, conditions, steps)


def sentences(
    tx: Tx, trigger: str, asked: dict[str, Any], conditions: dict[str, Any], steps: list[dict[str, Any]]
) -> Sentences:
    """A scenario in the reader's language."""
    return Sentences(say_trigger(tx, trigger, asked), say_conditions(tx, conditions), list(say_steps(tx, steps)))


@query("scenario.start")
def list_startable(tx: Tx, card: str) -> list[tuple[int, str]]:
    """Scenarios that can be begun by hand on a kind of card, as (id, name)."""
    row: Any = Scenario
    wanted = select(row.id, row.name).where(row.is_on, row.trigger == "by_hand", row.card == card)
    return [(each.id, each.name) for each in tx.all(wanted.order_by(row.name))]

"""Runs of scenarios with their steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm_app.cards.kinds import need_card
from crm_app.core.door import Tx, query
from crm_app.core.errors import NotFound
from crm_app.core.i18n import text
from crm_app.core.policy import past_the_policies
from crm_app.scenarios.models import Scenario, ScenarioRun, ScenarioStep
from crm_app.scenarios.words import say_step

MOST_RUNS = 50


@dataclass(frozen=True)
class StepRow:
    """A step that was done, or refused. came: what of it came, in words."""

    number: int
    said: str
    state: str
    came: str
    tries: int
    at: datetime


@dataclass(frozen=True)
class RunRow:
    """A run. title: of its card; "" for one that the reader does not see. next: what is done next, in words."""

    id: int
    scenario: str
    card: str
    card_id: int
    title: str
    state: str
    came: str
    began_at: datetime
    wakes_at: datetime | None
    next: str
    steps: list[StepRow]


@query("scenario.manage")
def list_runs(tx: Tx, scenario_id: int = 0, state: str = "", before_id: int = 0) -> list[RunRow]:
    """The latest runs, of one scenario or of all. before_id: those that are older than it."""
    row: Any = ScenarioRun
    wanted = select(ScenarioRun).order_by(row.id.desc()).limit(MOST_RUNS)
    for is_asked, condition in (
        (scenario_id, row.scenario_id == scenario_id),
        (state, row.state == state),
        (before_id, row.id < before_id),
    ):
        wanted = wanted.where(condition) if is_asked else wanted
    return _rows(tx, tx.all(wanted))


@query("scenario.start")
def runs_of_card(tx: Tx, card: str, card_id: int) -> list[RunRow]:
    """The latest runs for a card that one sees, without what they did."""
    need_card(tx, card, card_id)
    row: Any = ScenarioRun
    with past_the_policies(tx.session):
        wanted = select(ScenarioRun).where(row.card == card, row.card_id == card_id).order_by(row.id.desc()).limit(10)
        return _rows(tx, tx.all(wanted), with_steps=False)


def _rows(tx: Tx, runs: list[ScenarioRun], *, with_steps: bool = True) -> list[RunRow]:
    names = {each.id: each.name for each in tx.all(select(Scenario))}
    steps: dict[int, list[StepRow]] = {}
    step: Any = ScenarioStep
    ids = [each.id for each in runs] if with_steps else []
    for each in tx.all(select(ScenarioStep).where(step.run_id.in_(ids)).order_by(step.number)) if ids else []:
        came = _came(tx, each.outcome)
        told = StepRow(each.number, say_step(tx, each.do, each.asked), each.state, came, each.tries, each.began_at)
        steps.setdefault(each.run_id, []).append(told)
    return [
        RunRow(
            each.id or 0, names.get(each.scenario_id, ""), each.card, each.card_id, _title(tx, each), each.state,
            _came(tx, each.outcome), each.began_at, each.wakes_at, _next(tx, each) if with_steps else "",
            steps.get(each.id or 0, []),
        )
        for each in runs
    ]  # fmt: skip


def _next(tx: Tx, run: ScenarioRun) -> str:
    return say_step(tx, run.todo[0]["do"], run.todo[0]["asked"]) if run.todo else ""


def _title(tx: Tx, run: ScenarioRun) -> str:
    try:
        return str(need_card(tx, run.card, run.card_id).name)
    except NotFound:
        return ""


def _came(tx: Tx, outcome: Mapping[str, Any]) -> str:
    """What came of it with each reason, in the reader's language."""
    if not outcome:
        return ""
    said = text(outcome["key"], tx.actor.locale, **outcome["params"])
    reasons = [text(one["key"], tx.actor.locale, **one["params"]) for one in outcome.get("reasons", ())]
    return " ".join(dict.fromkeys([said, *reasons]))

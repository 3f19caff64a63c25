"""The steps of a run, one by one: each with the note of it in one transaction, so that none is lost or done twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, action
from crm_app.core.errors import BadInput, CrmError, RuleBroken
from crm_app.core.i18n import text
from crm_app.core.jobs import LeaseLost, Run, enqueue
from crm_app.core.policy import past_the_policies
from crm_app.core.settings import settings
from crm_app.scenarios.actions.beginning import RUN, told
from crm_app.scenarios.events import ScenarioFailed, ScenarioStopped
from crm_app.scenarios.fitting import fits
from crm_app.scenarios.models import DONE, FAILED, RUNNING, STOPPED, WAITING, Scenario, ScenarioRun, ScenarioStep
from crm_app.scenarios.steps import Doing, Outcome, step_kinds

MOST_IN_AN_HOUR = 100
"""So many steps scenarios may do for one card within an hour: more of them chase each other."""
_HOUR = timedelta(hours=1)
_step: Any = ScenarioStep
_LATELY = (
    select(func.count())
    .select_from(ScenarioStep)
    .join(ScenarioRun, ScenarioRun.id == _step.run_id)
    .where(ScenarioRun.card == bindparam("card"), ScenarioRun.card_id == bindparam("card_id"))
    .where(_step.began_at > bindparam("since"))
)


@dataclass(frozen=True)
class StepDue:
    """A step that is to be done, by whose rights."""

    owner_id: int


@action("scenario.keep")
def next_step(tx: Tx, run: Run, run_id: int) -> StepDue | None:
    """Whose step is next; None where nothing is left to do now, and the job is closed, or put off."""
    under_way = tx.find(ScenarioRun, run_id)
    if under_way is None or under_way.state not in (RUNNING, WAITING):
        run.finish(tx)
        return None
    if under_way.state == WAITING and not _wakes(tx, run, under_way):
        return None
    if not under_way.todo:
        run.finish(tx)
        _end(tx, under_way, DONE, {})
        return None
    run.hold(tx)
    return StepDue(under_way.owner_id)


def _wakes(tx: Tx, run: Run, under_way: ScenarioRun) -> bool:
    """Whether a run that waits goes on: it is time, and the card still fits the scenario's conditions."""
    if under_way.wakes_at is not None and under_way.wakes_at > tx.now:
        run.postpone(tx, under_way.wakes_at)
        return False
    scenario = tx.need(Scenario, under_way.scenario_id)
    refused: CrmError | None = None
    try:
        if not fits(tx, under_way.card, under_way.card_id, scenario.conditions):
            refused = RuleBroken("scenarios.error.fits_no_more")
    except BadInput as error:
        refused = error
    under_way.wakes_at = None
    if refused is None:
        under_way.state = RUNNING
        return True
    run.finish(tx)
    _end(tx, under_way, STOPPED, told(refused))
    return False


@action(LOGGED_IN)
def carry_out_step(tx: Tx, run: Run, run_id: int) -> None:
    """Do the next step of a run as its owner. Raises CrmError where it is refused: nothing of it is kept then."""
    with past_the_policies(tx.session):
        run.hold(tx)
        under_way = tx.need(ScenarioRun, run_id)
        if under_way.state != RUNNING or not under_way.todo:
            raise LeaseLost
        scenario = tx.need(Scenario, under_way.scenario_id)
        _check_guard(tx, under_way)
    step = under_way.todo[0]
    kind = step_kinds().get(step["do"])
    if kind is None:
        raise RuleBroken("scenarios.error.no_such_step")
    outcome = kind.do(Doing(tx, under_way.card, under_way.card_id, step["asked"], step, scenario.name))
    tx.session.flush()
    with past_the_policies(tx.session):
        run.hold(tx, {"step": under_way.steps_done + 1})
        _note(tx, under_way, step, DONE, {"key": outcome.key, "params": outcome.params})
        _go_on(under_way, outcome)
        tx.announce(f"scenario:{under_way.scenario_id}")
        tx.session.flush()


def _check_guard(tx: Tx, under_way: ScenarioRun) -> None:
    done = tx.scalar(_LATELY, card=under_way.card, card_id=under_way.card_id, since=tx.now - _HOUR)
    if done >= MOST_IN_AN_HOUR:
        raise RuleBroken("scenarios.error.too_many", most=MOST_IN_AN_HOUR)


def _go_on(under_way: ScenarioRun, outcome: Outcome) -> None:
    under_way.todo = [] if outcome.ends else [*outcome.first, *under_way.todo[1:]]
    under_way.steps_done += 1
    if outcome.wakes_at is not None:
        under_way.state, under_way.wakes_at = WAITING, outcome.wakes_at


def _note(tx: Tx, under_way: ScenarioRun, step: dict[str, Any], state: str, outcome: dict[str, Any]) -> None:
    number = under_way.steps_done + 1
    known = tx.one(select(ScenarioStep).where(_step.run_id == under_way.id, _step.number == number))
    if known is None:
        row = ScenarioStep(run_id=under_way.id or 0, number=number, do=step["do"], asked=step["asked"], state=state,
                           outcome=outcome, began_at=tx.now, ended_at=tx.now)  # fmt: skip
        tx.session.add(row)
        return
    known.state, known.outcome, known.ended_at, known.tries = state, outcome, tx.now, known.tries + 1


@action("scenario.keep")
def note_refusal(tx: Tx, run: Run, run_id: int, refusal: dict[str, Any]) -> None:
    """A step was refused: its result is the refusal with its reasons, and the run stands there until it is retried."""
    run.finish(tx)
    under_way = tx.find(ScenarioRun, run_id)
    if under_way is None or under_way.state != RUNNING or not under_way.todo:
        return
    _note(tx, under_way, under_way.todo[0], FAILED, refusal)
    _end(tx, under_way, FAILED, refusal)


def _end(tx: Tx, under_way: ScenarioRun, state: str, outcome: dict[str, Any]) -> None:
    under_way.state, under_way.outcome, under_way.ended_at, under_way.wakes_at = state, outcome, tx.now, None
    tx.announce(f"scenario:{under_way.scenario_id}", f"{under_way.card}:{under_way.card_id}")
    facts: dict[str, Any] = {FAILED: ScenarioFailed, STOPPED: ScenarioStopped}
    if state not in facts:
        return
    scenario = tx.need(Scenario, under_way.scenario_id)
    why = text(outcome["key"], settings().locale, **outcome["params"])
    about = {"scenario_id": under_way.scenario_id, "scenario": scenario.name}
    tx.record(facts[state](kind=under_way.card, card_id=under_way.card_id, why=why, **about))


@action("scenario.manage")
def stop_run(tx: Tx, run_id: int) -> None:
    """End a run where it is. Raises RuleBroken where it has ended."""
    under_way = tx.need(ScenarioRun, run_id)
    if under_way.state not in (RUNNING, WAITING):
        raise RuleBroken("scenarios.error.over")
    _end(tx, under_way, STOPPED, {"key": "scenarios.came.stopped", "params": {"who": tx.actor.name}})


@action("scenario.manage")
def retry_run(tx: Tx, run_id: int) -> None:
    """Go on from the step that failed. Raises RuleBroken where none did."""
    under_way = tx.need(ScenarioRun, run_id)
    if under_way.state != FAILED or not under_way.todo:
        raise RuleBroken("scenarios.error.not_failed")
    under_way.state, under_way.outcome, under_way.ended_at = RUNNING, {}, None
    under_way.owner_id = tx.need(Scenario, under_way.scenario_id).owner_id
    enqueue(tx, RUN, key=f"scenario-run:{run_id}", run_id=run_id)
    tx.announce(f"scenario:{under_way.scenario_id}")

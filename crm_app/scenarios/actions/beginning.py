"""A run begins: by a fact that sets its scenario off, or by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select

from crm_app.cards.kinds import need_card
from crm_app.core.door import Tx, action
from crm_app.core.errors import BadInput, CrmError, RuleBroken
from crm_app.core.events import Fact
from crm_app.core.jobs import enqueue
from crm_app.core.policy import past_the_policies
from crm_app.scenarios.events import ScenarioBegan
from crm_app.scenarios.fitting import fits
from crm_app.scenarios.models import FAILED, Scenario, ScenarioRun
from crm_app.scenarios.triggers import triggers

RUN = "scenarios.run"
BY_HAND = "by_hand"
VIA = "scenario:"
"""By what door the facts of a run come; behind it stands the run's id."""
DEEPEST_CHAIN = 5
_ON: Any = select(Scenario.id, Scenario.trigger, Scenario.asked, Scenario.card).where(
    Scenario.is_on, Scenario.trigger.in_(bindparam("triggers", expanding=True))
)


def set_off(tx: Tx, facts: Mapping[int, Fact]) -> dict[int, list[int]]:
    """By the places of facts that set scenarios off, their ids. One question of an index, however many there are."""
    asked = {
        place: [each for each in triggers().values() if isinstance(fact, each.facts)] for place, fact in facts.items()
    }
    keys = sorted({each.key for kinds in asked.values() for each in kinds})
    if not keys:
        return {}
    with past_the_policies(tx.session), tx.reading():
        rows = tx.all(_ON, triggers=keys)
    found: dict[int, list[int]] = {}
    for place, kinds in asked.items():
        by_key, fact = {each.key: each for each in kinds}, facts[place]
        fitting = [row for row in rows if row.trigger in by_key and row.card == fact.card]
        ids = [row.id for row in fitting if by_key[row.trigger].fits(fact, row.asked)]
        if ids:
            found[place] = ids
    return found


def begin_runs(tx: Tx, fact: Fact) -> None:
    """Begin what a fact sets off, for a card that fits: by SYSTEM, once for each fact and scenario."""
    assert tx.cause is not None
    depth = _depth(tx, tx.cause.via)
    for scenario_id in set_off(tx, {0: fact}).get(0, []):
        scenario = tx.need(Scenario, scenario_id)
        try:
            if fits(tx, scenario.card, fact.card_id, scenario.conditions):
                begin(tx, scenario, fact.card_id, f"{scenario_id}:fact:{tx.cause.id}", depth)
        except BadInput as refused:  # it asks about what is not there any more
            begin(tx, scenario, fact.card_id, f"{scenario_id}:fact:{tx.cause.id}", depth, refused)


def begin(
    tx: Tx, scenario: Scenario, card_id: int, key: str, depth: int, refused: CrmError | None = None
) -> ScenarioRun:
    """Write a run, and have the worker do it: one that may not go on stands as failed at once."""
    if depth > DEEPEST_CHAIN:
        refused = RuleBroken("scenarios.error.chain", most=DEEPEST_CHAIN)
    run = ScenarioRun(
        scenario_id=scenario.id or 0, key=key, card=scenario.card, card_id=card_id, owner_id=scenario.owner_id,
        depth=depth, todo=scenario.steps, began_at=tx.now,
    )  # fmt: skip
    if refused is not None:
        run.state, run.ended_at, run.outcome = FAILED, tx.now, told(refused)
    tx.add(run)
    if refused is None:
        enqueue(tx, RUN, key=f"scenario-run:{run.id}", run_id=run.id)
    about = {"scenario_id": run.scenario_id, "scenario": scenario.name}
    tx.record(ScenarioBegan(kind=run.card, card_id=card_id, **about))
    return run


def told(refused: CrmError) -> dict[str, Any]:
    """A refusal as it is kept, to be said in the reader's language."""
    each = [{"key": one.key or one.code, "params": _plain(one.params)} for one in refused.reasons]
    return {"key": refused.key, "params": _plain(refused.params), "reasons": each}


def _plain(params: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in params.items()}


def _depth(tx: Tx, via: str) -> int:
    """How deep a run would stand that follows from a fact."""
    number = via.removeprefix(VIA)
    if number == via or not number.isdigit():
        return 1
    parent = tx.find(ScenarioRun, int(number))
    return 1 if parent is None else parent.depth + 1


@action("scenario.start")
def start_scenario(tx: Tx, scenario_id: int, card: str, card_id: int) -> ScenarioRun:
    """Begin by hand what is meant for it, on a card that one sees. Raises RuleBroken where the card does not fit."""
    need_card(tx, card, card_id)
    scenario = tx.need(Scenario, scenario_id)
    if scenario.trigger != BY_HAND or scenario.card != card or not scenario.is_on:
        raise RuleBroken("scenarios.error.not_by_hand")
    if not fits(tx, card, card_id, scenario.conditions):
        raise RuleBroken("scenarios.error.fits_not")
    with past_the_policies(tx.session):
        run = begin(tx, scenario, card_id, f"{scenario_id}:hand:{tx.actor.id}:{tx.now.isoformat()}", 1)
        tx.session.flush()
    return run

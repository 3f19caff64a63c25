"""What makes no sense in a scenario that is put together, before it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from crm_app.access.models import Employee
from crm_app.cards.filters import Filter, compile_filter
from crm_app.core.door import Tx
from crm_app.core.errors import BadInput
from crm_app.pipelines.approvers import asked_by, speaks_of_oneself
from crm_app.pipelines.models import DEAL, Pipeline, Stage
from crm_app.scenarios.asks import Ask, read
from crm_app.scenarios.drafts import ScenarioDraft
from crm_app.scenarios.steps import step_kinds
from crm_app.scenarios.triggers import triggers

CARD = DEAL
MOST_STEPS, DEEPEST, LONGEST_NAME = 50, 3, 200
WAYS = ("then", "otherwise")
"""Where the steps of a branch stand."""


def read_scenario(tx: Tx, draft: ScenarioDraft) -> dict[str, Any]:
    """The values that are kept. Raises BadInput: field "steps.2.stage" is of the third step, counted as they stand."""
    name = draft.name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadInput("scenarios.error.name", field="name")
    trigger = triggers().get(draft.trigger)
    if trigger is None:
        raise BadInput("scenarios.error.trigger", field="trigger")
    return {
        "name": name,
        "is_on": draft.is_on,
        "trigger": trigger.key,
        "asked": _asked(tx, trigger.asks, draft.asked, "asked"),
        "conditions": _conditions(tx, draft.conditions, "conditions"),
        "steps": _Reader(tx).steps(draft.steps, 0),
    }


class _Reader:
    def __init__(self, tx: Tx) -> None:
        self.tx = tx
        self.count = 0

    def steps(self, told: Any, depth: int) -> list[dict[str, Any]]:
        if not isinstance(told, list) or depth > DEEPEST:
            raise BadInput("scenarios.error.steps", field="steps", most=MOST_STEPS)
        return [self._step(each, depth) for each in told]

    def _step(self, told: Any, depth: int) -> dict[str, Any]:
        self.count += 1
        kind = step_kinds().get(told.get("do", "")) if isinstance(told, dict) and _is_text(told.get("do")) else None
        if kind is None or self.count > MOST_STEPS or told.keys() - {"do", "asked", *WAYS}:
            raise BadInput("scenarios.error.steps", field="steps", most=MOST_STEPS)
        step: dict[str, Any] = {
            "do": kind.key,
            "asked": _asked(self.tx, kind.asks, told.get("asked", {}), f"steps.{self.count - 1}"),
        }
        if kind.branches:
            step |= {way: self.steps(told.get(way, []), depth + 1) for way in WAYS}
        return step


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _asked(tx: Tx, asks: Sequence[Ask], told: Any, where: str) -> dict[str, Any]:
    if not isinstance(told, Mapping) or told.keys() - {ask.name for ask in asks}:
        raise BadInput("scenarios.error.asked", field=where)
    kept = {}
    for ask in asks:
        field = f"{where}.{ask.name}"
        try:
            kept[ask.name] = read(ask, told.get(ask.name, {} if ask.kind == "conditions" else ""))
        except (TypeError, ValueError):
            raise BadInput("scenarios.error.asked", field=field) from None
        _check_there(tx, ask, kept[ask.name], field)
    return kept


def _check_there(tx: Tx, ask: Ask, value: Any, field: str) -> None:
    """Raises BadInput for a stage or an employee who is not there, and for conditions that can't be asked."""
    if ask.kind == "conditions":
        _conditions(tx, value, field)
    stage: Any = Stage
    way: Any = Pipeline
    if ask.kind == "stage":
        wanted = select(stage.id).join(way, way.id == stage.pipeline_id)
        if tx.scalar(wanted.where(stage.id == value, way.card == CARD)) is None:
            raise BadInput("scenarios.error.stage", field=field)
    if ask.kind == "employee" and isinstance(value, int):
        employee = tx.find(Employee, value)
        if employee is None or employee.disabled_at is not None:
            raise BadInput("scenarios.error.employee", field=field)


def _conditions(tx: Tx, conditions: Filter, field: str) -> Filter:
    compile_filter(tx, conditions, asked_by(tx, CARD, conditions), CARD)
    if speaks_of_oneself(conditions):
        raise BadInput("pipelines.error.approval_me", field=field)
    return conditions

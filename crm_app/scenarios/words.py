"""Scenarios in sentences that can be read aloud, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_app.access.models import Employee
from crm_app.cards.filter_words import describe
from crm_app.cards.lists import LISTS, asked_of
from crm_app.core.door import Tx
from crm_app.core.errors import BadInput
from crm_app.core.i18n import text
from crm_app.pipelines.approvers import asked_by
from crm_app.pipelines.models import Pipeline, Stage
from crm_app.scenarios.asks import Ask
from crm_app.scenarios.plan_reading import CARD, WAYS
from crm_app.scenarios.steps import step_kinds
from crm_app.scenarios.triggers import triggers

Step = dict[str, Any]


@dataclass(frozen=True)
class StepWords:
    """A step in words. path: where it stands, "2" or "2.then.0"; depth: in how many branches.

    way: "then" or "otherwise" for the first place of a branch, which has no step of its own; "" for a step.
    """

    path: str
    depth: int
    do: str
    said: str
    way: str = ""


def say_trigger(tx: Tx, key: str, asked: Mapping[str, Any]) -> str:
    """When it begins: "Когда сделка входит на этап «Оплата»"."""
    trigger = triggers().get(key)
    if trigger is None:
        return text("scenarios.say.gone", tx.actor.locale)
    return text(f"scenarios.say.when.{key}", tx.actor.locale, **_params(tx, trigger.asks, asked))


def say_conditions(tx: Tx, conditions: Mapping[str, Any]) -> str:
    """Which cards, as the list says it; "" for all of them."""
    if not conditions:
        return ""
    try:
        return describe(tx, dict(conditions), asked_by(tx, CARD, dict(conditions)), CARD)
    except BadInput as error:
        return error.text(tx.actor.locale)


def say_step(tx: Tx, do: str, asked: Mapping[str, Any]) -> str:
    """What is done: "Поставить задачу «Отгрузить» ответственному"."""
    kind = step_kinds().get(do)
    if kind is None:
        return text("scenarios.say.gone", tx.actor.locale)
    params = _params(tx, kind.asks, asked) | {"n": asked.get("days", "")}
    left_out = [ask.name for ask in kind.asks if not ask.is_needed and asked.get(ask.name, "") == ""]
    key = f"scenarios.say.{do}.without_{left_out[0]}" if left_out else f"scenarios.say.{do}"
    if do == "wait":
        params["span"] = text(f"scenarios.say.span.{asked['unit']}", tx.actor.locale, n=asked["count"])
    return text(key, tx.actor.locale, **params)


def say_steps(tx: Tx, steps: Sequence[Step], head: str = "", depth: int = 0) -> Iterator[StepWords]:
    """Each step in the order in which they are read, and where the ways of a branch begin."""
    for place, step in enumerate(steps):
        path = f"{head}{place}"
        yield StepWords(path, depth, step["do"], say_step(tx, step["do"], step["asked"]))
        for way in WAYS if "then" in step else ():
            yield StepWords(f"{path}.{way}", depth + 1, "", text(f"scenarios.say.{way}", tx.actor.locale), way)
            yield from say_steps(tx, step[way], f"{path}.{way}.", depth + 1)


def _params(tx: Tx, asks: Sequence[Ask], asked: Mapping[str, Any]) -> dict[str, Any]:
    return {ask.name: _said(tx, ask, asked.get(ask.name, "")) for ask in asks}


def _said(tx: Tx, ask: Ask, value: Any) -> Any:
    gone = text("scenarios.say.gone", tx.actor.locale)
    if ask.kind == "stage":
        stage = tx.find(Stage, value)
        pipeline = tx.find(Pipeline, stage.pipeline_id) if stage else None
        return f"{pipeline.name} → {stage.name}" if stage and pipeline else gone
    if ask.kind == "employee":
        if value == "responsible":
            return text("scenarios.say.responsible", tx.actor.locale)
        employee = tx.find(Employee, value) if isinstance(value, int) else None
        return employee.name if employee else gone
    if ask.kind in ("field", "changed"):
        return _field(tx, str(value))
    if ask.kind == "conditions":
        return say_conditions(tx, value) or text("scenarios.say.any", tx.actor.locale)
    return value


def _field(tx: Tx, name: str) -> str:
    asked = asked_of(tx, LISTS[CARD], {"all": [{"field": name}]})
    return text(asked[name].label, tx.actor.locale) if name in asked else name

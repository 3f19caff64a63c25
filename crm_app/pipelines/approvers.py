"""Who may be asked for approval, and what of rules has to be looked up: their conditions, and who they name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from crm_app.access.models import Employee, Role
from crm_app.cards.filter_words import describe
from crm_app.cards.filters import ME, Fields, Filter, compile_filter
from crm_app.cards.lists import LISTS, asked_of
from crm_app.core.door import Tx, query
from crm_app.core.errors import BadInput, Reason
from crm_app.core.i18n import text
from crm_app.pipelines.approval_rules import HEAD, NOT_ASKED
from crm_app.pipelines.drafts import PipelinePlan
from crm_app.pipelines.models import Pipeline
from crm_app.pipelines.queries import stages_of


def asked_by(tx: Tx, card: str, conditions: Filter) -> Fields:
    """What a rule's conditions may ask about: as the list is filtered, the company's own fields too."""
    asked = asked_of(tx, LISTS[card], conditions)
    return {name: field for name, field in asked.items() if name not in NOT_ASKED}


def check_asked(tx: Tx, plan: PipelinePlan, card: str) -> None:
    """Raises BadInput for conditions that can't be asked, and for approvers who are not there."""
    reasons: list[Reason] = []
    known = set(_names(tx, with_closed=True)) if plan.approvals else set()
    for place, rule in enumerate(plan.approvals):
        try:
            compile_filter(tx, rule.conditions, asked_by(tx, card, rule.conditions), card)
        except BadInput as error:
            reasons += [Reason(one.code, f"approvals.{place}.conditions", one.params) for one in error.reasons]
        if speaks_of_oneself(rule.conditions):
            reasons.append(Reason("pipelines.error.approval_me", f"approvals.{place}.conditions"))
        if not {*rule.approvers, *filter(None, [rule.substitute])} <= known:
            reasons.append(Reason("pipelines.error.approvers", f"approvals.{place}.approvers"))
    if reasons:
        raise BadInput(reasons[0].code, reasons=reasons, **reasons[0].params)


def speaks_of_oneself(conditions: object) -> bool:
    """Whether a filter asks about whoever asks it: in a rule that would be everybody and nobody."""
    if isinstance(conditions, list):
        return any(map(speaks_of_oneself, conditions))
    if not isinstance(conditions, dict):
        return False
    value = conditions.get("value")
    if "field" in conditions:
        return value == ME or (isinstance(value, list) and ME in value)
    return any(map(speaks_of_oneself, conditions.values()))


@dataclass(frozen=True)
class RuleWords:
    """A rule of approval in sentences that can be read aloud. key: of the rule; errors: none of its own."""

    key: int
    said: str


@query("pipeline.change")
def list_approvers(tx: Tx) -> list[tuple[str, str]]:
    """Who may be named in a rule, as (word of the plan, name): the head, roles, and whoever works here."""
    return list(_names(tx).items())


@query("pipeline.change")
def say_approvals(tx: Tx, pipeline_id: int) -> list[RuleWords]:
    """The rules of approval of a pipeline in the reader's language, in their order."""
    pipeline = tx.need(Pipeline, pipeline_id)
    names = _names(tx, with_closed=True)
    stages = {stage.id: stage.name for stage in stages_of(tx, pipeline_id)}
    return [RuleWords(rule["key"], _said(tx, pipeline, rule, stages, names)) for rule in pipeline.approvals]


def _said(tx: Tx, pipeline: Pipeline, rule: dict[str, Any], stages: Mapping[Any, str], names: Mapping[str, str]) -> str:
    locale = tx.actor.locale

    def say(key: str, **params: object) -> str:
        return text(f"pipelines.approval.say.{key}", locale, **params)

    gone = say("gone")
    there, here = stages.get(rule["to_id"], gone), stages.get(rule["from_id"], gone)
    begin = say("moves", here=here, there=there) if rule["from_id"] else say("enters", there=there)
    if rule["conditions"]:
        begin = say("if", begin=begin, conditions=_conditions(tx, pipeline.card, rule["conditions"]))
    people = ", ".join(names.get(who, gone) for who in rule["approvers"])
    count, needs = len(rule["approvers"]), rule["needs"]
    how = "one" if count == 1 else "any" if needs == 1 else "all" if needs in (0, count) else "some"
    sentences = [say(how, begin=begin, people=people, needs=needs, count=count)]
    if count > 1 and rule["in_turn"]:
        sentences.append(say("in_turn"))
    if rule["spares_responsible"]:
        sentences.append(say("spares"))
    if rule["limit"]:
        after = names.get(rule["substitute"], gone) if rule["substitute"] else ""
        limit = say(rule["unit"], n=rule["limit"])
        sentences.append(say("late_then", limit=limit, who=after) if after else say("late", limit=limit))
    if rule["words"]:
        sentences.append(say("words", words=rule["words"]))
    return " ".join(sentences)


def _conditions(tx: Tx, card: str, conditions: Filter) -> str:
    try:
        return describe(tx, conditions, asked_by(tx, card, conditions), card)
    except BadInput as error:
        return error.text(tx.actor.locale)


def _names(tx: Tx, *, with_closed: bool = False) -> dict[str, str]:
    """What approvers are called. with_closed: of those too who do not work here any more."""
    locale = tx.actor.locale
    told = {HEAD: text("pipelines.approval.head", locale)}
    role: Any = Role
    for key, name in tx.all(select(role.key, role.name).order_by(role.id)):
        told[f"role:{key}"] = text("pipelines.approval.role", locale, name=name)
    person: Any = Employee
    wanted = select(person.id, person.name).order_by(person.name)
    for employee_id, name in tx.all(wanted if with_closed else wanted.where(person.disabled_at.is_(None))):
        told[f"employee:{employee_id}"] = name
    return told

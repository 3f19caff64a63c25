"""What must be true of a pipeline's plan, and how two plans differ."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from crm_app.core.errors import BadInput, CrmError, Reason, RuleBroken
from crm_app.pipelines import approval_rules, field_rights, rules
from crm_app.pipelines.drafts import PipelinePlan, StagePlan
from crm_app.pipelines.rules import HOLD, KINDS, LOST, MOST_STAGES, NAMED, OPEN, WON, Step

_TOLD = ("kind", "colour", "probability", "rot_days", "rot_from", "wip_limit", "wip_rule", "required_fields")


def check_plan(plan: PipelinePlan, card: str, known: Collection[int]) -> None:
    """Raises BadInput with a reason for each thing that makes no sense: field "stages.2.name" is the third one's name.

    known: ids of stages that the plan may speak of.
    """
    reasons: list[Reason] = []
    _gather(reasons, "", lambda: rules.clean_name(plan.name))
    _gather(reasons, "", lambda: rules.check_order_rule(plan.order_rule))
    _gather(reasons, "", lambda: rules.check_touch_minutes(card, plan.touch_minutes))
    for place, each in enumerate(plan.stages):
        reasons += _of_stage(each, card, f"stages.{place}.", known)
    reasons += _of_all(plan)
    if not reasons:
        reasons += [*_of_transitions(plan, card), *approval_rules.wrong_in(plan, card)]
        reasons += field_rights.wrong_in(plan, card)
    if reasons:
        raise BadInput(reasons[0].code, reasons=reasons, **reasons[0].params)


def check_turned(stages: Iterable[Step]) -> None:
    """Raises RuleBroken where stages on which cards stand would become of another kind."""
    told = [Reason("pipelines.error.kind_in_use", f"kind.{one.id}", {"name": one.name}) for one in stages]
    if told:
        raise RuleBroken(told[0].code, reasons=told, **told[0].params)


def check_goes(stages: Iterable[Step], plan: PipelinePlan, goes: Mapping[int, int]) -> None:
    """Raises RuleBroken where it is not told where cards go: to a stage of the same kind, from hold an open one."""
    kinds = {each.key: each.kind for each in plan.stages}
    told = [
        Reason("pipelines.error.stage_in_use", f"goes.{one.id}", {"name": one.name})
        for one in stages
        if kinds.get(goes.get(one.id or 0, 0)) not in (one.kind, OPEN if one.kind == HOLD else one.kind)
    ]
    if told:
        raise RuleBroken(told[0].code, reasons=told, **told[0].params)


def in_places(stages: Sequence[StagePlan]) -> list[StagePlan]:
    """The open stages before those that end the way, each in its order."""
    return [each for each in stages if each.kind == OPEN] + [each for each in stages if each.kind != OPEN]


def changes(before: PipelinePlan, after: PipelinePlan) -> dict[str, list[Any]]:
    """How two plans differ, for the history: field → [old, new]; stages by their names."""
    found: dict[str, list[Any]] = {}
    for field in ("name", "order_rule", "touch_minutes"):
        found |= _changed(field, getattr(before, field), getattr(after, field))
    found |= _changed("stages", [one.name for one in before.stages], [one.name for one in after.stages])
    former = {one.key: one for one in before.stages}
    for one in after.stages:
        was = former.get(one.key, one)
        for field in _TOLD:
            found |= _changed(f"{one.name}: {field}", getattr(was, field), getattr(one, field))
    ways = [[way.model_dump() for way in plan.transitions] for plan in (before, after)]
    found |= _changed("transitions", len(ways[0]), len(ways[1]) if ways[0] != ways[1] else len(ways[0]))
    asks = [[rule.model_dump() for rule in plan.approvals] for plan in (before, after)]
    found |= {"approvals": [len(asks[0]), len(asks[1])]} if asks[0] != asks[1] else {}
    kept = [field_rights.told(plan) for plan in (before, after)]
    return found | ({"rights": [len(kept[0]), len(kept[1])]} if kept[0] != kept[1] else {})


def _changed(name: str, old: Any, new: Any) -> dict[str, list[Any]]:
    return {name: [old, new]} if old != new else {}


def _gather(reasons: list[Reason], prefix: str, check: Any) -> None:
    try:
        check()
    except CrmError as error:
        reasons += [Reason(one.code, prefix + one.field, one.params) for one in error.reasons]


def _of_stage(each: StagePlan, card: str, prefix: str, known: Collection[int]) -> list[Reason]:
    reasons: list[Reason] = []
    _gather(reasons, prefix, lambda: rules.clean_name(each.name))
    asks = each.required_fields
    _gather(reasons, prefix, lambda: rules.check_stage(each.colour, each.probability, asks, each.rot_days))
    _gather(reasons, prefix, lambda: rules.check_wip(card, each.rot_from, each.wip_limit, each.wip_rule))
    if asks:
        _gather(reasons, prefix, lambda: rules.check_asks(card))
    if each.kind not in KINDS:
        reasons.append(Reason("pipelines.error.bad_kind", prefix + "kind"))
    if each.key > 0 and each.key not in known:
        reasons.append(Reason("pipelines.error.no_such_stage", prefix + "key"))
    return reasons


def _of_all(plan: PipelinePlan) -> list[Reason]:
    reasons = []
    if len({each.key for each in plan.stages}) != len(plan.stages) or len(plan.stages) > MOST_STAGES:
        reasons.append(Reason("pipelines.error.bad_stages", "stages", {"most": MOST_STAGES}))
    names = [" ".join(each.name.split()).casefold() for each in plan.stages]
    for place, name in enumerate(names):
        if name and name in names[:place]:
            reasons.append(Reason("pipelines.error.same_name", f"stages.{place}.name"))
    if missing := [kind for kind in (OPEN, WON, LOST) if kind not in {each.kind for each in plan.stages}]:
        reasons.append(Reason(f"pipelines.error.needs_{missing[0]}", "stages"))
    return reasons


def _of_transitions(plan: PipelinePlan, card: str) -> list[Reason]:
    reasons: list[Reason] = []
    kinds = {each.key: each.kind for each in plan.stages}
    seen = set()
    for place, way in enumerate(plan.transitions if plan.order_rule == NAMED else []):
        pair = (way.from_key, way.to_key)
        is_sound = kinds.get(pair[0]) == OPEN and kinds.get(pair[1]) in (OPEN, WON) and pair[0] != pair[1]
        if not is_sound or pair in seen:
            reasons.append(Reason("pipelines.error.bad_transition", f"transitions.{place}"))
        seen.add(pair)
        asks = way.required_fields
        if (asks and card != "deal") or set(asks) - set(rules.FIELDS) or len(set(asks)) != len(asks):
            reasons.append(Reason("pipelines.error.bad_required_fields", f"transitions.{place}.required_fields"))
    return reasons

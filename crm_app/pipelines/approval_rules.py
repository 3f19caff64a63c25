"""What must be true of rules of approval, and who of some approvers has to say yes: pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

from crm_app.core.errors import Reason
from crm_app.pipelines.drafts import ApprovalPlan, PipelinePlan
from crm_app.pipelines.rules import OPEN

OWN = (
    "key", "conditions", "approvers", "needs", "in_turn", "limit", "unit", "substitute", "spares_responsible", "words",
)  # fmt: skip
"""What is stored of a rule beside its stages."""
HEAD = "head"
HOURS, DAYS = "hours", "days"
UNITS = (HOURS, DAYS)
NOT_ASKED = frozenset({"star", "group", "waits", "waits_for_me"})
"""What a rule may not ask about of all that lists are filtered by: what is each reader's own, and what waits
for approval already."""
MOST_RULES, MOST_APPROVERS, LONGEST_LIMIT, LONGEST_WORDS = 20, 20, 1_000, 500
_APPROVER = re.compile(r"employee:[1-9]\d{0,8}|role:[a-z0-9_-]{1,80}|head", re.ASCII)


def wrong_in(plan: PipelinePlan, card: str) -> list[Reason]:
    """What makes no sense in the rules of approval of a plan: field "approvals.0.approvers" is of the first one."""
    if plan.approvals and card != "deal":
        return [Reason("pipelines.error.other_cards", "approvals")]
    if len(plan.approvals) > MOST_RULES or len({rule.key for rule in plan.approvals}) < len(plan.approvals):
        return [Reason("pipelines.error.many_approvals", "approvals", {"most": MOST_RULES})]
    kinds = {each.key: each.kind for each in plan.stages}
    reasons = []
    for place, rule in enumerate(plan.approvals):
        wrong = _wrong_in(rule, kinds)
        reasons += [Reason(code, f"approvals.{place}.{field}") for field, code in wrong.items()]
    return reasons


def _wrong_in(rule: ApprovalPlan, kinds: dict[int, str]) -> dict[str, str]:
    wrong = {}
    is_from = rule.from_key == 0 or (kinds.get(rule.from_key) == OPEN and rule.from_key != rule.to_key)
    if rule.to_key not in kinds or not is_from:
        wrong["to_key"] = "pipelines.error.approval_stage"
    named = rule.approvers
    if not 0 < len(named) <= MOST_APPROVERS or len(set(named)) < len(named) or not all(map(_APPROVER.fullmatch, named)):
        wrong["approvers"] = "pipelines.error.approvers"
    if not 0 <= rule.needs <= len(named):
        wrong["needs"] = "pipelines.error.approval_needs"
    if not 0 <= rule.limit <= LONGEST_LIMIT or rule.unit not in UNITS:
        wrong["limit"] = "pipelines.error.approval_limit"
    if rule.substitute and not _APPROVER.fullmatch(rule.substitute):
        wrong["substitute"] = "pipelines.error.approvers"
    if len(rule.words) > LONGEST_WORDS:
        wrong["words"] = "pipelines.error.approval_words"
    return wrong


def guards(rules: Collection[dict[str, Any]], from_id: int, to_id: int) -> list[dict[str, Any]]:
    """The rules that guard the way from a stage to another one. from_id: 0 for a card that begins there."""
    if from_id == to_id:
        return []
    return [rule for rule in rules if rule["to_id"] == to_id and rule["from_id"] in (0, from_id)]


# ---- who has said what -----------------------------------------------------------------------------------------------

LATER, ASKED, APPROVED, REJECTED, VOID = "later", "asked", "approved", "rejected", "void"


class Step(Protocol):
    """What the rules need to know of what one approver of a rule is asked."""

    place: int
    state: str


@dataclass(frozen=True)
class Tally:
    """How far a rule has come. is_met: enough have approved; is_lost: there can't be enough any more."""

    is_met: bool
    is_lost: bool


def tally(steps: Collection[Step], needs: int) -> Tally:
    """needs: how many have to approve, 0 for all."""
    wanted = needs or len(steps)
    approved = sum(step.state == APPROVED for step in steps)
    rejected = sum(step.state == REJECTED for step in steps)
    return Tally(approved >= wanted, len(steps) - rejected < wanted)


def to_be_asked(steps: Collection[Step], needs: int, *, in_turn: bool) -> list[Step]:
    """Those whose turn it is and who have not been asked yet: of some in turn, the first, when nobody else is."""
    told = tally(steps, needs)
    if told.is_met or told.is_lost:
        return []
    later = sorted((step for step in steps if step.state == LATER), key=lambda step: step.place)
    if not in_turn:
        return later
    return [] if any(step.state == ASKED for step in steps) else later[:1]

"""Where a deal may go: the same answer for the board, the card, the API and the action itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from crm_app.access.models import Role
from crm_app.cards.rights import is_reached
from crm_app.cards.stage_fields import lacks_by_stage
from crm_app.core.actor import Actor
from crm_app.core.door import Tx, query
from crm_app.core.errors import Reason
from crm_app.core.i18n import LOCALES, text
from crm_app.core.policy import past_the_policies
from crm_app.deals import rules
from crm_app.deals.models import Deal, DealItem, DealPlan
from crm_app.deals.policy import may_change
from crm_app.deals.queries.due_approvals import needed
from crm_app.deals.queries.stays import loads_of
from crm_app.pipelines.models import Pipeline, Stage
from crm_app.pipelines.queries import stages_of
from crm_app.pipelines.rules import REFUSE, Drop, crowd


@dataclass(frozen=True)
class MoveRow:
    """What a drop on a stage would mean: "free", "needs", "approval" or "no", and why.

    may_override: only the order says no, and the actor may go past it, for a reason that they tell.
    """

    stage_id: int
    drop: Drop
    reasons: list[Reason]
    may_override: bool = False


@dataclass(frozen=True)
class Crossroads:
    """A deal's pipeline with its stages, and where the deal stands in it."""

    pipeline: Pipeline
    stages: Sequence[Stage]
    standing: rules.Standing

    def stage(self, stage_id: int) -> Stage | None:
        """A stage of this pipeline, or None."""
        return next((stage for stage in self.stages if stage.id == stage_id), None)


@query("deal.see")
def moves(tx: Tx, deal_id: int) -> list[MoveRow]:
    """For every stage of the deal's pipeline, in order: whether the deal may be dropped there."""
    deal = tx.need(Deal, deal_id)
    at = crossroads(tx, deal, None)
    right = _missing_right(tx, deal)
    if right is not None:
        return [MoveRow(stage.id or 0, "no", [right]) for stage in at.stages]
    may, may_override = abilities(tx.actor), tx.actor.may("deal.override")
    verdicts = [rules.check_entry(at.standing, at.pipeline, at.stages, stage, may) for stage in at.stages]
    return [
        MoveRow(stage.id or 0, verdict.drop, list(verdict.reasons), verdict.is_overridable and may_override)
        for stage, verdict in zip(at.stages, verdicts, strict=True)
    ]


def abilities(actor: Actor, *, overrides: bool = False) -> rules.Abilities:
    """What the actor may do besides moving. overrides: goes past the order now."""
    return rules.Abilities(actor.may("deal.reopen"), actor.may("deal.pass"), overrides)


def _missing_right(tx: Tx, deal: Deal) -> Reason | None:
    if not tx.actor.may("deal.move"):
        return Reason("core.error.forbidden")
    is_theirs = is_reached(tx.actor, "deal.move", deal) and may_change(tx.actor, deal)
    return None if is_theirs else Reason("core.error.not_yours")


def crossroads(tx: Tx, deal: Deal, bound_for: Sequence[int] | None = ()) -> Crossroads:
    """Where a stored deal stands. bound_for: the stages of which it is asked whether they need approval; None: all."""
    with tx.reading():
        pipeline, stages = tx.need(Pipeline, deal.pipeline_id), stages_of(tx, deal.pipeline_id)
    asked = {field for stage in stages for field in stage.required_fields}
    lacks = lacks_by_stage(tx, "deal", deal.fields, deal.pipeline_id, deal)
    wanted = [stage.id or 0 for stage in stages] if bound_for is None else bound_for
    filled, approvals = filled_fields(tx, deal, asked), needed(tx, deal, pipeline, wanted)
    crowds = crowds_of(tx, [stage for stage in stages if stage.id in wanted and stage.id != deal.stage_id])
    withheld = withheld_fields(tx, deal, pipeline, asked - filled)
    standing = rules.Standing(deal.stage_id, deal.return_stage_id, filled, lacks, approvals, crowds, withheld)
    return Crossroads(pipeline, stages, standing)


def crowds_of(tx: Tx, stages: Sequence[Stage], own: int = 0) -> dict[int, rules.Crowd]:
    """Which of some stages are full. own: how many deals to leave out of the count, as one that is just being added.

    Where one more would be refused, the stage is locked first: two that come at once are counted one after the other.
    """
    limited = [stage for stage in stages if stage.wip_limit]
    for stage in limited:
        if stage.wip_rule == REFUSE:
            tx.need(Stage, stage.id)
    loads = loads_of(tx, [stage.id or 0 for stage in limited])
    told = [(stage, crowd(stage, loads.get(stage.id or 0, 0) - own)) for stage in limited]
    return {stage.id or 0: rules.Crowd(reason, stage.wip_rule == REFUSE) for stage, reason in told if reason}


def withheld_fields(tx: Tx, deal: Deal, pipeline: Pipeline, names: set[str]) -> dict[str, Reason]:
    """Of some fields, those that the stage where a deal stands keeps the actor from filling in: and who may."""
    locked = tx.actor.locked_at.get("deal", {}).get(deal.stage_id, frozenset()) & names
    if not locked:
        return {}
    role: Any = Role
    kept = {(right["role"], right["field"]) for right in pipeline.rights if right["stage_id"] in (0, deal.stage_id)}
    with past_the_policies(tx.session):
        roles = tx.all(select(role.key, role.name).order_by(role.id))
    return {
        name: Reason(
            "deals.error.field_of_others",
            field=name,
            params={
                "name": {locale: text(f"field.deal.{name}", locale) for locale in LOCALES},
                "who": ", ".join(called for key, called in roles if (key, name) not in kept),
            },
        )
        for name in sorted(locked)
    }


def filled_fields(tx: Tx, deal: Deal, asked: set[str]) -> frozenset[str]:
    """Of the fields that stages ask for, those that have a value."""
    filled = {field for field in asked & {"amount", "client_id", "payment_method", "delivery"} if getattr(deal, field)}
    if "items" in asked and tx.one(select(DealItem.id).where(DealItem.deal_id == deal.id)) is not None:
        filled.add("items")
    if "next_action" in asked and has_plan(tx, deal.id or 0):
        filled.add("next_action")
    return frozenset(filled)


def has_plan(tx: Tx, deal_id: int) -> bool:
    """Whether an action is planned for a deal."""
    planned = select(DealPlan.id).where(DealPlan.deal_id == deal_id, DealPlan.done_at.is_(None))
    return tx.one(planned) is not None

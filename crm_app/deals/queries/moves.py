"""Where a deal may go: the same answer for the board, the card, the API and the action itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from crm_app.cards.rights import is_reached
from crm_app.cards.stage_fields import lacks_by_stage
from crm_app.core.actor import Actor
from crm_app.core.door import Tx, query
from crm_app.core.errors import Reason
from crm_app.deals import rules
from crm_app.deals.models import Deal, DealItem, DealPlan
from crm_app.deals.policy import may_change
from crm_app.pipelines.models import Pipeline, Stage
from crm_app.pipelines.queries import stages_of
from crm_app.pipelines.rules import Drop


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
    at = crossroads(tx, deal)
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


def crossroads(tx: Tx, deal: Deal) -> Crossroads:
    """Where a stored deal stands."""
    with tx.reading():
        pipeline, stages = tx.need(Pipeline, deal.pipeline_id), stages_of(tx, deal.pipeline_id)
    asked = {field for stage in stages for field in stage.required_fields}
    lacks = lacks_by_stage(tx, "deal", deal.fields, deal.pipeline_id)
    standing = rules.Standing(deal.stage_id, deal.return_stage_id, filled_fields(tx, deal, asked), lacks)
    return Crossroads(pipeline, stages, standing)


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
